"""Validates many files in several confined processes at once, and answers in the order of the files.

    the files, read here ──► chunks ──► a thread a process ──► reports, in the order of the files

Only so many chunks are under way that every process has work: memory does not grow with the number of files.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from passerelle.errors import CapacityError, InputError, WorkerLost
from passerelle.graph.processes.child_process import Killed
from passerelle.validation.credentials.many import Submission
from passerelle.validation.credentials.model import CredentialReport, Stage
from passerelle.validation.credentials.unchecked import unchecked
from passerelle.validation.credentials.worker_messages import Document, Question
from passerelle.validation.credentials.worker_process import ValidationProcess, WorkerOptions

_CHUNK_FILES = 16
_CHUNK_BYTES = 1024**2
"""A chunk is closed at either: small credentials share the way to the process, large ones are shared out at once."""
_AHEAD = 2
"""Chunks under way for each process: one that it works on and the next."""


@dataclass(frozen=True, slots=True)
class Check:
    """How documents are checked: see `CredentialValidator.validate`."""

    profile: str | None = None
    stage: Stage = Stage.ISSUED
    max_results: int | None = None


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A file as it could be read: its content, or what kept it from being read."""

    name: str
    size: int
    content: bytes | InputError


def validate_many(
    submissions: Iterable[Submission], options: WorkerOptions, check: Check, jobs: int
) -> Generator[CredentialReport, None, None]:
    """A report for each file, in their order, from `jobs` processes at most.

    A file that cannot be read, or that costs its process, gets a report that says so. Processes are started when there
    is work for them, and ended when the iteration ends, however it ends. Raises what keeps a process from starting.
    """
    processes = _Processes(options)
    under_way: deque[Future[list[CredentialReport]]] = deque()
    executor = ThreadPoolExecutor(jobs, "validation")
    try:
        for chunk in _chunks(submissions):
            under_way.append(executor.submit(_validate, processes, check, chunk))
            if len(under_way) >= _AHEAD * jobs:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()
    finally:
        processes.end()
        executor.shutdown(cancel_futures=True)


class _Processes:
    """Processes that are free, and a way to end all. A process ends with the thread that started it, so not before."""

    def __init__(self, options: WorkerOptions) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._all: set[ValidationProcess] = set()
        self._free: list[ValidationProcess] = []
        self._ended = False

    def take(self) -> ValidationProcess:
        with self._lock:
            if self._free:
                return self._free.pop()
            if self._ended:
                raise WorkerLost("validation-lost")
            process = ValidationProcess(self._options)
            self._all.add(process)
        try:
            process.wait_until_ready()
        except BaseException:
            self.drop(process)
            raise
        return process

    def give_back(self, process: ValidationProcess) -> None:
        with self._lock:
            self._free.append(process)

    def drop(self, process: ValidationProcess) -> None:
        with self._lock:
            self._all.discard(process)
        process.reap()

    def end(self) -> None:
        with self._lock:
            self._ended = True
            free, self._free = self._free, []
            for process in self._all:
                process.kill()
        for process in free:
            self.drop(process)


def _chunks(submissions: Iterable[Submission]) -> Iterator[list[_Loaded]]:
    chunk: list[_Loaded] = []
    size = 0
    for submission in submissions:
        content: bytes | InputError
        try:
            content = submission.load()
        except InputError as error:
            content = error
        length = len(content) if isinstance(content, bytes) else 0
        if chunk and (size + length > _CHUNK_BYTES or len(chunk) == _CHUNK_FILES):
            yield chunk
            chunk, size = [], 0
        chunk.append(_Loaded(submission.name, max(submission.size, length), content))
        size += length
    if chunk:
        yield chunk


def _validate(processes: _Processes, check: Check, chunk: Sequence[_Loaded]) -> list[CredentialReport]:
    """The reports about the files of a chunk, in their order."""
    reports: dict[int, CredentialReport] = {}
    waiting: deque[tuple[int, Document]] = deque()
    for position, file in enumerate(chunk):
        if isinstance(file.content, InputError):
            reports[position] = unchecked(file.name, file.size, check.stage, file.content)
        else:
            waiting.append((position, Document(file.content, file.name)))
    again = False
    while waiting:
        process = processes.take()
        position = waiting[0][0]
        try:
            question = Question([each for _, each in waiting], check.profile, check.stage, check.max_results)
            process.submit(question, process.deadline())
            while waiting:
                position = waiting[0][0]
                reports[position] = process.answer(process.deadline())
                waiting.popleft()
                again = False
        except (CapacityError, Killed, BrokenPipeError) as error:
            processes.drop(process)
            if isinstance(error, CapacityError) or again:
                failure = error if isinstance(error, CapacityError) else process.lost()
                reports[position] = unchecked(chunk[position].name, chunk[position].size, check.stage, failure)
                waiting.popleft()
                again = False
            else:
                again = True  # somebody else ended the process, so the file is not to blame: one more is tried
        else:
            processes.give_back(process)
    return [reports[position] for position in range(len(chunk))]
