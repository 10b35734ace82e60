"""What the service answers from: releases in a folder of ours, or what a SPARQL engine elsewhere holds."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from passerelle.graph.manifest import Manifest
from passerelle.graph.processes.pool_statistics import PoolStatistics
from passerelle.settings import Settings
from passerelle.web.releases.local_publication import LocalPublication
from passerelle.web.releases.served import Served

__all__ = ["Publication", "Served", "publication_of"]


class Publication(Protocol):
    """Hands out releases: the current one, and others by name. Thread-safe."""

    def current(self, *, wait: bool = False) -> Served:
        """What is served now.

        Raises NoCurrentRelease, DamagedRelease, BackendFailed, QueryTimeout, Overloaded before anything could be
        served, WorkerLost after `close`. With `wait` a release that another request is opening is waited for.
        """

    def of(self, identifier: str) -> Served:
        """The release of that name. Raises UnknownRelease, DamagedRelease, WorkerLost, Overloaded."""

    def manifests(self) -> list[Manifest]:
        """The manifests of the releases that `of` finds, oldest first."""

    def manifest(self, identifier: str) -> Manifest:
        """The manifest of one, without opening it for queries. Raises UnknownRelease, DamagedRelease."""

    def folder(self, identifier: str) -> Path | None:
        """The folder of one; None where an engine elsewhere holds it. Raises UnknownRelease, DamagedRelease."""

    def kept_for(self, path: str) -> str | None:
        """The release that an answer at this path of ours is kept under; None where none may be kept.

        A path under `/releases/` names its release itself, and is nobody's when that was removed.
        """

    @property
    def current_identifier(self) -> str | None:
        """The name of the release that `current` answers from or opens; None where that is not known."""

    @property
    def latest(self) -> Served | None:
        """What was served last; opens nothing, so it may be asked on the way out of every request."""

    @property
    def statistics(self) -> PoolStatistics | None:
        """What answers queries, in numbers that only rise while the service runs; None before there is anything."""

    @property
    def reachable(self) -> bool:
        """Whether what answers could be reached when it was last looked at, for monitoring."""

    def close(self) -> None:
        """End what answers; answers under way break off."""


def publication_of(settings: Settings) -> Publication:
    """The one that the settings name; opens nothing yet."""
    if settings.backend:
        # imported here: its HTTP clients would make each start of the service slower
        from passerelle.web.releases.remote_publication import RemotePublication  # noqa: PLC0415

        return RemotePublication(settings)
    return LocalPublication(settings)
