"""What a build tells whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from passerelle.graph.release import Release


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The published release, its rejects file, and the exit code: 0 all accepted, 1 built with rejects."""

    release: Release
    rejects: Path
    exit_code: int
