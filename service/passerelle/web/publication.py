"""The release that is served, with its query processes; follows `current` when it is pointed elsewhere."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from passerelle.errors import NoCurrentRelease, PasserelleError
from passerelle.graph.backend import Backend
from passerelle.graph.manifest import Manifest
from passerelle.graph.release import Releases
from passerelle.graph.workers import WorkerPool
from passerelle.settings import Settings

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """A release and what answers from it. `folder` is None where a remote engine holds it."""

    manifest: Manifest
    folder: Path | None
    backend: Backend

    @property
    def identifier(self) -> str:
        """Its name."""
        return self.manifest.identifier

    @property
    def graphs(self) -> frozenset[str]:
        """The IRIs of its named graphs."""
        return frozenset(self.manifest.graphs)


class Publication:
    """Hands out the current release. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._releases = Releases(settings.releases)
        self._lock = threading.Lock()
        self._served: Served | None = None
        self._refused: str | None = None

    def current(self) -> Served:
        """What is served now. Raises NoCurrentRelease, DamagedRelease before anything could be served.

        When `current` points at another release, the next request is answered from that one, and answers under way end
        on the old one. A release that cannot be opened is logged, and the old one goes on serving.
        """
        identifier = self._releases.current_identifier()
        served = self._served
        if served is not None and identifier in (None, served.identifier, self._refused):
            return served
        with self._lock:
            served = self._served
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

    @property
    def latest(self) -> Served | None:
        """What was served last; opens nothing, so it may be asked on the way out of every request."""
        return self._served

    def close(self) -> None:
        """End the query processes."""
        with self._lock:
            served, self._served = self._served, None
        if served is not None:
            served.backend.close()
