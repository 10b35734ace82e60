"""The description of the endpoint itself (SPARQL 1.1 Service Description, W3C Recommendation of 2013)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from rdflib import DCTERMS, RDF, RDFS, VOID, Graph, Literal, Namespace, URIRef

from passerelle.graph.descriptions.words import (
    add_dataset,
    add_rights,
    add_text,
    described,
    graph_title,
    slug_of,
)
from passerelle.graph.manifest import Manifest
from passerelle.graph.rights import rights_of
from passerelle.messages import LANGUAGES

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
"""Formats of answers, by their names in the W3C's list (https://www.w3.org/ns/formats/)."""
_SIMPLE = URIRef("http://www.w3.org/ns/entailment/Simple")


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What is said of an endpoint beside its data.

    `endpoint` is its address; `void` and `catalogue` are those of the other descriptions; `limits` are the limits of
    one query in words, by language; `federated` says whether SERVICE may name some other endpoints.
    """

    endpoint: str
    void: str
    catalogue: str
    limits: Mapping[str, str]
    federated: bool


def service_graph(manifest: Manifest, facts: ServiceFacts) -> Graph:
    """The endpoint as a sd:Service, its union default graph and each named graph with licence and attribution.

    Every node has an IRI, a fragment of the endpoint's address: a description that is loaded twice stays one.
    """
    graph = described(sd=str(SD), formats=str(FORMATS))
    endpoint = URIRef(facts.endpoint)
    service = URIRef(f"{facts.endpoint}#service")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, endpoint))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((service, SD.feature, SD.UnionDefaultGraph))
    if facts.federated:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    for name in RESULT_FORMATS:
        graph.add((service, SD.resultFormat, FORMATS[name]))
    graph.add((service, SD.defaultEntailmentRegime, _SIMPLE))
    add_text(graph, service, DCTERMS.title, "service-demo-title" if manifest.demo else "service-title")
    for language in LANGUAGES:
        graph.add((service, RDFS.comment, Literal(facts.limits[language], lang=language)))
    for address in (facts.void, facts.catalogue):
        graph.add((service, RDFS.seeAlso, URIRef(address)))
    _dataset(graph, manifest, facts, service)
    return graph


def _dataset(graph: Graph, manifest: Manifest, facts: ServiceFacts, service: URIRef) -> None:
    dataset = URIRef(f"{facts.endpoint}#dataset")
    default = URIRef(f"{facts.endpoint}#default-graph")
    available = URIRef(f"{facts.endpoint}#graphs")
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((service, SD.availableGraphs, available))
    graph.add((available, RDF.type, SD.GraphCollection))
    graph.add((dataset, RDF.type, SD.Dataset))
    add_dataset(graph, dataset, manifest)
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    add_text(graph, default, RDFS.comment, "service-default-graph")
    for name, triples in sorted(manifest.graphs.items()):
        slug = quote(slug_of(manifest, name), safe="")
        named, content = URIRef(f"{facts.endpoint}#named-{slug}"), URIRef(f"{facts.endpoint}#graph-{slug}")
        graph.add((dataset, SD.namedGraph, named))
        graph.add((available, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(name)))
        graph.add((named, SD.graph, content))
        graph.add((content, RDF.type, SD.Graph))
        graph.add((content, RDF.type, VOID.Dataset))
        graph.add((content, VOID.triples, Literal(triples)))
        for language, title in graph_title(manifest, name).items():
            graph.add((content, DCTERMS.title, Literal(title, lang=language)))
        add_rights(graph, content, rights_of(manifest, [name]))
