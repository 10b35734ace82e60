"""The validation processes of the release that is served; they start with the first credential."""

from __future__ import annotations

import threading

from passerelle.graph.processes.process_pool import PoolStatistics
from passerelle.settings import Settings
from passerelle.validation.credentials.model import CredentialReport, Stage
from passerelle.validation.credentials.worker_pool import ValidationPool
from passerelle.validation.credentials.worker_process import WorkerOptions
from passerelle.web.releases.publication import Publication

_NONE_YET = PoolStatistics(0, 0, 0, 0, 0, 0)


class CredentialChecks:
    """Validates in confined processes, against the current release. Thread-safe."""

    def __init__(self, publication: Publication, settings: Settings) -> None:
        self._publication = publication
        self._settings = settings
        self._lock = threading.Lock()
        self._pool: ValidationPool | None = None
        self._release = ""

    def validate(
        self, data: bytes, name: str, media_type: str, *, profile: str | None, stage: Stage, max_results: int
    ) -> CredentialReport:
        """The report about a file. Raises what `Publication.current` and `ValidationPool.validate` raise."""
        pool = self._current()
        return pool.validate(data, name, media_type, profile=profile, stage=stage, max_results=max_results)

    @property
    def statistics(self) -> PoolStatistics:
        """What the processes do now and have done since the release is served; starts none."""
        pool = self._pool
        return _NONE_YET if pool is None else pool.statistics

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _current(self) -> ValidationPool:
        release = self._publication.current()
        with self._lock:
            if self._pool is not None and self._release == release.identifier:
                return self._pool
            options = WorkerOptions.of(self._settings, release.folder, warm=True)
            fresh = ValidationPool(options, self._settings.validation_workers, self._settings.queue)
            old, self._pool, self._release = self._pool, fresh, release.identifier
        if old is not None:
            old.retire()
        return fresh
