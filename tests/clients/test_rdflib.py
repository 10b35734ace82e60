"""RDFLib as a client: the endpoint as a Graph, and documents about things read from their addresses."""

from __future__ import annotations

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from passerelle.namespaces import PREFIXES, Minting
from running_server import Server

# parsers of rdflib use what rdflib itself deprecates
pytestmark = pytest.mark.filterwarnings(
    "ignore:(ConjunctiveGraph|Dataset.default_context) is deprecated:DeprecationWarning"
)

FICHE = URIRef(Minting().fiche("RNCP990001"))
TITLE = Literal("Technicien de maintenance d'éoliennes (démonstration)", lang="fr")
TITLES = "SELECT ?title { ?fiche <http://purl.org/dc/terms/title> ?title }"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace(PREFIXES["void"])


def endpoint(server: Server, method: str = "GET", results: str = "xml") -> Graph:
    return Graph(SPARQLStore(server.endpoint, method=method, returnFormat=results))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("results", ["xml", "json", "csv", "tsv"])
def test_a_select_binds_what_it_is_given(server: Server, method: str, results: str) -> None:
    rows = list(endpoint(server, method, results).query(TITLES, initBindings={"fiche": FICHE}))
    # CSV does not say of a text which language it has
    assert [(str(row["title"]), row["title"].language) for row in rows] == [  # type: ignore[index]
        (str(TITLE), None if results == "csv" else "fr")
    ]


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_ask_construct_and_describe(server: Server, method: str) -> None:
    graph = endpoint(server, method)
    assert graph.query(f"ASK {{ <{FICHE}> ?p ?o }}").askAnswer is True
    assert graph.query(f"ASK {{ <{FICHE}/no> ?p ?o }}").askAnswer is False
    for query in (f"CONSTRUCT WHERE {{ <{FICHE}> ?p ?o }}", f"DESCRIBE <{FICHE}>"):
        constructed = graph.query(query).graph
        assert constructed is not None
        assert (FICHE, DCTERMS.title, TITLE) in constructed


def test_the_endpoint_is_read_like_a_graph(server: Server) -> None:
    graph = endpoint(server)
    assert graph.value(FICHE, DCTERMS.title) == TITLE
    assert (FICHE, DCTERMS.title, TITLE) in graph
    assert list(graph.subjects(DCTERMS.title, TITLE)) == [FICHE]
    with pytest.raises(TypeError, match="read only"):
        graph.add((FICHE, DCTERMS.title, TITLE))


def test_a_named_graph_is_read_like_a_graph(server: Server) -> None:
    store = SPARQLStore(server.endpoint)
    of_rncp, of_rs = (Graph(store, identifier=URIRef(Minting().graph(name))) for name in ("rncp", "rs"))
    assert (FICHE, DCTERMS.title, TITLE) in of_rncp
    assert (FICHE, DCTERMS.title, None) not in of_rs
    assert {str(of_rncp.identifier), str(of_rs.identifier)} <= {str(each) for each in store.contexts()}


def parsed(server: Server, path: str, **given: str) -> Graph:
    return Graph().parse(server.address + path, **given)


SYNTAXES = ["", "turtle", "xml", "json-ld", "nt", "n3"]


@pytest.mark.parametrize("path", ["id/rncp/990001", "ontology", "vocabulary/link-state", ".well-known/void", "sparql"])
def test_trig_is_read_from_its_address(server: Server, path: str) -> None:
    assert len(Dataset(default_union=True).parse(server.address + path, format="trig"))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_thing_is_read_from_its_address(server: Server, syntax: str) -> None:
    graph = parsed(server, "id/rncp/990001", **({"format": syntax} if syntax else {}))
    assert (FICHE, DCTERMS.title, TITLE) in graph
    (document,) = graph.subjects(RDF.type, URIRef(PREFIXES["foaf"] + "Document"))
    assert (document, URIRef(PREFIXES["foaf"] + "primaryTopic"), FICHE) in graph


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_ontology_and_vocabularies_are_read_from_their_addresses(server: Server, syntax: str) -> None:
    given = {"format": syntax} if syntax else {}
    bloc = URIRef(PREFIXES["psl"] + "Bloc")
    assert (bloc, RDF.type, OWL.Class) in parsed(server, "ontology", **given)
    assert any(parsed(server, "ontology", **given).objects(bloc, RDFS.label))
    scheme = parsed(server, "vocabulary/link-state", **given)
    assert list(scheme.subjects(RDF.type, URIRef(PREFIXES["skos"] + "ConceptScheme")))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_descriptions_are_read(server: Server, syntax: str) -> None:
    given = {"format": syntax} if syntax else {}
    service = parsed(server, "sparql", **given)
    (described,) = service.subjects(RDF.type, SD.Service)
    assert service.value(described, SD.endpoint) == URIRef(server.endpoint)
    assert (described, SD.feature, SD.UnionDefaultGraph) in service
    void = parsed(server, ".well-known/void", **given)
    for address in set(void.objects(None, VOID.sparqlEndpoint)):
        assert Graph(SPARQLStore(str(address))).query(f"ASK {{ <{FICHE}> ?p ?o }}").askAnswer is True
    assert list(void.objects(None, VOID.sparqlEndpoint))
    assert list(parsed(server, "catalogue", **given).subjects(RDF.type, URIRef(PREFIXES["dcat"] + "Catalog")))


def test_things_of_several_addresses_come_together_in_a_dataset(server: Server) -> None:
    dataset = Dataset(default_union=True)
    addresses = {URIRef(f"{server.address}id/rncp/{number}") for number in (990001, 990002)}
    for address in addresses:
        dataset.graph(address).parse(str(address), format="turtle")
    assert (FICHE, DCTERMS.title, TITLE) in dataset
    assert addresses <= {each.identifier for each in dataset.graphs()}
    assert len({str(title) for title in dataset.objects(None, DCTERMS.title)}) > len(addresses)
