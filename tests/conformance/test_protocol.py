"""The W3C tests of the SPARQL 1.1 Protocol, sent to the running server as their manifest writes them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import Graph

from protocol_manifest import Entry, Exchange, conformance_folder, entries
from running_server import Server

QUERIES, UPDATES = 20, 14
FOLDER = "sparql11-protocol"
ENDPOINT = "/sparql"
RESULTS_JSON, RESULTS_XML = "application/sparql-results+json", "application/sparql-results+xml"
# the lists that the names of the tests give
FORMATS = {
    "boolean": {RESULTS_JSON, RESULTS_XML},
    "tabular": {RESULTS_JSON, RESULTS_XML, "text/csv", "text/tab-separated-values"},
    "RDF": {"application/rdf+xml", "text/turtle", "application/n-triples"},
}
SYNTAX = {"application/rdf+xml": "xml", "text/turtle": "turtle", "application/n-triples": "nt"}


def all_entries() -> tuple[Entry, ...]:
    folder = conformance_folder() / FOLDER
    return entries(folder) if folder.is_dir() else ()


def cases(*, updates: bool) -> list[object]:
    found = [pytest.param(each, id=each.name) for each in all_entries() if each.is_update is updates]
    return found or [pytest.param(None, id="absent")]


def ask(server: Server, exchange: Exchange) -> tuple[int, str, bytes]:
    connection = server.connect()
    try:
        return exchange.send(connection, ENDPOINT)
    finally:
        connection.close()


def boolean_of(media_type: str, body: bytes) -> bool:
    if media_type == RESULTS_JSON:
        return json.loads(body)["boolean"] is True
    found = ElementTree.fromstring(body).findtext("{*}boolean")
    assert found in ("true", "false")
    return found == "true"


def check_format(expected: str | None, media_type: str, body: bytes) -> None:
    if expected is None:
        return
    assert media_type in FORMATS[expected]
    if expected == "RDF":
        Graph().parse(data=body, format=SYNTAX[media_type])
    elif expected == "tabular":
        # every table of these tests has the one row `1` under `value`
        if media_type == RESULTS_JSON:
            assert [row["value"]["value"] for row in json.loads(body)["results"]["bindings"]] == ["1"]
        elif media_type == RESULTS_XML:
            assert ElementTree.fromstring(body).findtext(".//{*}literal") == "1"
        else:
            assert [row[0].lstrip("?") for row in csv.reader(io.StringIO(body.decode()))] == ["value", "1"]


def test_the_manifest_holds_all_tests(conformance: Path) -> None:
    found = entries(conformance / FOLDER)
    assert sum(not each.is_update for each in found) == QUERIES
    assert sum(each.is_update for each in found) == UPDATES
    assert len({each.name for each in found}) == QUERIES + UPDATES
    assert all(each.kind == "ProtocolTest" and each.exchanges for each in found)


@pytest.mark.parametrize("entry", cases(updates=False))
def test_query(conformance: Path, server: Server, entry: Entry) -> None:
    for exchange in entry.exchanges:
        status, content_type, body = ask(server, exchange)
        assert status // 100 in exchange.statuses, (status, body)
        media_type = content_type.partition(";")[0]
        check_format(exchange.format, media_type, body)
        if exchange.boolean is not None:
            assert boolean_of(media_type, body) is exchange.boolean
        if exchange.statuses == {4}:
            assert media_type == "application/problem+json"
            assert json.loads(body)["status"] == status


@pytest.mark.parametrize("entry", cases(updates=True))
def test_update_is_refused(
    conformance: Path, graphs: dict[str, bytes], store: Path, server: Server, entry: Entry
) -> None:
    update, *queries = entry.exchanges
    status, content_type, body = ask(server, update)
    assert status // 100 == 4, (status, body)
    assert content_type == "application/problem+json"
    assert json.loads(body)["status"] == status
    # the query that would find what was written, had it been
    for query in queries:
        assert query.boolean is True
        status, content_type, body = ask(server, query)
        assert status == 200
        assert boolean_of(content_type.partition(";")[0], body) is False
    held = {str(quad) for quad in ox.Store.read_only(str(store))}
    given = {
        str(ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph)))
        for graph, data in graphs.items()
        for triple in ox.parse(data, ox.RdfFormat.N_TRIPLES)
    }
    assert held == given
    status, _, rows = server.get("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert (status, rows.split()[1]) == (200, str(len(given)).encode())
