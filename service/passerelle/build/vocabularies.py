"""What every release holds whatever its sources: our ontology, vocabularies and own crosswalks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import COUNTRY, Minting
from passerelle.records.tally import Tally
from passerelle.records.unit_tables import countries
from passerelle.resources import folder
from passerelle.sources.rdf_document import RdfDocument
from passerelle.sources.sssom import read_sssom


def vocabulary_quads(minting: Minting) -> Iterator[ox.Quad]:
    """The quads of graphs `ontology` and `vocabularies`, without blank nodes."""
    yield from _folder(folder("ontology"), minting, "ontology")
    yield from _folder(folder("data") / "vocabularies", minting, "vocabularies")
    graph = ox.NamedNode(minting.graph("vocabularies"))
    yield from _countries(graph)
    for path in sorted(folder("mappings").glob("*.sssom.tsv")):
        _, mappings = read_sssom(path, Tally())
        for each in mappings:
            yield ox.Quad(ox.NamedNode(each.subject), term(each.relation), ox.NamedNode(each.object), graph)


def _countries(graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """The countries of `mappings/countries.tsv`, as the authority table of the Publications Office names them."""
    scheme = ox.NamedNode(COUNTRY.rstrip("/"))
    yield ox.Quad(scheme, TYPE, term("skos:ConceptScheme"), graph)
    for language, title in (("en", "Countries (authority table)"), ("fr", "Pays (table de référence)")):
        yield ox.Quad(scheme, term("skos:prefLabel"), ox.Literal(title, language=language), graph)
    for country in {each.alpha2: each for each in countries().values()}.values():
        node = ox.NamedNode(country.iri)
        yield ox.Quad(node, TYPE, term("skos:Concept"), graph)
        yield ox.Quad(node, term("skos:inScheme"), scheme, graph)
        yield ox.Quad(node, term("skos:notation"), ox.Literal(country.alpha2), graph)
        yield ox.Quad(node, term("skos:prefLabel"), ox.Literal(country.label_en, language="en"), graph)
        yield ox.Quad(node, term("skos:prefLabel"), ox.Literal(country.label_fr, language="fr"), graph)


def _folder(start: Path, minting: Minting, name: str) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(minting.graph(name))
    for path in sorted(start.glob("*.ttl")):
        for quad in RdfDocument(path, None, minting).quads():
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
