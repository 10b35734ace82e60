"""A release and what answers from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from passerelle.graph.answering.backend import Backend
from passerelle.graph.manifest import Manifest


@dataclass(frozen=True)
class Served:
    """A release and what answers from it. `folder` is None where a remote engine holds it."""

    manifest: Manifest
    folder: Path | None
    backend: Backend

    @property
    def identifier(self) -> str:
        """Its name."""
        return self.manifest.identifier

    @cached_property
    def graphs(self) -> frozenset[str]:
        """The IRIs of its named graphs."""
        return frozenset(self.manifest.graphs)
