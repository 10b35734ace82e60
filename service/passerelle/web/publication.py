"""The release that is served, with its query processes; follows `current` when it is pointed elsewhere."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from passerelle.errors import NoCurrentRelease, PasserelleError, UnknownRelease
from passerelle.graph.manifest import Manifest
from passerelle.graph.release import Releases
from passerelle.graph.workers import WorkerPool
from passerelle.settings import Settings
from passerelle.web.past_releases import PastReleases
from passerelle.web.served import Served

if TYPE_CHECKING:
    from passerelle.graph.remote.backend import RemoteBackend

__all__ = ["Publication", "Served"]

_LOG = logging.getLogger(__name__)

RETRY_SECONDS = 30.0
"""After so long a release that could not be opened is tried again: it may have been repaired."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A release that could not be opened, and the time (monotonic seconds) until which it is left alone."""

    identifier: str | None
    until: float


class Publication:
    """Hands out releases: the current one, and past ones by name. Thread-safe."""

    def __init__(self, settings: Settings, retry_seconds: float = RETRY_SECONDS) -> None:
        self._settings = settings
        self._releases = Releases(settings.releases)
        self._opening = threading.Lock()
        self._served: Served | None = None
        self._refused: _Refused | None = None
        self._retry_seconds = retry_seconds
        self._remote: RemoteBackend | None = None
        self._past = PastReleases(self._open_past, settings.past_releases)

    def current(self, *, wait: bool = False) -> Served:
        """What is served now. Raises NoCurrentRelease, DamagedRelease before anything could be served.

        When `current` points at another release, the request that sees it first opens that one; until it is ready the
        others are answered from the old one (unless they `wait`), and answers under way end there. A release that
        cannot be opened is logged, and the old one goes on serving; it is tried again after a while.
        """
        served = self._served
        if self._settings.backend:
            return self._held_elsewhere()
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

    def of(self, identifier: str) -> Served:
        """The release of that name, current or past. Raises UnknownRelease, DamagedRelease, WorkerLost."""
        if self._settings.backend:
            return self._only(identifier)
        served = self._served
        if served is not None and served.identifier == identifier:
            return served
        if self.current_identifier == identifier:
            served = self.current(wait=True)
            if served.identifier == identifier:
                return served
        return self._past.of(identifier)

    def manifests(self) -> list[Manifest]:
        """The manifests of the releases that `of` finds, oldest first."""
        if self._settings.backend:
            return [self.current().manifest]
        return [release.manifest for release in self._releases.list()]

    def manifest(self, identifier: str) -> Manifest:
        """The manifest of one, without opening it for queries. Raises UnknownRelease, DamagedRelease."""
        if self._settings.backend:
            return self._only(identifier).manifest
        return self._releases.get(identifier).manifest

    @property
    def current_identifier(self) -> str | None:
        """The name of the release that `current` answers from or opens; None where that is not known.

        It is not known before anything could be served, nor before a remote engine, which others may change.
        """
        if self._settings.backend:
            return None
        served = self._served
        identifier = self._releases.current_identifier()
        if served is not None and (identifier is None or self._is_refused(identifier)):
            return served.identifier
        return identifier

    @property
    def latest(self) -> Served | None:
        """What was served last; opens nothing, so it may be asked on the way out of every request."""
        return self._served

    def close(self) -> None:
        """End the query processes."""
        with self._opening:
            served, self._served = self._served, None
        self._past.close()
        if served is not None:
            served.backend.close()

    def _held_elsewhere(self) -> Served:
        """What the remote engine holds. Raises BackendFailed, QueryTimeout, Overloaded before it was reached."""
        served = self._served
        if served is None or self._remote is None:
            with self._opening:
                if self._served is None or self._remote is None:
                    # imported here: its HTTP clients would make each start of the service slower
                    from passerelle.graph.remote.opening import open_remote  # noqa: PLC0415

                    manifest, self._remote = open_remote(self._settings)
                    self._served = Served(manifest, None, self._remote)
                return self._served
        manifest = self._remote.manifest
        if manifest is not served.manifest:
            served = self._served = Served(manifest, None, self._remote)
        return served

    def _only(self, identifier: str) -> Served:
        served = self.current()
        if served.identifier != identifier:
            raise UnknownRelease("release-unknown", identifier=identifier)
        return served

    def _newly_current(self) -> Served:
        served = self._served
        identifier = self.current_identifier
        if served is not None and served.identifier == identifier:
            return served
        try:
            release = self._releases.current()
            fresh = Served(release.manifest, release.folder, WorkerPool(release.store, self._settings))
        except PasserelleError as error:
            if served is None:
                raise
            if not isinstance(error, NoCurrentRelease):
                _LOG.error("release %s cannot be served: %s", identifier, error.message_id)
                self._refused = _Refused(identifier, time.monotonic() + self._retry_seconds)
            return served
        self._served, self._refused = fresh, None
        if served is not None:
            served.backend.retire()
        return fresh

    def _is_refused(self, identifier: str) -> bool:
        refused = self._refused
        return refused is not None and refused.identifier == identifier and time.monotonic() < refused.until

    def _open_past(self, identifier: str) -> Served:
        release = self._releases.get(identifier)
        return Served(release.manifest, release.folder, WorkerPool(release.store, replace(self._settings, workers=1)))
