"""The comparison processes of the releases that are served; they start with the first question about units."""

from __future__ import annotations

import threading

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
        self._without: set[str] = set()

    def answer(self, served: Served, question: Question, language: Language) -> bytes:
        """The answer of a release to a question: a JSON document in UTF-8, or a report in its format.

        Raises NoComparison, and what `ComparisonPool.answer` raises.
        """
        if served.folder is None:
            raise NoComparison("comparison-elsewhere")
        if served.identifier == self._publication.current_identifier:
            return self._current(served).answer(question, language)
        if not self._past_lock.acquire(timeout=self._settings.comparison_seconds):
            raise Overloaded("past-releases-full")
        try:
            return self._of_past(served).answer(question, language)
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

    def _current(self, served: Served) -> ComparisonPool:
        with self._lock:
            if self._pool is not None and self._release == served.identifier:
                return self._pool
            fresh = self._opened(served, self._settings.comparison_workers, spares=1)
            old, self._pool, self._release = self._pool, fresh, served.identifier
        if old is not None:
            old.retire()
        return fresh

    def _of_past(self, served: Served) -> ComparisonPool:
        if self._past is not None and self._past_release == served.identifier and not self._past.closed:
            return self._past
        old, self._past = self._past, None
        if old is not None:
            old.close()
        self._past = self._opened(served, 1, spares=0)
        self._past_release = served.identifier
        return self._past

    def _opened(self, served: Served, processes: int, *, spares: int) -> ComparisonPool:
        """A pool over a release; one that has no index is not tried again, as no release ever changes."""
        if served.folder is None or served.identifier in self._without:
            raise NoComparison("comparison-without-index", identifier=served.identifier)
        try:
            return ComparisonPool(served.folder, self._settings, processes=processes, spares=spares)
        except NoComparison:
            self._without.add(served.identifier)
            raise
