"""The releases of a folder, with query processes; follows `current` when it is pointed elsewhere."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from passerelle.errors import NoCurrentRelease, PasserelleError, UnknownRelease, WorkerLost
from passerelle.graph.answering.workers import WorkerPool
from passerelle.graph.manifest import Manifest
from passerelle.graph.processes.pool_statistics import PoolStatistics, Totals
from passerelle.graph.release import Releases
from passerelle.settings import Settings
from passerelle.web.releases.past_releases import PastReleases
from passerelle.web.releases.served import Served

_LOG = logging.getLogger(__name__)

RETRY_SECONDS = 30.0
"""After so long a release that could not be opened is tried again: it may have been repaired."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A release that could not be opened, and the time (monotonic seconds) until which it is left alone."""

    identifier: str | None
    until: float


class LocalPublication:
    """Serves the current release of the folder, and past ones by name. Thread-safe."""

    reachable = True
    """Its processes are our own, which the pools tell of."""

    def __init__(self, settings: Settings, retry_seconds: float = RETRY_SECONDS) -> None:
        self._settings = settings
        self._releases = Releases(settings.releases)
        self._opening = threading.Lock()
        self._served: Served | None = None
        self._refused: _Refused | None = None
        self._retry_seconds = retry_seconds
        self._closed = False
        self._totals = Totals()
        self._past = PastReleases(self._open_past, settings.past_releases, settings.query_seconds)

    def current(self, *, wait: bool = False) -> Served:
        """What is served now. Raises NoCurrentRelease, DamagedRelease before anything could be served.

        When `current` points at another release, the request that sees it first opens that one; until it is ready the
        others are answered from the old one (unless they `wait`), and answers under way end there. A release that
        cannot be opened is logged, and the old one goes on serving; it is tried again after a while. Raises WorkerLost
        after `close`.
        """
        served = self._served
        if served is not None and self.current_identifier == served.identifier:
            return served
        # nobody waits for a release that another request is opening, as long as there is one to answer from
        if served is None or wait:
            self._opening.acquire()
        elif not self._opening.acquire(blocking=False):
            return served
        try:
            return self._newly_current()
        finally:
            self._opening.release()

    def serve(self, identifier: str) -> bool:
        """Whether the release, which `current` was just pointed at, is served from now on.

        Opens it, also where that failed lately, or waits for who does. Raises NoCurrentRelease, DamagedRelease,
        WorkerLost where nothing can be served at all.
        """
        with self._opening:
            self._refused = None
        return self.current(wait=True).identifier == identifier

    def of(self, identifier: str) -> Served:
        """The release of that name, current or past. Raises UnknownRelease, DamagedRelease, WorkerLost, Overloaded.

        One that was removed is not answered from any more, though its processes may still have it open.
        """
        if not self._releases.holds(identifier):
            self._past.forget(identifier)
            raise UnknownRelease("release-unknown", identifier=identifier)
        served = self._served
        if served is not None and served.identifier == identifier:
            return served
        if self.current_identifier == identifier:
            served = self.current(wait=True)
            if served.identifier == identifier:
                return served
        return self._past.of(identifier)

    def manifests(self) -> list[Manifest]:
        """The manifests of all releases that can be read, oldest first."""
        return [release.manifest for release in self._releases.list()]

    def manifest(self, identifier: str) -> Manifest:
        """The manifest of one, without opening it for queries. Raises UnknownRelease, DamagedRelease."""
        return self._releases.get(identifier).manifest

    def folder(self, identifier: str) -> Path:
        """The folder of one. Raises UnknownRelease, DamagedRelease."""
        return self._releases.get(identifier).folder

    def kept_for(self, path: str) -> str | None:
        """The release that the path names, while it is there; the current one at any other path."""
        if not path.startswith("/releases/"):
            return self.current_identifier
        identifier = path.split("/", 3)[2]
        return identifier if self._releases.holds(identifier) else None

    @property
    def current_identifier(self) -> str | None:
        """The name of the release that `current` answers from or opens; None before the first was published."""
        served = self._served
        identifier = self._releases.current_identifier()
        if served is not None and (identifier is None or self._is_refused(identifier)):
            return served.identifier
        return identifier

    @property
    def latest(self) -> Served | None:
        """What was served last; opens nothing."""
        return self._served

    @property
    def statistics(self) -> PoolStatistics:
        """What all query processes do and have done, whichever release they answered from."""
        return self._totals.statistics

    def close(self) -> None:
        """End the query processes; nothing is opened any more."""
        self._closed = True
        with self._opening:
            served, self._served = self._served, None
        self._past.close()
        if served is not None:
            served.backend.close()

    def _newly_current(self) -> Served:
        if self._closed:
            raise WorkerLost("worker-closed")
        served = self._served
        identifier = self.current_identifier
        if served is not None and served.identifier == identifier:
            return served
        try:
            release = self._releases.current()
            pool = WorkerPool(release.store, self._settings)
            fresh = Served(release.manifest, release.folder, pool)
        except PasserelleError as error:
            if served is None:
                raise
            if not isinstance(error, NoCurrentRelease):
                _LOG.error("release %s cannot be served: %s", identifier, error.message_id)
                self._refused = _Refused(identifier, time.monotonic() + self._retry_seconds)
            return served
        self._totals.follow(pool)
        self._served, self._refused = fresh, None
        if served is not None:
            served.backend.retire()
        return fresh

    def _is_refused(self, identifier: str) -> bool:
        refused = self._refused
        return refused is not None and refused.identifier == identifier and time.monotonic() < refused.until

    def _open_past(self, identifier: str) -> tuple[Served, WorkerPool]:
        release = self._releases.get(identifier)
        pool = WorkerPool(release.store, replace(self._settings, workers=1), spares=0)
        self._totals.beside(pool)
        return Served(release.manifest, release.folder, pool), pool
