"""A release of a dozen triples, written by hand, for tests of the service."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from passerelle.graph.manifest import SourceEntry
from passerelle.namespaces import PREFIXES
from small_manifest import IDENTIFIER, manifest, source

BASE = "https://example.org/passerelle"
RNCP = f"{BASE}/graph/rncp"
ESCO = f"{BASE}/graph/esco"
NUMBERS = 300
"""Things with a number in the ESCO graph: three of them joined give 27 million rows."""


def small_release(releases: Path, identifier: str = IDENTIFIER, *, title: str = "Poser des panneaux") -> Path:
    """Write a release and make it the current one; returns its folder."""
    folder = releases / identifier
    folder.mkdir(parents=True)
    sizes = _fill(folder / "store", title)
    manifest(BASE, identifier=identifier, sources=(_source(),), triples=sum(sizes.values()), graphs=sizes).write(folder)
    current = releases / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(identifier)
    return folder


def _fill(path: Path, title: str) -> dict[str, int]:
    store = ox.Store(str(path))
    rncp, esco = ox.NamedNode(RNCP), ox.NamedNode(ESCO)
    unit = ox.NamedNode(f"{BASE}/id/rncp/1")
    titled, number = ox.NamedNode(PREFIXES["dcterms"] + "title"), ox.NamedNode(f"{BASE}/number")
    store.extend(
        [
            ox.Quad(unit, titled, ox.Literal(title, language="fr"), rncp),
            ox.Quad(unit, titled, ox.Literal("<script>alert('1')</script>", language="en"), rncp),
            *(ox.Quad(ox.NamedNode(f"{BASE}/n/{count}"), number, ox.Literal(count), esco) for count in range(NUMBERS)),
        ]
    )
    store.flush()
    return {RNCP: 2, ESCO: NUMBERS}


def _source() -> SourceEntry:
    counts = {"fiche": 2, "thing": 1}
    return source(
        "rncp",
        title_en="RNCP <b>extract</b>",
        title_fr="Extrait du RNCP",
        publisher="France compétences",
        licence_iri="javascript:alert(1)",
        licence_name="Licence Ouverte 2.0",
        attribution_en="Source: France compétences",
        attribution_fr="Source : France compétences",
        edition="2026-08-16",
        read=counts,
        accepted=counts,
        rejected=dict.fromkeys(counts, 0),
        quads=2,
    )
