"""Validation processes: the limits, what a hostile document may not do, and the order of many answers."""

from __future__ import annotations

import errno
import logging
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from passerelle.errors import (
    CapacityError,
    DamagedRelease,
    InputError,
    Overloaded,
    PasserelleError,
    ValidationOutOfMemory,
    ValidationTimeout,
    WorkerLost,
)
from passerelle.settings import Settings
from passerelle.validation.credentials import worker_process
from passerelle.validation.credentials.many import Submission
from passerelle.validation.credentials.model import CredentialReport, Stage, Verdict
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.worker_chunks import Check, validate_many
from passerelle.validation.credentials.worker_pool import ValidationPool
from passerelle.validation.credentials.worker_process import WorkerOptions

OPTIONS = WorkerOptions(bytes=512 * 1024**2)
SHORT = replace(OPTIONS, seconds=0.5)
PLAIN = b"plain"


@pytest.fixture
def stand_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that do what the document says, instead of validating it."""
    monkeypatch.setattr(worker_process, "_SCRIPT", root / "tests" / "stand_in_worker.py")


@pytest.fixture
def pool(stand_in: None) -> Iterator[ValidationPool]:
    with ValidationPool(OPTIONS, workers=1, queue=4) as opened:
        yield opened


def ended(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def submission(name: str, content: bytes | InputError, size: int = 0) -> Submission:
    def load() -> bytes:
        if isinstance(content, InputError):
            raise content
        return content

    return Submission(name, size or (len(content) if isinstance(content, bytes) else 0), load)


def many(
    contents: Sequence[bytes | InputError], options: WorkerOptions = OPTIONS, jobs: int = 2
) -> list[CredentialReport]:
    submissions = [submission(f"{number}", content) for number, content in enumerate(contents)]
    with closing(validate_many(submissions, options, Check(stage=Stage.DRAFT), jobs)) as reports:
        return list(reports)


def test_options_and_names_reach_the_process_and_the_report_comes_back(pool: ValidationPool) -> None:
    report = pool.validate(PLAIN, "é\n.json", "application/json", profile="loq", stage=Stage.DRAFT)
    assert (report.name, report.verdict, report.stage, report.profile) == (
        "é\n.json",
        Verdict.VALID,
        Stage.DRAFT,
        "loq",
    )
    assert report.size == len(PLAIN)


def test_documents_and_reports_may_be_larger_than_a_pipe(pool: ValidationPool) -> None:
    assert pool.validate(b"plain " + b"x" * 5_000_000).size == 5_000_006
    assert len(pool.validate(b"big 5000000").profile) == 5_000_000


def test_a_document_may_neither_write_nor_connect_nor_reach_another_process(
    pool: ValidationPool, tmp_path: Path
) -> None:
    (tmp_path / "there").write_bytes(b"x")
    told = pool.validate(f"try {tmp_path}".encode()).profile
    of_files = ("write", "append", "make", "remove", "rename", "rights", "times", "attribute", "root", "mount")
    of_others = ("connect", "run", "kill", "fork", "memory", "environment", "descriptor", "priority", "affinity")
    refused = dict.fromkeys((*of_files, *of_others, "shared", "signal"), "PermissionError")
    assert dict(each.split(":") for each in told.split()) == {"read": "allowed", "thread": "allowed", **refused}
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_a_document_past_its_time_is_given_up_and_its_process_replaced(stand_in: None) -> None:
    with ValidationPool(SHORT, workers=1, queue=4) as pool:
        with pytest.raises(ValidationTimeout) as caught:
            pool.validate(b"endless")
        assert caught.value.parameters == {"seconds": "0.5"}
        assert pool.validate(PLAIN).verdict is Verdict.VALID
        assert pool.statistics.replaced == 1


def test_a_document_past_its_memory_is_told_as_such(pool: ValidationPool) -> None:
    for content in (b"memory", b"abort memory allocation of 99 bytes failed"):
        with pytest.raises(ValidationOutOfMemory):
            pool.validate(content)
    assert pool.validate(PLAIN).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "content",
    [
        b"abort what it says may quote the document",
        b"garbage Xxxxx",
        b"garbage Z\0\0",
        b"long",
        b"answer []",
        b"answer {",
        b'answer {"name": "x"}',
        b"answer " + b"[" * 100_000,
        b"defect \x1b[31m",
    ],
    ids=["abort", "frame", "half-a-frame", "length", "array", "syntax", "object", "depth", "escape"],
)  # fmt: skip
def test_whatever_a_process_says_the_parent_takes_reports_alone(
    stand_in: None, content: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with ValidationPool(SHORT, workers=1, queue=4) as pool:
        with pytest.raises(CapacityError):
            pool.validate(content)
        assert pool.validate(PLAIN).verdict is Verdict.VALID
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_a_defect_of_ours_is_logged_by_its_place(pool: ValidationPool, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(WorkerLost):
        pool.validate(b"defect")
    assert [each.getMessage() for each in caplog.records] == ["a validation failed at KeyError fields.py:12"]


def test_processes_killed_from_outside_are_replaced(pool: ValidationPool) -> None:
    for process in pool.process_identifiers:
        os.kill(process, signal.SIGKILL)
    assert pool.validate(PLAIN).verdict is Verdict.VALID


def test_a_full_queue_is_refused_at_once(stand_in: None) -> None:
    with ValidationPool(OPTIONS, workers=1, queue=0) as pool, ThreadPoolExecutor(1) as thread:
        endless = thread.submit(pool.validate, b"endless")
        while not pool.statistics.running:
            assert not endless.done()
        with pytest.raises(Overloaded):
            pool.validate(PLAIN)
        processes = pool.process_identifiers
        pool.close()
        assert isinstance(endless.exception(), WorkerLost)
        assert all(map(ended, processes))


def test_many_answers_come_in_the_order_of_the_files(stand_in: None) -> None:
    reports = many([b"plain" + b"x" * (number % 7 * 50_000) for number in range(100)])
    assert [each.name for each in reports] == [str(number) for number in range(100)]
    assert {each.stage for each in reports} == {Stage.DRAFT}


def test_a_file_that_costs_its_process_costs_no_other_its_report(stand_in: None) -> None:
    broken = InputError("input-unreadable", reason="EIO")
    contents = [PLAIN, b"endless", PLAIN, b"memory", b"abort x", broken, PLAIN, b"answer []", PLAIN]
    codes = [[finding.code for finding in each.findings] for each in many(contents, SHORT)]
    lost = ["ELM-FILE-STOPPED"]
    assert codes == [[], ["ELM-FILE-TIME"], [], ["ELM-FILE-MEMORY"], lost, ["ELM-FILE-UNREADABLE"], [], lost, []]


def test_few_files_start_one_process_and_none_is_left(stand_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = worker_process.ValidationProcess.__init__

    def noted(self: worker_process.ValidationProcess, options: WorkerOptions) -> None:
        start(self, options)
        started.append(self.identifier)

    monkeypatch.setattr(worker_process.ValidationProcess, "__init__", noted)
    many([PLAIN] * 10)
    assert len(started) == 1
    reports = validate_many((submission(f"{each}", PLAIN) for each in range(10**9)), OPTIONS, Check(), 2)
    assert next(reports).name == "0"
    assert not any(ended(each) for each in started[1:])
    reports.close()
    assert all(map(ended, started))


def test_what_keeps_a_process_from_starting_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("no Turtle")
    for options, error in (
        (replace(OPTIONS, release=tmp_path), DamagedRelease),
        (replace(OPTIONS, shapes=(tmp_path / "broken.ttl",)), InputError),
    ):
        kind: type[PasserelleError] = error
        with pytest.raises(kind):
            ValidationPool(options, workers=1, queue=1)
        with pytest.raises(kind):
            many([PLAIN], options)


def no_more(*_: object, **__: object) -> None:
    raise OSError(errno.EAGAIN, "no process left")


@pytest.mark.parametrize("cause", ["no script", "no process left"])
def test_a_process_that_dies_at_its_start_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    if cause == "no script":
        monkeypatch.setattr(worker_process, "_SCRIPT", tmp_path / "absent.py")
    else:
        monkeypatch.setattr("passerelle.graph.processes.child_process.subprocess.Popen", no_more)
    for start in (lambda: ValidationPool(OPTIONS, workers=1, queue=1), lambda: many([PLAIN])):
        with pytest.raises(WorkerLost) as caught:
            start()
        assert caught.value.message_id == "validation-start"


def test_the_settings_reach_the_process(reference: Path) -> None:
    sample = (reference / "elm" / "samples" / "cred1.jsonld").read_bytes()
    settings = Settings(validation_seconds=9.0, worker_bytes=512 * 1024**2, validation_bytes=len(sample))
    options = WorkerOptions.of(settings, None)
    assert (options.seconds, options.bytes) == (9.0, 512 * 1024**2)
    read, refused = many([sample, sample + b" "], options, jobs=1)
    assert read.verdict is Verdict.INVALID
    assert [each.code for each in refused.findings] == ["ELM-FILE-TOO-LARGE"]


def test_a_document_above_the_usual_limit_is_read_where_the_settings_allow_it() -> None:
    large = b'{"a": 1}' + b" " * Limits().bytes
    options = WorkerOptions.of(Settings(validation_bytes=len(large), worker_bytes=1024**3), None)
    codes = [{finding.code for finding in each.findings} for each in (*many([large]), *many([large], options))]
    assert ["ELM-FILE-TOO-LARGE" in each for each in codes] == [True, False]


def test_a_warm_process_validates(reference: Path) -> None:
    sample = reference / "elm" / "samples" / "cred1.jsonld"
    with ValidationPool(replace(OPTIONS, warm=True), workers=1, queue=1) as pool:
        report = pool.validate(sample.read_bytes(), sample.name, profile="edc-generic-full", max_results=1)
    assert (report.name, report.verdict) == ("cred1.jsonld", Verdict.INVALID)
    assert len(report.findings) == 1
