"""What a linker is: the place where a better one comes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from passerelle.records.link import Candidate, OutcomeText


class Linker(Protocol):
    """Proposes ESCO skills for outcomes. It must be deterministic: a derived release asks again for single outcomes."""

    @property
    def version(self) -> str:
        """Name and version, for the manifest and the activity's IRI (a path segment such as `link-2-rank-1`)."""
        ...

    def candidates(self, outcomes: Sequence[OutcomeText]) -> Sequence[Sequence[Candidate]]:
        """The proposals for each outcome, best first, at most one a skill; each outcome by itself."""
        ...
