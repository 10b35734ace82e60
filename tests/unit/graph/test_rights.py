"""Licences and attributions: one rule, the same in every description, and the sources of what we made are named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rdflib import DCTERMS, RDFS, Graph, Literal, Namespace, URIRef

from passerelle.graph.descriptions.addresses import Addresses
from passerelle.graph.descriptions.catalogue import Publisher, catalogue_graph
from passerelle.graph.descriptions.service import SD, ServiceFacts, service_graph
from passerelle.graph.descriptions.void import void_graph
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.rights import OURS, rights_of, rights_of_source
from passerelle.graph.thing_document import facts_of_release
from passerelle.namespaces import expand
from small_manifest import manifest, source

BASE = "https://example.org/passerelle"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
OPEN_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
ESCO_SENTENCE = "This service uses the ESCO classification of the European Commission."
PSL = Namespace(expand("psl:"))
AT = Addresses("https://data.example.org")


def _source(slug: str, licence: str, name: str, attribution: str) -> SourceEntry:
    return source(
        slug,
        title_en=slug,
        title_fr=slug,
        licence_iri=licence,
        licence_name=name,
        attribution_en=attribution,
        quads=1,
    )


ESCO = _source("esco", CC_BY, "CC BY 4.0", ESCO_SENTENCE)
RNCP = _source("rncp", OPEN_LICENCE, "Licence Ouverte 2.0", "Source: France compétences")
UNKNOWN = _source("remote", "", "Licence not known", "Ask whoever runs the store")
OWN = ("ontology", "vocabularies", "links", "provenance", "queries")
MANIFEST = manifest(
    BASE,
    demo=False,
    sources=(RNCP, ESCO),
    triples=7,
    graphs={f"{BASE}/graph/{name}": 1 for name in ("rncp", "esco", *OWN)},
)
FOREIGN = replace(MANIFEST, sources=(UNKNOWN,), graphs={"https://elsewhere.example/graph": 1})


def graph(name: str) -> str:
    return f"{BASE}/graph/{name}"


@pytest.mark.parametrize(
    ("graphs", "licences", "sources", "ours"),
    [
        (["rncp"], {OPEN_LICENCE}, (RNCP,), False),
        (["esco"], {CC_BY}, (ESCO,), False),
        (["esco", "rncp"], {CC_BY, OPEN_LICENCE}, (RNCP, ESCO), False),
        (["ontology"], {CC_BY}, (), True),
        (["queries"], {CC_BY}, (), True),
        (["provenance"], {CC_BY}, (), True),
        # ours, made from what the sources say
        (["links"], {CC_BY}, (RNCP, ESCO), True),
        (["vocabularies"], {CC_BY}, (RNCP, ESCO), True),
        (["rncp", "ontology"], {OPEN_LICENCE, CC_BY}, (RNCP,), True),
        ([], set(), (), False),
    ],
)
def test_the_rights_of_graphs(
    graphs: list[str], licences: set[str], sources: tuple[SourceEntry, ...], ours: bool
) -> None:
    found = rights_of(MANIFEST, map(graph, graphs))
    assert (set(found.licences), found.sources, found.ours) == (licences, sources, ours)
    assert len(found.licences) == len(licences)


def test_a_graph_that_is_not_ours_is_not_licensed_by_us() -> None:
    found = rights_of(FOREIGN, FOREIGN.graphs)
    assert (found.licences, found.sources, found.ours) == ((), (UNKNOWN,), False)


@pytest.mark.parametrize("licence", ["javascript:alert(1)", "", "https://a b", "urn:x"])
def test_what_is_no_web_address_is_no_licence(licence: str) -> None:
    assert rights_of_source(replace(RNCP, licence_iri=licence)).licences == ()


def _void(manifest: Manifest, name: str) -> tuple[Graph, URIRef]:
    return void_graph(manifest, None), URIRef(name)


def _catalogue(manifest: Manifest, name: str) -> tuple[Graph, URIRef]:
    return catalogue_graph(manifest, [manifest], Publisher("Publisher"), AT), URIRef(name)


def _service(manifest: Manifest, name: str) -> tuple[Graph, URIRef]:
    facts = ServiceFacts(
        "https://data.example.org/sparql", AT.void, AT.catalogue, {"en": "", "fr": ""}, federated=False
    )
    described = service_graph(manifest, facts)
    content = described.value(described.value(predicate=SD.name, object=URIRef(name)), SD.graph)
    assert isinstance(content, URIRef)
    return described, content


def _things(manifest: Manifest, name: str) -> tuple[Graph, URIRef]:
    described = Graph()
    for row in facts_of_release(manifest, name):
        value = row["value"]
        node = (
            URIRef(value["value"])
            if value["type"] == "uri"
            else Literal(value["value"], lang=value.get("xml:lang"), datatype=value.get("datatype"))
        )
        described.add((URIRef(row["subject"]["value"]), URIRef(row["property"]["value"]), node))
    return described, URIRef(name)


@pytest.mark.parametrize("description", [_void, _catalogue, _service, _things])
@pytest.mark.parametrize("name", ["rncp", "esco", *OWN])
def test_every_description_of_a_graph_says_the_same(description: object, name: str) -> None:
    assert callable(description)
    described, node = description(MANIFEST, graph(name))
    expected = rights_of(MANIFEST, [graph(name)])
    assert {str(each) for each in described.objects(node, DCTERMS.license)} == set(expected.licences)
    attributions = {str(each) for each in described.objects(node, PSL.attribution)}
    assert attributions == {entry.attribution_en for entry in expected.sources}


def test_the_sentence_of_esco_stands_where_links_are_described() -> None:
    for description in (_void, _catalogue, _service, _things):
        described, node = description(MANIFEST, graph("links"))
        assert (node, PSL.attribution, Literal(ESCO_SENTENCE, lang="en")) in described
        assert (node, PSL.attribution, Literal("Source: France compétences", lang="en")) in described


def test_a_download_of_links_names_the_sources_too() -> None:
    described, node = _catalogue(MANIFEST, graph("links"))
    distribution = URIRef(f"{node}#distribution-turtle")
    assert set(described.objects(distribution, DCTERMS.license)) == {URIRef(CC_BY)}
    (rights,) = described.objects(distribution, DCTERMS.rights)
    assert Literal(ESCO_SENTENCE, lang="en") in set(described.objects(rights, RDFS.label))


def test_a_licence_that_is_known_by_name_alone_is_told_by_name() -> None:
    for description in (_void, _catalogue, _service):
        described, node = description(FOREIGN, "https://elsewhere.example/graph")
        assert described.value(node, DCTERMS.license) is None
        assert str(described.value(described.value(node, DCTERMS.rights), RDFS.label)) == "Licence not known"


def test_a_document_of_ours_is_under_our_licence_alone() -> None:
    assert (OURS.licences, OURS.sources) == ((CC_BY,), ())
