"""A release from its staging folder to its publication: what a whole build and a derived one do alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pyoxigraph as ox

from passerelle.build.links import Changed, write_link_sets
from passerelle.graph.descriptions import write_descriptions
from passerelle.graph.manifest import Manifest
from passerelle.graph.release import Releases, Staging

FINDINGS = "validation.jsonl"
"""The file of a release with what the shapes and the rules across records found."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A release that has been begun: the folder it is made in, its name, and when (ISO 8601, to the second)."""

    staging: Staging
    identifier: str
    created: str


@contextmanager
def begun(releases: Releases, inputs: str) -> Iterator[Begun]:
    """A folder to make a release in, named by the time and the hash `inputs`; it is gone after whatever goes wrong.

    Call it while holding `Releases.writing`.
    """
    now = datetime.now(UTC)
    identifier = releases.free_identifier(f"{now:%Y%m%dT%H%M%SZ}-{inputs[:8]}")
    staging = releases.stage(identifier)
    try:
        yield Begun(staging, identifier, now.isoformat(timespec="seconds"))
    except BaseException:
        shutil.rmtree(staging.folder, ignore_errors=True)
        raise


def complete(staging: Staging, manifest: Manifest, changed: Changed | None = None) -> None:
    """Write the manifest, and what is told from the finished store: the link sets and the descriptions.

    `changed` is what a derived release has other links of than its parent.
    """
    manifest.write(staging.folder)
    finished = ox.Store.read_only(str(staging.store))
    write_link_sets(finished, manifest, staging.folder, changed)
    write_descriptions(staging.folder, manifest, finished)
