"""What every release holds whatever its sources: our ontology, vocabularies and own crosswalks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from passerelle.graph.statements.writer import term
from passerelle.namespaces import Minting
from passerelle.records.tally import Tally
from passerelle.resources import folder
from passerelle.sources.rdf_document import RdfDocument
from passerelle.sources.sssom import read_sssom


def vocabulary_quads(minting: Minting) -> Iterator[ox.Quad]:
    """The quads of graphs `ontology` and `vocabularies`, without blank nodes."""
    yield from _folder(folder("ontology"), minting, "ontology")
    yield from _folder(folder("data") / "vocabularies", minting, "vocabularies")
    graph = ox.NamedNode(minting.graph("vocabularies"))
    for path in sorted(folder("mappings").glob("*.sssom.tsv")):
        _, mappings = read_sssom(path, Tally())
        for each in mappings:
            yield ox.Quad(ox.NamedNode(each.subject), term(each.relation), ox.NamedNode(each.object), graph)


def _folder(start: Path, minting: Minting, name: str) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(minting.graph(name))
    for path in sorted(start.glob("*.ttl")):
        for quad in RdfDocument(path, None, minting).quads():
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
