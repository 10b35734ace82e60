"""A release of a dozen triples, written by hand, for tests of the service."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.namespaces import PREFIXES

BASE = "https://example.org/passerelle"
RNCP = f"{BASE}/graph/rncp"
ESCO = f"{BASE}/graph/esco"
IDENTIFIER = "20261122T120000Z-0a1b2c3d"
NUMBERS = 300
"""Things with a number in the ESCO graph: three of them joined give 27 million rows."""


def small_release(releases: Path, identifier: str = IDENTIFIER, *, title: str = "Poser des panneaux") -> Path:
    """Write a release and make it the current one; returns its folder."""
    folder = releases / identifier
    folder.mkdir(parents=True)
    sizes = _fill(folder / "store", title)
    Manifest(
        identifier=identifier,
        created="2026-11-22T12:00:00Z",
        base=BASE,
        demo=True,
        software="0.1",
        versions={},
        inputs_sha256="0" * 64,
        sources=(_source(),),
        triples=sum(sizes.values()),
        graphs=sizes,
        links={},
        validation={},
        seconds=1.0,
        peak_bytes=1,
    ).write(folder)
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
    return SourceEntry(
        slug="rncp",
        kind="rncp",
        title_en="RNCP <b>extract</b>",
        title_fr="Extrait du RNCP",
        publisher="France compétences",
        licence_iri="javascript:alert(1)",
        licence_name="Licence Ouverte 2.0",
        attribution_en="Source: France compétences",
        attribution_fr="Source : France compétences",
        edition="2026-08-16",
        files=(),
        read={"fiche": 2, "thing": 1},
        accepted={"fiche": 2, "thing": 1},
        rejected={"fiche": 0, "thing": 0},
        notices={},
        unresolved=0,
        quads=2,
        seconds=0.1,
        peak_bytes=1,
    )
