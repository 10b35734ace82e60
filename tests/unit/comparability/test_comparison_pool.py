"""Questions that take long and questions that do not, before the same processes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from passerelle.comparability.processes.comparison_pool import ComparisonPool
from passerelle.comparability.questions import ComparisonQuestion, Question, ReportQuestion
from passerelle.errors import Overloaded
from passerelle.graph.processes.pool_statistics import PoolStatistics
from passerelle.graph.processes.process_pool import ProcessPool
from passerelle.records.path_questions import PathQuestion
from passerelle.settings import Settings

PAIR = ComparisonQuestion("a", "b", "bloc-exemption")
LONG: tuple[Question, ...] = (PathQuestion("a"), ReportQuestion(PAIR, "Ada Exemple", "2026-11-23", "pdf"))


def test_a_path_and_a_report_leave_a_process_to_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def ask(_: ComparisonPool, question: Question, language: str) -> bytes:
        if question in LONG:
            begun.release()
            assert go_on.wait(60)
        return language.encode()

    monkeypatch.setattr(ProcessPool, "__init__", lambda *_: None)
    monkeypatch.setattr(ProcessPool, "statistics", property(lambda _: PoolStatistics(0, 0, 0, 0, 0, 0)))
    monkeypatch.setattr(ComparisonPool, "_ask", ask)
    # of two processes one may search for long; one more question waits for it, and a third is refused
    pool = ComparisonPool(Path(), Settings(queue=1, comparison_seconds=60), processes=2)
    with ThreadPoolExecutor(2) as threads:
        long = [threads.submit(pool.answer, question, "fr") for question in LONG]
        assert begun.acquire(timeout=60)
        while not pool.statistics.waiting:
            assert not any(each.done() for each in long)
        assert not begun.acquire(blocking=False)
        assert pool.answer(PAIR, "en") == b"en"
        with pytest.raises(Overloaded):
            pool.answer(LONG[0], "fr")
        go_on.set()
        assert [each.result(60) for each in long] == [b"fr", b"fr"]
    assert pool.statistics.waiting == 0
