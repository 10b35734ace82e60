"""Precision, recall and reciprocal rank, worked out by hand."""

from __future__ import annotations

import pytest

from passerelle.linking.retrieval import measured

RANKED = [
    ["a", "b", "c"],  # wants a: first
    ["x", "y", "b", "c", "z", "q", "a"],  # wants a and b: b third, a seventh
    [],  # wants a: nothing proposed
    ["a"],  # wants nothing: not counted
]
WANTED: list[set[str]] = [{"a"}, {"a", "b"}, {"a"}, set()]


def test_measures_are_means_over_queries_that_want_something() -> None:
    found = measured(RANKED, WANTED)
    assert found is not None
    assert found.queries == 3
    assert found.precision_at_1 == pytest.approx(1 / 3)
    assert found.recall_at_5 == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert found.recall_at_10 == pytest.approx((1 + 1 + 0) / 3)
    assert found.mrr == pytest.approx((1 + 1 / 3 + 0) / 3)


def test_intervals_hold_the_mean_and_stay_the_same() -> None:
    found, again = measured(RANKED, WANTED), measured(RANKED, WANTED)
    assert found == again
    assert found is not None
    low, high = found.intervals["mrr"]
    assert 0 <= low <= found.mrr <= high <= 1


def test_what_comes_after_the_tenth_counts_as_not_found() -> None:
    found = measured([[str(number) for number in range(20)]], [{"10"}])
    assert found is not None
    assert (found.recall_at_10, found.mrr) == (0, 0)


def test_without_wants_there_is_nothing_to_measure() -> None:
    assert measured([["a"]], [set()]) is None
