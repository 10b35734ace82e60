"""The versions that decide what a build makes of the same files; they stand in the manifest."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import passerelle
from passerelle import queries
from passerelle.build.links import linker_version
from passerelle.records.text import NORMALISATION_VERSION
from passerelle.resources import folder
from passerelle.sources.competence_texts import SPLITTER_VERSION


@cache
def versions() -> dict[str, str]:
    """Versions by part; ontology, shapes, mappings, vocabularies and queries by the hash of their files."""
    return {
        "software": passerelle.__version__,
        "normalisation": NORMALISATION_VERSION,
        "splitter": SPLITTER_VERSION,
        "linker": linker_version(None),
        "ontology": _digest(folder("ontology"), "*.ttl"),
        "shapes": _digest(folder("shapes"), "*.ttl"),
        "rules": _digest(folder("shapes"), "*.rq"),
        "mappings": _digest(folder("mappings"), "*.tsv"),
        "vocabularies": _digest(folder("data") / "vocabularies", "*.ttl"),
        "queries": _digest(Path(queries.__file__).parent, "*.rq"),
    }


def _digest(start: Path, pattern: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(start.rglob(pattern)):
        digest.update(path.relative_to(start).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
