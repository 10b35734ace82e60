"""What a linker is: the place where a better one comes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from passerelle.records.link import Candidate, OutcomeText


class Linker(Protocol):
    """Proposes ESCO skills for outcomes. It must be deterministic: a derived release asks again for single pairs."""

    @property
    def version(self) -> str:
        """Name and version, for the manifest and the activity's IRI (a path segment such as `label-1`)."""
        ...

    def candidates(self, outcome: OutcomeText) -> Sequence[Candidate]:
        """The proposals for an outcome, best first, at most one a skill."""
        ...

    def candidate(self, outcome: OutcomeText, skill: str) -> Candidate | None:
        """The proposal of `candidates` for one skill (an IRI), or None where it is not among them."""
        ...
