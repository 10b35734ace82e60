"""The release that is served, with its query processes; follows `current` when it is pointed elsewhere."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from passerelle.errors import NoCurrentRelease, PasserelleError, UnknownRelease
from passerelle.graph.manifest import Manifest
from passerelle.graph.release import Releases
from passerelle.graph.remote.backend import RemoteBackend
from passerelle.graph.remote.opening import open_remote
from passerelle.graph.workers import WorkerPool
from passerelle.settings import Settings
from passerelle.web.past_releases import PastReleases
from passerelle.web.served import Served

__all__ = ["Publication", "Served"]

_LOG = logging.getLogger(__name__)


class Publication:
    """Hands out releases: the current one, and past ones by name. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._releases = Releases(settings.releases)
        self._opening = threading.Lock()
        self._served: Served | None = None
        self._refused: str | None = None
        self._remote: RemoteBackend | None = None
        self._past = PastReleases(self._open_past, settings.past_releases)

    def current(self, *, wait: bool = False) -> Served:
        """What is served now. Raises NoCurrentRelease, DamagedRelease before anything could be served.

        When `current` points at another release, the request that sees it first opens that one; until it is ready the
        others are answered from the old one (unless they `wait`), and answers under way end there. A release that
        cannot be opened is logged, and the old one goes on serving.
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
        if identifier is None or (served is not None and identifier == self._refused):
            return None if served is None else served.identifier
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
                self._refused = identifier
            return served
        self._served, self._refused = fresh, None
        if served is not None:
            served.backend.retire()
        return fresh

    def _open_past(self, identifier: str) -> Served:
        release = self._releases.get(identifier)
        return Served(release.manifest, release.folder, WorkerPool(release.store, replace(self._settings, workers=1)))
