"""Who waits for a place at a remote engine gets it before who comes later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from passerelle.errors import Overloaded
from passerelle.graph.processes import waiting_line
from passerelle.graph.processes.pool_statistics import Loss
from passerelle.graph.remote.places import AskingPlaces


def test_nobody_overtakes_who_has_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_line, "_PATIENCE_SECONDS", -1.0)
    places, order = AskingPlaces(1, 2, 10.0), []

    def ask() -> None:
        places.take()
        order.append("waited")
        places.give_back(whole=True)

    places.take()
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(ask)
        while places.statistics.waiting == 0 and not waiting.done():
            pass
        places.give_back(whole=False, loss=Loss.ABANDONED)
        places.take()
        order.append("came later")
        places.give_back(whole=True)
        waiting.result()
    assert order == ["waited", "came later"]
    found = places.statistics
    assert (found.answered, found.failed, found.abandoned, found.waited, found.running) == (2, 1, 1, 2, 0)


def test_without_a_place_in_the_queue_a_question_is_refused() -> None:
    places = AskingPlaces(1, 0, 10.0)
    places.take()
    with pytest.raises(Overloaded):
        places.take()
