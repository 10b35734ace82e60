"""The comparison processes of the releases that are served; they start with the first question about units."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic

from passerelle.comparability.processes.comparison_pool import ComparisonPool
from passerelle.comparability.questions import Question
from passerelle.errors import NoComparison, Overloaded, PasserelleError, WorkerLost
from passerelle.graph.processes.process_pool import PoolStatistics
from passerelle.messages import Language
from passerelle.settings import Settings
from passerelle.web.releases.publication import Publication, Served

_NONE_YET = PoolStatistics(0, 0, 0, 0, 0, 0)
_RETRY_SECONDS = 10.0
"""A release whose processes do not start is told so for as long: to start them costs seconds of the processor."""


class ComparisonAnswers:
    """Answers in confined processes, from the current release and from past ones. Thread-safe.

    A release that was current until now keeps its processes while it is asked. Of other past releases one at a time
    has a process: who asks for another one waits until it has ended. Processes that nobody needs end by themselves.
    Where processes do not start, nobody else tries for some seconds.
    """

    def __init__(self, publication: Publication, settings: Settings) -> None:
        self._publication = publication
        self._settings = settings
        # guards the fields, and is never held while a process starts or answers
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._past_lock = threading.Lock()
        self._release = ""
        self._pool: ComparisonPool | None = None
        self._retiring: list[tuple[str, ComparisonPool]] = []
        self._past_release = ""
        self._past: ComparisonPool | None = None
        self._closed = False
        self._not_started: tuple[str, float, PasserelleError] | None = None

    def answer(self, served: Served, question: Question, language: Language) -> bytes:
        """The answer of a release to a question: a JSON document in UTF-8, or a report in its format.

        Raises NoComparison, Overloaded, and what `ComparisonPool` and its `answer` raise.
        """
        folder = served.folder
        if folder is None:
            raise NoComparison("comparison-elsewhere")
        pool = self._current(served.identifier, folder) or self._still_open(served.identifier)
        if pool is not None:
            return pool.answer(question, language)
        if not self._past_lock.acquire(timeout=self._settings.comparison_seconds):
            raise Overloaded("past-releases-full")
        try:
            return self._of_past(served.identifier, folder).answer(question, language)
        finally:
            self._past_lock.release()

    @property
    def statistics(self) -> PoolStatistics:
        """What the processes of the current release do now and have done; starts none."""
        pool = self._pool
        return _NONE_YET if pool is None else pool.statistics

    def close(self) -> None:
        """End the processes, also those that are starting now."""
        with self._lock:
            self._closed = True
            pools = [*(each for each in (self._pool, self._past) if each is not None)]
            pools += [pool for _, pool in self._retiring]
            self._pool = self._past = None
            self._retiring.clear()
        for pool in pools:
            pool.close()

    def _current(self, identifier: str, folder: Path) -> ComparisonPool | None:
        """The processes of the current release, started where there are none; None for any other release."""
        if identifier != self._publication.current_identifier:
            return None
        if (pool := self._there(identifier)) is not None:
            return pool
        if not self._starting.acquire(timeout=self._settings.comparison_seconds):
            raise Overloaded("comparison-overloaded")
        try:
            # while this thread waited, another one may have started them, or another release have become current
            if (pool := self._there(identifier)) is not None:
                return pool
            if identifier != self._publication.current_identifier:
                return None
            fresh = self._started(identifier, folder, processes=self._settings.comparison_workers, spares=1)
            with self._lock:
                closed, old = self._closed, self._pool
                if not closed:
                    self._retiring = [each for each in self._retiring if not each[1].closed]
                    if old is not None:
                        self._retiring.append((self._release, old))
                    self._pool, self._release = fresh, identifier
        finally:
            self._starting.release()
        if closed:
            fresh.close()
            raise WorkerLost("worker-closed")
        if old is not None:
            old.retire()
        return fresh

    def _there(self, identifier: str) -> ComparisonPool | None:
        with self._lock:
            return self._pool if self._release == identifier else None

    def _still_open(self, identifier: str) -> ComparisonPool | None:
        """The processes of a release that was current, for questions that were asked of it."""
        if (pool := self._there(identifier)) is not None:
            return pool
        with self._lock:
            return next((pool for name, pool in self._retiring if name == identifier and not pool.closed), None)

    def _of_past(self, identifier: str, folder: Path) -> ComparisonPool:
        with self._lock:
            old = self._past
            if old is not None and self._past_release == identifier and not old.closed:
                return old
            self._past = None
        if old is not None:
            old.close()
        fresh = self._started(identifier, folder, processes=1, spares=0)
        # it ends when nobody has asked it anything for a while
        fresh.retire()
        with self._lock:
            closed = self._closed
            if not closed:
                self._past, self._past_release = fresh, identifier
        if closed:
            fresh.close()
            raise WorkerLost("worker-closed")
        return fresh

    def _started(self, identifier: str, folder: Path, *, processes: int, spares: int) -> ComparisonPool:
        failed = self._not_started
        if failed is not None and failed[0] == identifier and monotonic() < failed[1]:
            error = failed[2]
            raise type(error)(error.message_id, place=error.place, **error.parameters)
        try:
            return ComparisonPool(folder, self._settings, processes=processes, spares=spares)
        except PasserelleError as error:
            self._not_started = (identifier, monotonic() + _RETRY_SECONDS, error)
            raise
