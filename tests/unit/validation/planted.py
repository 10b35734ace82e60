"""Good records and planted faults: an update that breaks them, and the shapes that must fire."""

from __future__ import annotations

import csv
from pathlib import Path

import pyoxigraph as ox

from passerelle.namespaces import DEMO_BASE, PREFIXES

HERE = Path(__file__).parent
SHAPES = "https://w3id.org/passerelle/shapes/"


def good_quads() -> list[ox.Quad]:
    """An RNCP fiche with a bloc, an RS fiche, units of another country, links: all conform."""
    triples = ox.parse(path=HERE / "good_records.ttl", format=ox.RdfFormat.TURTLE)
    return [ox.Quad(each.subject, each.predicate, each.object) for each in triples]


def faults() -> list[tuple[frozenset[str], str]]:
    """IRIs of the shapes that must fire, and the SPARQL update that plants their cause."""
    with (HERE / "faults.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(frozenset(SHAPES + name for name in row["rule"].split()), row["update"]) for row in rows]


def broken_quads(update: str) -> list[ox.Quad]:
    """The good records after the update; relative IRIs are below `{base}/id/`."""
    store = ox.Store()
    store.extend(good_quads())
    before = set(store)
    store.update(update, prefixes=PREFIXES, base_iri=f"{DEMO_BASE}/id/")
    assert set(store) != before, "the update changes nothing"
    return list(store)


def moved(quads: list[ox.Quad], base: str) -> list[ox.Quad]:
    """The same records under another base, so that many copies stand in one graph."""

    def move(term):
        if isinstance(term, ox.NamedNode) and term.value.startswith(DEMO_BASE):
            return ox.NamedNode(base + term.value.removeprefix(DEMO_BASE))
        return term

    return [ox.Quad(move(quad.subject), quad.predicate, move(quad.object)) for quad in quads]
