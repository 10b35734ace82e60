"""SPARQLWrapper as a client: each form of query in each of its formats, its defaults, time limits and errors."""

from __future__ import annotations

import json
from urllib.error import HTTPError
from xml.dom.minidom import Document

import pytest
from rdflib import DCTERMS, Graph, Literal, URIRef
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
    SPARQLWrapper2,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from passerelle.namespaces import Minting
from running_server import Server

# SPARQLWrapper fills a graph of a class that rdflib deprecates
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

FICHE = Minting().fiche("RNCP990001")
TITLE = "Technicien de maintenance d'éoliennes (démonstration)"
TITLES = f"SELECT ?title {{ <{FICHE}> <http://purl.org/dc/terms/title> ?title }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{FICHE}> ?p ?o }}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


def client(server: Server, query: str, results: str = "", way: tuple[str, str] = WAYS[0]) -> SPARQLWrapper:
    made = SPARQLWrapper(server.endpoint)
    made.setMethod(way[0])
    made.setRequestMethod(way[1])
    made.setQuery(query)
    if results:
        made.setReturnFormat(results)
    return made


@pytest.mark.parametrize("way", WAYS)
def test_by_default_it_reads_xml(server: Server, way: tuple[str, str]) -> None:
    rows = client(server, TITLES, way=way).queryAndConvert()
    assert isinstance(rows, Document)
    assert [each.firstChild.data for each in rows.getElementsByTagName("literal")] == [TITLE]  # type: ignore[union-attr]
    triples = client(server, CONSTRUCT, way=way).queryAndConvert()
    assert (URIRef(FICHE), DCTERMS.title, Literal(TITLE, lang="fr")) in triples


@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE <{FICHE}>"], ids=["CONSTRUCT", "DESCRIBE"])
@pytest.mark.parametrize(
    ("results", "media_type"),
    [
        (TURTLE, "text/turtle"),
        (N3, "text/turtle"),
        (RDFXML, "application/rdf+xml"),
        (XML, "application/rdf+xml"),
        (JSONLD, "application/ld+json"),
    ],
)
def test_triples_in_each_of_its_formats(server: Server, query: str, results: str, media_type: str) -> None:
    answer = client(server, query, results).query()
    assert answer.info()["content-type"].partition(";")[0] == media_type
    graph = answer.convert()
    if isinstance(graph, bytes):
        graph = Graph().parse(data=graph, format="turtle")
    assert (URIRef(FICHE), DCTERMS.title, Literal(TITLE, lang="fr")) in graph


def test_rows_as_a_table_of_tabs(server: Server) -> None:
    assert client(server, TITLES, TSV).queryAndConvert().decode() == f'?title\n"{TITLE}"@fr\n'


def test_rows_as_its_own_bindings(server: Server) -> None:
    asking = SPARQLWrapper2(server.endpoint)
    asking.setQuery(TITLES)
    (row,) = asking.query().bindings
    assert (row["title"].value, row["title"].lang) == (TITLE, "fr")


def test_by_content_negotiation_alone(server: Server) -> None:
    asking = client(server, TITLES, JSON)
    asking.setOnlyConneg(True)
    assert [row["title"]["value"] for row in asking.queryAndConvert()["results"]["bindings"]] == [TITLE]


@pytest.mark.parametrize("way", WAYS)
def test_the_graphs_that_it_names_are_asked_alone(server: Server, way: tuple[str, str]) -> None:
    for name, titles in (("rncp", [TITLE]), ("rs", [])):
        asking = client(server, TITLES, JSON, way)
        asking.addDefaultGraph(Minting().graph(name))
        assert [row["title"]["value"] for row in asking.queryAndConvert()["results"]["bindings"]] == titles


@pytest.mark.parametrize("way", WAYS)
def test_an_error_is_a_malformed_query_and_says_where(server: Server, way: tuple[str, str]) -> None:
    with pytest.raises(QueryBadFormed, match="line 1, column 11") as caught:
        client(server, "SELECT * {", JSON, way).query()
    assert "Correct it at that line and column" in str(caught.value)


def refusal(asking: SPARQLWrapper) -> tuple[int, str]:
    """Status of an answer that is an error, and the last part of its type."""
    with pytest.raises(HTTPError) as caught:
        asking.query()
    with caught.value as error:
        return error.code, json.loads(error.read())["type"].rpartition("/")[2]


def test_other_errors_keep_their_status_and_text(server: Server) -> None:
    # it sends an update as update=, which no form of request of ours has
    update = client(server, "DROP ALL", JSON, WAYS[1])
    assert refusal(update)[0] == 403
    bounded = client(server, ENDLESS, JSON)
    bounded.addParameter("timeout", "0.2")
    assert refusal(bounded) == (503, "query-timeout")
    # a table is asked for, of triples
    with pytest.warns(RuntimeWarning, match="unexpected returned format 'csv'"):
        assert refusal(client(server, CONSTRUCT, CSV))[0] == 406


def test_it_may_stop_waiting_and_the_server_goes_on(server: Server) -> None:
    asking = client(server, ENDLESS, JSON)
    asking.setTimeout(1)
    with pytest.raises(TimeoutError):
        asking.query()
    assert client(server, f"ASK {{ <{FICHE}> ?p ?o }}", JSON).queryAndConvert()["boolean"] is True
