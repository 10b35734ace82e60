"""Manifests and entries of sources in which only what a test gives is said."""

from __future__ import annotations

from typing import Any

from passerelle.graph.manifest import Manifest, SourceEntry

IDENTIFIER = "20261122T120000Z-0a1b2c3d"


def manifest(base: str, **given: Any) -> Manifest:
    nothing: dict[str, Any] = {
        "identifier": IDENTIFIER,
        "created": "2026-11-22T12:00:00Z",
        "demo": True,
        "software": "0.1",
        "versions": {},
        "inputs_sha256": "0" * 64,
        "sources": (),
        "triples": 0,
        "graphs": {},
        "links": {},
        "validation": {},
        "seconds": 1.0,
        "peak_bytes": 1,
    }
    return Manifest(base=base, **{**nothing, **given})


def source(slug: str, **given: Any) -> SourceEntry:
    texts = dict.fromkeys(
        ("title_en", "title_fr", "publisher", "licence_iri", "licence_name", "attribution_en", "attribution_fr"), ""
    )
    nothing: dict[str, Any] = {
        **texts,
        "kind": slug,
        "edition": "",
        "files": (),
        "read": {},
        "accepted": {},
        "rejected": {},
        "notices": {},
        "unresolved": 0,
        "quads": 0,
        "seconds": 0.1,
        "peak_bytes": 1,
    }
    return SourceEntry(slug=slug, **{**nothing, **given})
