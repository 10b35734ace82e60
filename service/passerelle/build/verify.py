"""The last look at a staged release before it is published."""

from __future__ import annotations

from passerelle.graph.answering.embedded import EmbeddedStore
from passerelle.graph.answering.question import Question
from passerelle.graph.manifest import Manifest
from passerelle.graph.release import Staging


def verify(staging: Staging) -> None:
    """Open it as a reader will, and ask it one thing. Raises DamagedRelease."""
    Manifest.read_from(staging.folder)
    EmbeddedStore.open(staging.store).ask(Question("ASK { ?s ?p ?o }", "application/sparql-results+json"))
