"""Who watches a build: the command line shows bars, tests look on in silence."""

from __future__ import annotations

from typing import Literal, Protocol

from passerelle.graph.manifest import SourceEntry

Stage = Literal["vocabularies", "references", "closures", "links", "comparability", "rules", "publish"]


class Observer(Protocol):
    """Told of each step of a build."""

    def source_started(self, slug: str) -> None:
        """A source is about to be read."""

    def source_progress(self, slug: str, done: int, total: int) -> None:
        """So many bytes (or rows) of a source have been read."""

    def source_finished(self, entry: SourceEntry) -> None:
        """A source has been read, with its sums."""

    def stage(self, stage: Stage) -> None:
        """The next step over the whole staged store has begun."""


class SilentObserver:
    """Watches nothing."""

    def source_started(self, slug: str) -> None:
        """Ignore it."""

    def source_progress(self, slug: str, done: int, total: int) -> None:
        """Ignore it."""

    def source_finished(self, entry: SourceEntry) -> None:
        """Ignore it."""

    def stage(self, stage: Stage) -> None:
        """Ignore it."""
