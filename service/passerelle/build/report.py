"""What a build tells whoever asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from passerelle.graph.release import Release


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The published release, its rejects file, and the exit code: 0 all accepted, 1 built with rejects.

    `missing_decisions`: of each review log (its file name) of the release before, how many decisions this one lacks.
    """

    release: Release
    rejects: Path
    exit_code: int
    missing_decisions: Mapping[str, int] = field(default_factory=dict)
