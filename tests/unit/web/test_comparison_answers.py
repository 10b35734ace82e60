"""Which processes answer questions about units, and what a service without a release folder says."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest

from hand_made_comparison import MANIFEST
from passerelle.comparability.questions import Question, UnitQuestion
from passerelle.errors import DamagedRelease, NoComparison, Overloaded, WorkerLost
from passerelle.settings import Settings
from passerelle.web.comparisons import comparison_answers
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.releases.publication import Publication, Served


class Pool:
    """Stands in for processes; notes what happens to it."""

    opened: ClassVar[list[Pool]] = []

    def __init__(self, folder: Path, settings: Settings, *, processes: int, spares: int = 1) -> None:
        self.folder, self.processes, self.state = folder, processes, "open"
        Pool.opened.append(self)
        Pool.started(folder.name)

    @staticmethod
    def started(name: str) -> None:
        """What happens while the first process starts."""

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    def answer(self, question: Question, language: str) -> bytes:
        return self.folder.name.encode()

    def retire(self) -> None:
        self.state = "retired"

    def close(self) -> None:
        self.state = "closed"


class Current:
    current_identifier = "b"


def served(identifier: str, folder: Path | None) -> Served:
    return Served(replace(MANIFEST, identifier=identifier), folder, cast("Any", None))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> ComparisonAnswers:
    Pool.opened = []
    monkeypatch.setattr(comparison_answers, "ComparisonPool", Pool)
    return ComparisonAnswers(cast("Publication", Current()), Settings(comparison_workers=3))


def test_behind_a_remote_engine_units_are_not_compared(answers: ComparisonAnswers) -> None:
    with pytest.raises(NoComparison) as raised:
        answers.answer(served("b", None), UnitQuestion("x"), "en")
    assert raised.value.http_status == 501
    assert raised.value.remedy("fr")
    assert Pool.opened == []


def test_the_current_release_keeps_its_processes_until_another_takes_over(
    answers: ComparisonAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assert answers.answer(served("b", Path("b")), UnitQuestion("x"), "en") == b"b"
    assert [(each.folder.name, each.processes) for each in Pool.opened] == [("b", 3)]
    monkeypatch.setattr(Current, "current_identifier", "c")
    assert answers.answer(served("c", Path("c")), UnitQuestion("x"), "en") == b"c"
    assert [each.state for each in Pool.opened] == ["retired", "open"]


def test_an_older_release_never_takes_the_place_of_the_current_one(
    answers: ComparisonAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers.answer(served("b", Path("b")), UnitQuestion("x"), "en")
    monkeypatch.setattr(Current, "current_identifier", "c")
    for name in ("c", "b", "c", "b", "b"):
        assert answers.answer(served(name, Path(name)), UnitQuestion("x"), "en") == name.encode()
    assert [(each.folder.name, each.state) for each in Pool.opened] == [("b", "retired"), ("c", "open")]
    # when nobody has asked them anything for a while, processes of a release that was current end by themselves
    Pool.opened[0].close()
    assert answers.answer(served("b", Path("b")), UnitQuestion("x"), "en") == b"b"
    assert [(each.folder.name, each.processes) for each in Pool.opened] == [("b", 3), ("c", 3), ("b", 1)]


def test_who_asks_the_release_before_does_not_wait_for_the_next_to_start(
    answers: ComparisonAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers.answer(served("b", Path("b")), UnitQuestion("x"), "en")
    monkeypatch.setattr(Current, "current_identifier", "c")
    starting, go_on = threading.Event(), threading.Event()

    def wait(name: str) -> None:
        starting.set()
        assert go_on.wait(60)

    monkeypatch.setattr(Pool, "started", staticmethod(wait))
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(answers.answer, served("c", Path("c")), UnitQuestion("x"), "en") for _ in range(2)]
        assert starting.wait(60)
        old = threads.submit(answers.answer, served("b", Path("b")), UnitQuestion("x"), "en")
        assert old.result(60) == b"b"
        assert not any(each.done() for each in asked)
        go_on.set()
        assert [each.result(60) for each in asked] == [b"c", b"c"]
    assert [(each.folder.name, each.state) for each in Pool.opened] == [("b", "retired"), ("c", "open")]


@pytest.mark.parametrize("name", ["b", "a"], ids=["current", "past"])
def test_processes_that_start_on_the_way_out_are_ended(
    answers: ComparisonAnswers, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Pool, "started", staticmethod(lambda _: answers.close()))
    with pytest.raises(WorkerLost):
        answers.answer(served(name, Path(name)), UnitQuestion("x"), "en")
    assert [each.state for each in Pool.opened] == ["closed"]


@pytest.mark.parametrize("name", ["b", "a"], ids=["current", "past"])
def test_processes_that_do_not_start_are_not_started_for_each_question(
    answers: ComparisonAnswers, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(_: str) -> None:
        raise DamagedRelease("release-damaged", reason="x")

    monkeypatch.setattr(Pool, "started", staticmethod(fail))
    for _ in range(3):
        with pytest.raises(DamagedRelease):
            answers.answer(served(name, Path(name)), UnitQuestion("x"), "en")
    assert len(Pool.opened) == 1
    monkeypatch.setattr(Pool, "started", staticmethod(lambda _: None))
    assert answers.answer(served("0", Path("0")), UnitQuestion("x"), "en") == b"0"
    # some seconds later it is tried again
    monkeypatch.setattr(comparison_answers, "monotonic", lambda: float("inf"))
    assert answers.answer(served(name, Path(name)), UnitQuestion("x"), "en") == name.encode()


def test_who_waits_for_processes_that_start_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison_answers, "ComparisonPool", Pool)
    answers = ComparisonAnswers(cast("Publication", Current()), Settings(comparison_seconds=0.1))
    starting, go_on = threading.Event(), threading.Event()

    def wait(name: str) -> None:
        starting.set()
        assert go_on.wait(60)

    monkeypatch.setattr(Pool, "started", staticmethod(wait))
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(answers.answer, served("b", Path("b")), UnitQuestion("x"), "en")
        assert starting.wait(60)
        with pytest.raises(Overloaded):
            answers.answer(served("b", Path("b")), UnitQuestion("x"), "en")
        go_on.set()
        assert first.result(60) == b"b"


def test_one_past_release_at_a_time_has_a_process(answers: ComparisonAnswers) -> None:
    for name in ("b", "a", "a", "0"):
        assert answers.answer(served(name, Path(name)), UnitQuestion("x"), "en") == name.encode()
    # a retired process ends when nobody has asked it anything for a while
    assert [(each.folder.name, each.processes, each.state) for each in Pool.opened] == [
        ("b", 3, "open"),
        ("a", 1, "closed"),
        ("0", 1, "retired"),
    ]
    answers.close()
    assert {each.state for each in Pool.opened} == {"closed"}
