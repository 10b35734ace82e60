"""What the descriptions say of the data of a release is the same in each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, Graph, Literal, URIRef
from rdflib.term import Node

from passerelle.graph.descriptions.addresses import Addresses
from passerelle.graph.descriptions.service import SD, ServiceFacts, service_graph
from passerelle.graph.descriptions.void import void_graph
from passerelle.graph.descriptions.words import dataset_iri, release_iri
from passerelle.graph.manifest import Manifest
from passerelle.graph.thing_document import facts_of_release
from passerelle.namespaces import expand
from small_release import IDENTIFIER, small_release

COMMON = (DCTERMS.title, DCTERMS.identifier, DCTERMS.issued)


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return Manifest.read_from(small_release(tmp_path))


def test_title_identifier_and_date_are_the_same_everywhere(manifest: Manifest) -> None:
    at = Addresses("https://data.example.org")
    facts = ServiceFacts(at.endpoint, at.void, at.catalogue, {"en": "", "fr": ""}, federated=False)
    service = service_graph(manifest, facts)
    dataset = service.value(predicate=RDF.type, object=SD.Dataset)
    assert dataset is not None
    in_void = _common(void_graph(manifest, None), URIRef(release_iri(manifest)))
    assert in_void == _common(service, dataset)
    assert Literal(IDENTIFIER) in in_void[DCTERMS.identifier]
    assert [str(each) for each in in_void[DCTERMS.issued]] == ["2026-11-22T12:00:00Z"]
    assert {each.language for each in in_void[DCTERMS.title] if isinstance(each, Literal)} == {"en", "fr"}
    stated = facts_of_release(manifest, dataset_iri(manifest))
    for name in ("title", "identifier", "issued"):
        values = {row["value"]["value"] for row in stated if row["property"]["value"] == expand(f"dcterms:{name}")}
        assert values == {str(each) for each in in_void[DCTERMS[name]]}


def _common(graph: Graph, node: Node) -> dict[URIRef, set[Node]]:
    return {property_: set(graph.objects(node, property_)) for property_ in COMMON}
