"""The comparison processes of the releases that are served; they start with the first question about units."""

from __future__ import annotations

import threading
from pathlib import Path

from passerelle.comparability.processes.comparison_pool import ComparisonPool
from passerelle.comparability.questions import Question
from passerelle.errors import NoComparison, Overloaded
from passerelle.graph.processes.process_pool import PoolStatistics
from passerelle.messages import Language
from passerelle.settings import Settings
from passerelle.web.releases.publication import Publication, Served

_NONE_YET = PoolStatistics(0, 0, 0, 0, 0, 0)


class ComparisonAnswers:
    """Answers in confined processes, from the current release and from past ones. Thread-safe.

    Of past releases one at a time has a process: who asks for another one waits until it has ended.
    """

    def __init__(self, publication: Publication, settings: Settings) -> None:
        self._publication = publication
        self._settings = settings
        self._lock = threading.Lock()
        self._past_lock = threading.Lock()
        self._pool: ComparisonPool | None = None
        self._release = ""
        self._past: ComparisonPool | None = None
        self._past_release = ""

    def answer(self, served: Served, question: Question, language: Language) -> bytes:
        """The answer of a release to a question: a JSON document in UTF-8, or a report in its format.

        Raises NoComparison, and what `ComparisonPool.answer` raises.
        """
        folder = served.folder
        if folder is None:
            raise NoComparison("comparison-elsewhere")
        # while another release is being opened, questions are still answered from the one before
        if served.identifier in (self._release, self._publication.current_identifier):
            return self._current(served.identifier, folder).answer(question, language)
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
        """End the processes."""
        with self._lock:
            pools = [each for each in (self._pool, self._past) if each is not None]
            self._pool = self._past = None
        for pool in pools:
            pool.close()

    def _current(self, identifier: str, folder: Path) -> ComparisonPool:
        with self._lock:
            if self._pool is not None and self._release == identifier:
                return self._pool
            fresh = ComparisonPool(folder, self._settings, processes=self._settings.comparison_workers)
            old, self._pool, self._release = self._pool, fresh, identifier
        if old is not None:
            old.retire()
        return fresh

    def _of_past(self, identifier: str, folder: Path) -> ComparisonPool:
        if self._past is not None and self._past_release == identifier and not self._past.closed:
            return self._past
        old, self._past = self._past, None
        if old is not None:
            old.close()
        self._past = ComparisonPool(folder, self._settings, processes=1, spares=0)
        self._past_release = identifier
        return self._past
