"""The W3C tests of the SPARQL 1.1 Service Description, against the running server.

The third, "conforms to schema", has no schema with it: the tables below are the classes, domains, ranges and instances
of the vocabulary as the Recommendation of 21 March 2013 writes them (sections 3.2 to 3.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from protocol_manifest import entries
from running_server import Server

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
CLASSES = {
    *("Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile"),
    *("GraphCollection", "Dataset", "Graph", "NamedGraph"),
}
SUBCLASSES = {"Dataset": "GraphCollection"}
# property: domain, range (None: any IRI)
PROPERTIES = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
FEATURES = {"DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery"}
REGIMES = {
    URIRef("http://www.w3.org/ns/entailment/" + each)
    for each in ("Simple", "RDF", "RDFS", "D", "OWL-RDF-Based", "OWL-Direct", "RIF")
}
LANGUAGES = {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"}
# what the service writes, of the formats that the W3C has named
WRITTEN = {
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
}


def described(server: Server, accept: str) -> tuple[int, str, bytes]:
    connection = server.connect()
    connection.request("GET", "/sparql", headers={"Accept": accept})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers["Content-Type"].partition(";")[0], body


@pytest.fixture(scope="module")
def description(server: Server) -> Graph:
    status, media_type, body = described(server, "text/turtle")
    assert (status, media_type) == (200, "text/turtle"), body
    return Graph().parse(data=body, format="turtle", publicID=server.endpoint)


def vocabulary(graph: Graph) -> Iterator[tuple[Node, str, Node]]:
    for subject, predicate, value in graph:
        if isinstance(predicate, URIRef) and predicate in SD:
            yield subject, predicate.removeprefix(str(SD)), value


def is_a(graph: Graph, node: Node, class_: str) -> bool:
    classes = {class_, *(sub for sub, above in SUBCLASSES.items() if above == class_)}
    return any((node, RDF.type, SD[each]) in graph for each in classes)


def service(graph: Graph) -> Node:
    found = list(graph.subjects(RDF.type, SD.Service))
    assert len(found) == 1
    return found[0]


def test_the_manifest_holds_these_three_tests(conformance: Path) -> None:
    names = {entry.name for entry in entries(conformance / "sparql11-service-description")}
    assert names == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}


# rdflib's own parser of JSON-LD uses what rdflib deprecates
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("accept", "media_type", "syntax"),
    [
        ("text/turtle", "text/turtle", "turtle"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.9, */*;q=0.1", "text/turtle", "turtle"),
    ],
)
def test_returns_rdf(server: Server, accept: str, media_type: str, syntax: str) -> None:
    status, found, body = described(server, accept)
    assert (status, found) == (200, media_type), body
    assert len(Graph().parse(data=body, format=syntax, publicID=server.endpoint))


def test_returns_rdf_to_a_client_that_takes_anything(server: Server) -> None:
    status, found, body = described(server, "*/*")
    assert (status, found) == (200, "text/turtle"), body


def test_has_endpoint_triple(server: Server, description: Graph) -> None:
    assert list(description.objects(service(description), SD.endpoint)) == [URIRef(server.endpoint)]


def test_conforms_to_schema(description: Graph) -> None:
    classes = {str(each) for each in description.objects(None, RDF.type) if isinstance(each, URIRef) and each in SD}
    assert {each.removeprefix(str(SD)) for each in classes} <= CLASSES
    found = list(vocabulary(description))
    assert {predicate for _, predicate, _ in found} <= PROPERTIES.keys()
    for subject, predicate, value in found:
        domain, range_ = PROPERTIES[predicate]
        assert is_a(description, subject, domain), (subject, predicate)
        assert not isinstance(value, Literal), (predicate, value)
        # what the W3C itself has defined needs no type here
        if range_ is None or (isinstance(value, URIRef) and value in SD):
            assert isinstance(value, URIRef), (predicate, value)
        elif range_ == "EntailmentRegime":
            assert value in REGIMES, (predicate, value)
        else:
            assert is_a(description, value, range_), (predicate, value)


def test_what_it_describes_is_what_the_specification_names(description: Graph) -> None:
    node = service(description)
    features = set(description.objects(node, SD.feature))
    assert features <= {SD[each] for each in FEATURES}
    assert SD.UnionDefaultGraph in features
    assert SD.BasicFederatedQuery not in features  # SERVICE is refused
    languages = set(description.objects(node, SD.supportedLanguage))
    assert languages <= {SD[each] for each in LANGUAGES}
    assert SD.SPARQL11Query in languages
    assert SD.SPARQL11Update not in languages
    assert set(description.objects(node, SD.resultFormat)) == {FORMATS[each] for each in WRITTEN}


def test_graphs_are_those_of_the_store(description: Graph, graphs: dict[str, bytes]) -> None:
    datasets = list(description.objects(service(description), SD.defaultDataset))
    assert len(datasets) == 1
    named = list(description.objects(datasets[0], SD.namedGraph))
    names = [str(description.value(each, SD.name)) for each in named]
    assert sorted(names) == sorted(graphs)
    assert len(list(description.objects(datasets[0], SD.defaultGraph))) == 1
