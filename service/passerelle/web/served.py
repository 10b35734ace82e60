"""A release and what answers from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from passerelle.errors import QueryRefused
from passerelle.graph.backend import Backend
from passerelle.graph.manifest import Manifest
from passerelle.sparql.authorise import Authorised


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

    def check(self, authorised: Authorised) -> None:
        """Raise QueryRefused for a query that this engine is known to answer wrongly."""
        # an engine elsewhere says so of itself; our own has no such fault
        if getattr(self.backend, "repeats_paths", False) and authorised.path_repeats:
            raise QueryRefused("sparql-path-repeats")
