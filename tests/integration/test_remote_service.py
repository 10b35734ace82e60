"""`passerelle serve --backend`: the whole façade in front of a real Virtuoso, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from passerelle.graph.release import Release
from published_store import published_demo
from running_server import Server, served
from virtuoso import Virtuoso


@pytest.fixture(scope="module")
def server(virtuoso: Virtuoso, demo_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    published_demo(virtuoso, demo_release)
    nothing: Path = tmp_path_factory.mktemp("no-releases")
    with served(nothing, f"backend={virtuoso.endpoint}") as running:
        yield running


def get(server: Server, path: str, accept: str = "*/*") -> tuple[int, dict[str, str], bytes]:
    connection = server.connect()
    connection.request("GET", path, headers={"Accept": accept})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


def test_queries_are_answered_from_the_release_in_the_engine(server: Server, demo_release: Release) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    status, headers, body = get(server, "/sparql?" + urlencode({"query": query}), "text/csv")
    assert (status, body.split()) == (200, [b"n", str(demo_release.manifest.triples).encode()])
    assert headers["passerelle-release"] == demo_release.identifier
    assert headers["passerelle-demonstration"] == "true"


def test_named_queries_and_pages_work(server: Server) -> None:
    status, _, body = get(server, "/queries/successors?fiche=RNCP990001", "application/json")
    assert status == 200, body
    assert len(json.loads(body)["results"]["bindings"]) == 2
    for path in ("/", "/queries", "/queries/successors?fiche=RNCP990001", "/sparql"):
        status, headers, body = get(server, path, "text/html")
        assert (status, headers["content-type"].split(";")[0]) == (200, "text/html"), path
    thing = quote("https://w3id.org/passerelle/demo/id/rncp/990001", safe="")
    assert get(server, f"/things?iri={thing}", "text/html")[0] == 200


def test_what_the_engine_would_answer_wrongly_is_refused(server: Server) -> None:
    path = "SELECT ?x { ?y <http://www.w3.org/2004/02/skos/core#broader>+ ?x }"
    for query, expected in ((path, 403), ("SELECT (bif:now() AS ?x) {}", 403), ("SELECT ?x WHERE {", 400)):
        status, headers, body = get(server, "/sparql?" + urlencode({"query": query}))
        assert (status, headers["content-type"]) == (expected, "application/problem+json"), query
        assert b"irtuoso" not in body


def test_the_service_is_ready(server: Server) -> None:
    assert get(server, "/healthz")[0] == 200
    assert get(server, "/readyz")[0] == 200
