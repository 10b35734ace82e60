"""One line of JSON for each request, that says how it ended and nothing that the client sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from passerelle.errors import SettingsError
from passerelle.settings import Settings
from passerelle.web.http.server import serve
from passerelle.web.operation.query_traces import query_trace, shape_of
from raw_http import answer, ask, connection, is_closed, query_head, query_path
from running_server import Server, served
from small_release import IDENTIFIER

SECRET = "Zoé-51c0de"
QUERY = f"SELECT * {{ ?s ?p '{SECRET}' }} # {SECRET}"
LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    with served(releases, "workers=1", "stream_seconds=1", "query_seconds=2", "client_rate=0") as running:
        yield running


def line(server: Server, request: str | None = None) -> dict[str, Any]:
    """The next line of the log, or the one of a request."""
    assert server.process.stderr is not None
    while True:
        text = server.process.stderr.readline()
        assert text
        assert SECRET not in text
        found: dict[str, Any] = json.loads(text)
        if request is None or found.get("request") == request:
            return found


def test_a_request_is_one_line_with_its_id(server: Server) -> None:
    answered = ask(server, query_path(QUERY), Accept="text/csv", User_Agent=SECRET, Referer=SECRET)
    logged = line(server, answered.headers["Passerelle-Request"])
    assert logged.pop("time").endswith("+00:00")
    assert logged.pop("milliseconds") > 0
    assert logged == {
        "level": "info",
        "logger": "passerelle.requests",
        "request": answered.headers["Passerelle-Request"],
        "method": "GET",
        "route": "/sparql",
        "status": 200,
        "outcome": "ok",
        "bytes": len(answered.body),
        "release": IDENTIFIER,
        "query": sha256(QUERY.encode()).hexdigest()[:12],
    }


@pytest.mark.parametrize(
    ("path", "route", "status", "outcome"),
    [
        (f"/queries/{SECRET}", "/queries/{name}", 404, "query-unknown"),
        (f"/{SECRET}", "other", 404, "refused"),
        (f"/rules?lang={SECRET}", "/rules", 200, "ok"),
        ("/static/passerelle.css", "/static/{filename}", 200, "ok"),
        ("/sparql?query=" + SECRET, "/sparql", 400, None),
    ],
)
def test_a_line_holds_patterns_and_never_the_address(
    server: Server, path: str, route: str, status: int, outcome: str | None
) -> None:
    answered = ask(server, path.replace("é", "%C3%A9"))
    assert answered.status == status
    logged = line(server, answered.headers["Passerelle-Request"])
    assert (logged["route"], logged["status"], logged["bytes"]) == (route, status, len(answered.body))
    assert outcome is None or logged["outcome"] == outcome


def test_methods_are_words_of_ours(server: Server) -> None:
    answered = ask(server, "/rules", method="ZOE-METHOD")
    assert line(server, answered.headers["Passerelle-Request"])["method"] == "other"


def test_how_a_request_ended_is_told(server: Server) -> None:
    with connection(server, receive_buffer=4096) as leaving:
        leaving.sendall(query_head(LONG))
        leaving.recv(100)
    assert line(server)["outcome"] == "left"
    with connection(server) as broken:
        broken.sendall(query_head(LONG))
        assert is_closed(broken)
    logged = line(server)
    while logged["logger"] != "passerelle.requests":
        logged = line(server)
    assert (logged["status"], logged["outcome"], logged["error"]) == (200, "broken", "stream-timeout")
    count = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"
    slow = ask(server, query_path(count))
    assert slow.status == 503
    assert line(server, slow.headers["Passerelle-Request"])["outcome"] == "timeout"
    for outcome in ("ok", "cached"):
        repeated = ask(server, query_path("SELECT (7 AS ?n) {}"))
        assert line(server, repeated.headers["Passerelle-Request"])["outcome"] == outcome
    with connection(server) as malformed:
        malformed.sendall(f"GET /{SECRET} HTTP/1.1\r\nno colon\r\n\r\n".encode())
        refused = answer(malformed)
    logged = line(server, refused.headers["Passerelle-Request"])
    assert (logged["status"], logged["outcome"]) == (400, "unreadable")


def test_the_id_of_a_problem_is_the_one_of_the_log(server: Server) -> None:
    answered = ask(server, "/queries/none")
    identifier = answered.headers["Passerelle-Request"]
    assert answered.json["instance"] == f"urn:uuid:{identifier}"
    assert line(server, identifier)["status"] == 404


def test_a_log_that_nobody_reads_stops_nothing(releases: Path) -> None:
    with served(releases, "workers=1", "client_rate=0") as server, connection(server) as busy:
        for _ in range(600):  # more lines than a pipe holds
            busy.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert answer(busy).status == 200


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        ('SELECT * { ?s ?p \'a secret\', """long"""@fr, 42, 1.5e3 }', "SELECT * { ?s ?p … , … @fr , … , … }"),
        ("# secret\nASK { ?s ?p ?o } # secret", "ASK { ?s ?p ?o }"),
        ("ASK { <https://example.org/a> a ex:b }", "ASK { <https://example.org/a> a ex:b }"),
        ("ASK { ?s ?p 'secret", "ASK { ?s ?p …"),
        ("ASK { ?s ?p \\u0022secret\\u0022 }", "ASK { ?s ?p …"),
        ("ASK { ?s ?p 'it''secret' }", "ASK { ?s ?p … … }"),
    ],
)
def test_the_shape_of_a_query_holds_no_literal(query: str, shape: str) -> None:
    assert shape_of(query) == shape


def test_the_shape_of_a_long_query_ends() -> None:
    assert len(shape_of("ASK { " + "?s ?p 'x' . " * 10_000)) < 5000


@pytest.mark.parametrize(("choice", "shown"), [("none", {}), ("shape", {"query": "ASK { ?s ?p … }"})])
def test_what_is_said_of_queries_is_a_setting(choice: str, shown: dict[str, str]) -> None:
    trace = query_trace(Settings(log_queries=choice))
    assert trace("ASK { ?s ?p 'secret' }", 200) == shown
    assert trace("Zoé, not SPARQL", 400) == {}


def test_another_way_to_log_queries_keeps_the_service_from_starting(releases: Path) -> None:
    with pytest.raises(SettingsError, match="log_queries"):
        serve(Settings(releases=releases, log_queries="text"))


def test_queries_of_our_own_leave_their_trace_as_well(releases: Path) -> None:
    with served(releases, "workers=1", "client_rate=0", "log_queries=shape") as server:
        thing = ask(server, "/things?iri=https://example.org/passerelle/id/rncp/1", Accept="text/turtle")
        shape = line(server, thing.headers["Passerelle-Request"])["query"]
        assert "<https://example.org/passerelle/id/rncp/1>" in shape
        named = ask(server, "/queries/successors?fiche=RNCP1&format=csv")
        assert named.status == 200
        assert line(server, named.headers["Passerelle-Request"])["query"].startswith(("PREFIX", "SELECT"))
