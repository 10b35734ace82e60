"""Totals of process pools over releases: what was counted is never lost, and counted once."""

from __future__ import annotations

from passerelle.graph.processes.pool_statistics import PoolStatistics, Totals


class Pool:
    """A pool that did what it is told."""

    closed = False

    def __init__(self, running: int, idle: int, answered: int, timeouts: int) -> None:
        self.statistics = PoolStatistics(running, 0, idle, answered, 0, timeouts, timeouts=timeouts)


def test_a_pool_counts_while_it_ends_and_is_remembered_after_that() -> None:
    totals = Totals()
    first, second, past = Pool(1, 2, 10, 3), Pool(0, 4, 5, 0), Pool(0, 1, 2, 1)
    totals.follow(first)
    assert totals.statistics == first.statistics
    totals.follow(second)
    totals.beside(past)
    both = PoolStatistics(1, 0, 4, 17, 0, 4, timeouts=4)
    assert totals.statistics == both
    first.statistics = PoolStatistics(0, 0, 0, 11, 0, 3, timeouts=3)
    first.closed = past.closed = True
    ended = PoolStatistics(0, 0, 4, 18, 0, 4, timeouts=4)
    assert totals.statistics == ended
    assert totals.statistics == ended


def test_before_anything_is_served_there_is_nothing() -> None:
    assert Totals().statistics == PoolStatistics(0, 0, 0, 0, 0, 0)
