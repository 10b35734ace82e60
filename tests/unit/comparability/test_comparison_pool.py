"""Questions that take long and questions that do not, before the same processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest

from passerelle.comparability.processes import comparison_pool
from passerelle.comparability.processes.comparison_pool import ComparisonPool
from passerelle.comparability.processes.gate import Gate
from passerelle.comparability.questions import ComparisonQuestion, Question, ReportQuestion
from passerelle.errors import Overloaded
from passerelle.records.path_questions import PathQuestion, SurroundingsQuestion
from passerelle.settings import Settings

PAIR = ComparisonQuestion("a", "b", "bloc-exemption")
LONG: tuple[Question, ...] = (
    PathQuestion("a"),
    SurroundingsQuestion("a", 20),
    ReportQuestion(PAIR, "Ada Exemple", "2026-11-23", "pdf"),
)


class Process:
    """Stands in for a process; a question that takes long is answered when the test lets it be."""

    begun: ClassVar[threading.Semaphore]
    go_on: ClassVar[threading.Event]
    alive, lowered, expired = True, False, False
    expires = lower_at = float("inf")

    def __init__(self, release: Path, settings: Settings) -> None:
        pass

    def wait_until_ready(self) -> None:
        pass

    def deadline(self) -> float:
        return float("inf")

    def ask(self, question: Question, language: str, deadline: float) -> bytes:
        if question in LONG:
            Process.begun.release()
            assert Process.go_on.wait(60)
        return language.encode()

    def reap(self) -> None:
        pass


class WatchedGate(Gate):
    """Tells when somebody is about to wait; nobody else can enter from then on until they do."""

    asked: ClassVar[threading.Event]

    def __init__(self, places: int, room: Callable[[], bool], seconds: float, overloaded: str) -> None:
        def watched() -> bool:
            WatchedGate.asked.set()
            return room()

        super().__init__(places, watched, seconds, overloaded)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ComparisonPool]:
    """Two processes; one more may wait."""
    Process.begun, Process.go_on, WatchedGate.asked = threading.Semaphore(0), threading.Event(), threading.Event()
    monkeypatch.setattr(comparison_pool, "Gate", WatchedGate)
    monkeypatch.setattr(comparison_pool, "ComparisonProcess", Process)
    with ComparisonPool(Path(), Settings(queue=1, comparison_seconds=60), processes=2) as opened:
        yield opened


@pytest.mark.parametrize("question", LONG, ids=["path", "neighbours", "report"])
def test_what_takes_long_leaves_a_process_to_comparisons(pool: ComparisonPool, question: Question) -> None:
    with ThreadPoolExecutor(2) as threads:
        long = [threads.submit(pool.answer, question, "fr") for _ in range(2)]
        assert Process.begun.acquire(timeout=60)
        assert pool.answer(PAIR, "en") == b"en"
        assert not Process.begun.acquire(blocking=False)
        Process.go_on.set()
        assert [each.result(60) for each in long] == [b"fr", b"fr"]


def test_a_gate_lets_in_in_order_and_refuses_whom_there_is_no_room_for() -> None:
    entered = []

    def enter(name: str) -> None:
        with gate:
            entered.append(name)

    WatchedGate.asked = threading.Event()
    most = 1
    gate = WatchedGate(1, lambda: gate.waiting < most, 60, "comparison-overloaded")
    with ThreadPoolExecutor(1) as threads:
        with gate:
            waits = threads.submit(enter, "second")
            assert WatchedGate.asked.wait(60)
            with pytest.raises(Overloaded):
                enter("third")
            assert gate.waiting == 1
            most = 2
        # the place is free, and the second has it even where it has not woken up yet
        enter("fourth")
        waits.result(60)
    assert entered == ["second", "fourth"]
    assert gate.waiting == 0


def test_who_waits_at_the_gate_too_long_is_refused() -> None:
    gate = Gate(1, lambda: True, 0.01, "comparison-overloaded")
    with gate, pytest.raises(Overloaded), gate:
        pass
    with gate:
        assert gate.waiting == 0


def test_one_queue_holds_who_waits_at_the_gate_and_behind_it(pool: ComparisonPool) -> None:
    with ThreadPoolExecutor(2) as threads:
        long = [threads.submit(pool.answer, LONG[0], "fr")]
        assert Process.begun.acquire(timeout=60)
        long.append(threads.submit(pool.answer, LONG[1], "fr"))
        assert WatchedGate.asked.wait(60)
        with pytest.raises(Overloaded):
            pool.answer(LONG[2], "fr")
        # who waits at the gate holds the queue of one: where the second process is busy, a comparison is refused, too
        taken = pool.take()
        with pytest.raises(Overloaded):
            pool.answer(PAIR, "en")
        pool.give_back(taken, whole=True)
        assert pool.answer(PAIR, "en") == b"en"
        Process.go_on.set()
        assert [each.result(60) for each in long] == [b"fr", b"fr"]
    assert pool.statistics.waiting == 0
