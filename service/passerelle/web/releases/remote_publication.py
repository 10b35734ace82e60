"""What a SPARQL engine elsewhere holds: one release at a time, which others may replace there."""

from __future__ import annotations

import threading
import time

from passerelle.errors import Overloaded, PasserelleError, UnknownRelease, WorkerLost
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.graph.manifest import Manifest
from passerelle.graph.processes.pool_statistics import PoolStatistics
from passerelle.graph.remote.backend import RemoteBackend
from passerelle.graph.remote.dialect import RESULTS
from passerelle.graph.remote.opening import open_remote
from passerelle.settings import Settings
from passerelle.web.releases.served import Served

RETRY_SECONDS = 5.0
"""For so long a failure to open the engine, or its last sign of life, is taken for what is the case."""
_LOOK_SECONDS = 5.0
"""An engine that takes longer for `ASK {}` answers no queries either."""


class RemotePublication:
    """Serves what the endpoint of the settings holds. Thread-safe."""

    current_identifier = None
    """Not known without asking: others may publish into the engine at any time."""

    def __init__(self, settings: Settings, retry_seconds: float = RETRY_SECONDS) -> None:
        self._settings = settings
        self._retry_seconds = retry_seconds
        self._opening = threading.Lock()
        self._looking = threading.Lock()
        self._backend: RemoteBackend | None = None
        self._served: Served | None = None
        self._failure: PasserelleError | None = None
        self._failed = self._looked = -float("inf")
        self._alive = True
        self._closed = False

    def current(self, *, wait: bool = False) -> Served:
        """What the engine holds. Raises BackendFailed, QueryTimeout, Overloaded before it was reached.

        A failure is remembered for a while: an engine that is down takes a whole time limit to say so, and nobody
        queues behind that (unless they `wait`). Raises WorkerLost after `close`.
        """
        if self._backend is None:
            self._open(wait)
        served, backend = self._served, self._backend
        if served is None or backend is None:
            raise WorkerLost("worker-closed")
        manifest = backend.manifest
        if manifest is not served.manifest:
            served = self._served = Served(manifest, None, backend)
        return served

    def of(self, identifier: str) -> Served:
        """The one that it holds, under its name. Raises UnknownRelease for any other, and what `current` raises."""
        served = self.current()
        if served.identifier != identifier:
            raise UnknownRelease("release-unknown", identifier=identifier)
        return served

    def manifests(self) -> list[Manifest]:
        """The manifest of what it holds. Raises what `current` raises."""
        return [self.current().manifest]

    def manifest(self, identifier: str) -> Manifest:
        """The manifest of what it holds, under its name. Raises UnknownRelease, and what `current` raises."""
        return self.of(identifier).manifest

    def folder(self, identifier: str) -> None:
        """No folder: the release is elsewhere. Raises UnknownRelease, and what `current` raises."""
        self.of(identifier)

    def kept_for(self, path: str) -> None:
        """Nothing is kept: equal questions may have other answers the next time."""

    @property
    def latest(self) -> Served | None:
        """What was served last; asks nobody."""
        return self._served

    @property
    def statistics(self) -> PoolStatistics | None:
        """What the one backend does and has done; None before the engine was reached."""
        served = self._served
        return None if served is None else served.backend.statistics

    @property
    def reachable(self) -> bool:
        """Whether the engine answers `ASK {}`; asked by one thread at a time, and seldom."""
        backend = self._backend
        if backend is None:
            return False
        if time.monotonic() - self._looked >= self._retry_seconds and self._looking.acquire(blocking=False):
            try:
                self._alive = self._answers(backend)
                self._looked = time.monotonic()
            finally:
                self._looking.release()
        return self._alive

    def close(self) -> None:
        """Close the connections; answers under way break off, and nothing is opened any more."""
        self._closed = True
        with self._opening:
            backend, self._backend, self._served = self._backend, None, None
        if backend is not None:
            backend.close()

    def _open(self, wait: bool) -> None:
        if not self._opening.acquire(blocking=wait):
            raise self._remembered() or Overloaded("remote-opening")
        try:
            if self._closed:
                raise WorkerLost("worker-closed")
            if self._backend is not None:
                return
            remembered = self._remembered()
            if remembered is not None:
                raise remembered
            try:
                manifest, backend = open_remote(self._settings)
            except PasserelleError as failure:
                self._failure, self._failed = failure, time.monotonic()
                raise
            self._served, self._backend, self._failure = Served(manifest, None, backend), backend, None
        finally:
            self._opening.release()

    def _remembered(self) -> PasserelleError | None:
        failure = self._failure
        if failure is None or time.monotonic() - self._failed >= self._retry_seconds:
            return None
        return failure.with_traceback(None)  # it would grow with each that it is raised for

    def _answers(self, backend: RemoteBackend) -> bool:
        limits = Limits.of(self._settings).lowered(seconds=_LOOK_SECONDS)
        try:
            for _ in backend.run(Question("ASK {}", RESULTS, limits=limits)).body:
                pass
        except Overloaded:
            return self._alive  # all places are taken, which says nothing of the engine
        except PasserelleError:
            return False
        return True
