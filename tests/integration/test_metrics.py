"""What monitoring reads: metrics in the format of Prometheus, and whether the service lives and is ready."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from guards import never_endless
from passerelle.settings import Settings
from passerelle.web.application import create_application
from raw_http import answer, ask, connection, query_path
from running_server import Server, served
from small_release import BASE, IDENTIFIER, small_release

SECRET = "Zoe-51c0de"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    with served(releases, "workers=1", "query_seconds=1", "client_rate=0.001", "client_burst=6") as running:
        yield running


def samples(server: Server) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    page = ask(server, "/metrics")
    assert page.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-store"
    assert SECRET.encode() not in page.body
    assert b"127.0.0" not in page.body
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.body.decode())
        for sample in family.samples
    }


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def awaited(server: Server, expected: dict[tuple[str, frozenset[tuple[str, str]]], float]) -> None:
    """Wait for these values: a request is counted when its answer has gone out, after the client has it."""
    with never_endless():
        while {name: (found := samples(server)).get(name) for name in expected} != expected:
            assert all(found.get(name, 0) <= value for name, value in expected.items())


def test_requests_queries_and_refusals_are_counted(server: Server) -> None:
    source = "127.0.0.2"
    once = key("passerelle_queries_total", outcome="ok")
    assert ask(server, query_path(f"SELECT ('{SECRET}' AS ?n) {{}}"), source=source).status == 200
    awaited(server, {once: 1})  # then the answer is kept as well
    for _ in range(2):
        assert ask(server, query_path(f"SELECT ('{SECRET}' AS ?n) {{}}"), source=source).status == 200
    assert ask(server, f"/queries/{SECRET}", source=source).status == 404
    assert ask(server, query_path(ENDLESS), source=source).status == 503
    while ask(server, "/sparql?query=ASK", source=source).status != 429:
        pass
    with connection(server) as malformed:
        malformed.sendall(b"GET / HTTP/1.1\r\nno colon\r\n\r\n")
        assert answer(malformed).status == 400
    one = {"method": "GET", "route": "/sparql"}
    named = {"method": "GET", "route": "/queries/{name}", "status": "4xx", "outcome": "query-unknown"}
    awaited(
        server,
        {
            key("passerelle_requests_total", **one, status="2xx", outcome="ok"): 1,
            key("passerelle_requests_total", **one, status="2xx", outcome="cached"): 2,
            key("passerelle_requests_total", **one, status="5xx", outcome="timeout"): 1,
            key("passerelle_requests_total", **named): 1,
            once: 1,
            key("passerelle_queries_total", outcome="cached"): 2,
            key("passerelle_queries_total", outcome="timeout"): 1,
            key("passerelle_cache_hits_total"): 2,
            key("passerelle_throttled_requests_total"): 1,
            key("passerelle_unreadable_requests_total", status="400"): 1,
            key("passerelle_first_byte_seconds_count", route="/queries/{name}"): 1,
            key("passerelle_request_seconds_bucket", route="/queries/{name}", le="+Inf"): 1,
        },
    )


def test_processes_and_release_are_shown(server: Server) -> None:
    assert ask(server, query_path(ENDLESS), source="127.0.0.3").status == 503
    found = samples(server)
    assert found[key("passerelle_release_info", identifier=IDENTIFIER, software="0.1")] == 1
    assert found[key("passerelle_release_triples")] == 302
    assert key("passerelle_release_age_seconds") in found
    assert found[key("passerelle_pool_waiting", pool="query")] == 0
    assert found[key("passerelle_pool_running", pool="query")] == 0
    assert found[key("passerelle_pool_kills_total", pool="query", reason="timeouts")] >= 1
    assert found[key("passerelle_pool_kills_total", pool="query", reason="lost")] == 0
    assert found[key("passerelle_pool_wait_seconds_count", pool="query")] >= 0
    assert found[key("passerelle_pool_running", pool="validation")] == 0
    assert any(name == "passerelle_build_info" for name, _ in found)


def test_healthz_tells_what_is_served(server: Server) -> None:
    health = ask(server, "/healthz")
    assert health.status == 200
    assert health.json["release"] == IDENTIFIER
    assert health.headers["Cache-Control"] == "no-store"
    ready = ask(server, "/readyz")
    assert (ready.status, ready.json) == (
        200,
        {"status": "ready", "release": True, "processes": True, "serving": True},
    )


def test_readyz_names_the_part_that_is_missing(tmp_path: Path) -> None:
    application = create_application(Settings(releases=tmp_path))
    response = application.test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "release": False, "processes": False, "serving": True}


def test_a_server_that_stops_is_not_ready_and_ends_what_is_under_way(releases: Path) -> None:
    with served(releases, "workers=1") as server, connection(server) as kept:
        ready = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
        kept.sendall(ready)
        assert answer(kept).status == 200
        server.process.send_signal(signal.SIGTERM)
        with never_endless():  # until the signal has come through
            kept.sendall(ready)
            while (last := answer(kept)).status == 200:
                kept.sendall(ready)
        assert (last.status, last.json["serving"]) == (503, False)


def test_pages_are_no_queries_though_they_ask_some(releases: Path) -> None:
    with served(releases, "workers=1") as running:
        hits = key("passerelle_cache_hits_total")
        for kept, path in enumerate((f"/things?iri={BASE}/id/rncp/1&format=turtle", "/sparql?format=turtle")):
            assert ask(running, path).status == 200
            awaited(running, {key("passerelle_first_byte_seconds_count", route=path.partition("?")[0]): 1})
            assert ask(running, path).status == 200
            awaited(running, {hits: kept + 1})
        assert not [name for name, _ in samples(running) if name == "passerelle_queries_total"]
        for outcome in ("ok", "cached"):
            assert ask(running, query_path("ASK {}")).status == 200
            awaited(running, {key("passerelle_queries_total", outcome=outcome): 1})


def test_what_was_counted_outlives_a_release(tmp_path: Path) -> None:
    small_release(tmp_path)
    application = create_application(Settings(releases=tmp_path, workers=1, query_seconds=1, client_rate=0))
    publication = application.extensions["publication"]
    client = application.test_client()

    def counted() -> tuple[int, int, float, float]:
        health = client.get("/healthz").json
        assert health is not None
        found = {
            (sample.name, sample.labels.get("reason")): sample.value
            for family in text_string_to_metric_families(client.get("/metrics").text)
            for sample in family.samples
            if sample.labels.get("pool") == "query"
        }
        answered = found["passerelle_pool_answered_total", None]
        kills = found["passerelle_pool_kills_total", "timeouts"]
        return health["queries"]["answered"], health["queries"]["timeouts"], answered, kills

    try:
        assert client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200
        assert client.get("/sparql", query_string={"query": ENDLESS}).status_code == 503
        assert counted() == (1, 1, 1, 1)
        following = "20261123T120000Z-0a1b2c3d"
        small_release(tmp_path, following)
        assert publication.serve(following)
        assert counted() == (1, 1, 1, 1)
        assert client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200
        # one of the past counts with it
        assert client.get(f"/releases/{IDENTIFIER}/sparql", query_string={"query": "ASK {}"}).status_code == 200
        assert counted() == (3, 1, 3, 1)
    finally:
        for name in ("publication", "credentials"):
            application.extensions[name].close()
