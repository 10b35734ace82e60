"""Each client has its share: what is over it is refused with 429, and nobody else notices."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from raw_http import answer, ask, connection, is_closed, query_head, query_path
from running_server import Server, served

LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"
ONE = query_path("SELECT (1 AS ?n) {}")
BUSY, OTHER, THIRD = "127.0.0.2", "127.0.0.3", "127.0.0.4"


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    shares = ("client_queries=1", "client_waiting=1", "client_rate=0")
    settings = ("workers=2", "threads=16", "stream_seconds=300", "cache_bytes=0", *shares)
    with served(releases, *settings) as running:
        yield running


def held(server: Server, stack: ExitStack) -> socket.socket:
    """A connection whose long answer has begun and is not read."""
    holding = stack.enter_context(connection(server, source=BUSY, receive_buffer=4096))
    holding.sendall(query_head(LONG))
    assert select.select([holding], [], [], 60)[0]
    return holding


def waiting(server: Server, stack: ExitStack) -> socket.socket:
    """A further request of the same client, of which another one shows that it waits: it is refused."""
    second = stack.enter_context(connection(server, source=BUSY))
    second.sendall(query_head("SELECT (1 AS ?n) {}"))
    return second


def test_over_its_share_a_client_is_refused_and_others_are_not(server: Server) -> None:
    with ExitStack() as stack:
        first = held(server, stack)
        # two that may wait: one does, the other is refused
        rivals = [waiting(server, stack), waiting(server, stack)]
        (loser,), _, _ = select.select(rivals, [], [], 60)
        refusal = answer(loser)
        assert refusal.status == 429
        assert int(refusal.headers["Retry-After"]) >= 1
        assert refusal.headers["Content-Type"] == "application/problem+json"
        assert refusal.headers["Access-Control-Allow-Origin"] == "*"
        assert refusal.headers["Cache-Control"] == "no-store"
        assert refusal.json["type"].endswith("/client-share")
        assert refusal.json["instance"] == f"urn:uuid:{refusal.headers['Passerelle-Request']}"
        french = ask(server, ONE, source=BUSY, Accept_Language="fr-CH, en;q=0.5")
        assert french.headers["Content-Language"] == "fr"
        assert "Votre adresse" in french.json["detail"]
        for path in ("/", "/healthz", "/metrics", "/queries", "/rules", "/validate", "/openapi.json"):
            assert ask(server, path, source=BUSY).status == 200, path
        assert ask(server, ONE, source=BUSY, method="OPTIONS").status in (200, 204)
        assert ask(server, ONE, source=OTHER).status == 200
        first.close()
        rivals.remove(loser)
        assert answer(rivals[0]).status == 200
    assert ask(server, ONE, source=BUSY).status == 200


@pytest.mark.parametrize(
    "path", ["/sparql?query=%7B", "/queries/no-such-query", "/things", "/id/none", "/releases/none/sparql", "/nothing"]
)
def test_whatever_the_answer_the_place_is_given_back(server: Server, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        for _ in range(3):
            assert ask(server, path, source=THIRD, method=method).status < 429
    assert ask(server, ONE, source=THIRD).status == 200


def test_a_refused_body_is_not_waited_for(server: Server) -> None:
    with ExitStack() as stack:
        held(server, stack)
        rivals = [waiting(server, stack), waiting(server, stack)]
        select.select(rivals, [], [], 60)
        for _ in range(20):
            sent = stack.enter_context(connection(server, source=BUSY))
            sent.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: 100000\r\n\r\nASK"
            )
            assert answer(sent).status == 429
            assert is_closed(sent)


def test_the_rate_counts_what_costs_and_says_when_to_come_again(releases: Path) -> None:
    with served(releases, "workers=1", "client_rate=0.01", "client_burst=3", "cache_bytes=0") as server:
        for _ in range(3):
            assert ask(server, ONE, source=BUSY).status == 200
        refusal = ask(server, ONE, source=BUSY)
        assert refusal.status == 429
        assert 1 <= int(refusal.headers["Retry-After"]) <= 100
        assert refusal.json["type"].endswith("/client-rate")
        assert ask(server, "/nothing", source=BUSY).status == 429
        assert ask(server, "/", source=BUSY).status == 200
        assert ask(server, ONE, source=OTHER).status == 200


def test_clients_behind_a_proxy_are_told_apart_by_what_it_saw(releases: Path) -> None:
    with served(releases, "workers=1", "proxies=1", "client_rate=0.01", "client_burst=1", "cache_bytes=0") as server:

        def status(forwarded: str) -> int:
            return ask(server, ONE, X_Forwarded_For=forwarded).status

        assert status("203.0.113.1") == 200
        assert status("203.0.113.1") == 429
        assert status("203.0.113.2") == 200
        # what the client itself wrote stands further left
        assert status("198.51.100.9, 203.0.113.1") == 429
        assert status("2001:db8:1:2::1") == 200
        assert status("2001:db8:1:2:ffff::1") == 429
        assert status("2001:db8:1:3::1") == 200
        # what is no address is all one client, the proxy
        assert status("unknown") == 200
        assert status("x" * 3000) == 429
        assert status("") == 429


def test_without_proxies_the_header_names_nobody(releases: Path) -> None:
    with served(releases, "workers=1", "client_rate=0.01", "client_burst=1", "cache_bytes=0") as server:
        assert ask(server, ONE, X_Forwarded_For="203.0.113.1").status == 200
        assert ask(server, ONE, X_Forwarded_For="203.0.113.2").status == 429


def test_many_clients_at_once_leave_threads_to_the_pages(releases: Path) -> None:
    with served(releases, "workers=1", "threads=8", "queue=16") as server, ExitStack() as stack:
        for number in range(10):
            sent = stack.enter_context(connection(server, source=f"127.0.1.{number + 1}", receive_buffer=4096))
            sent.sendall(query_head(LONG))
        with ThreadPoolExecutor(4) as threads:
            pages = [threads.submit(ask, server, "/healthz", source=f"127.0.2.{each + 1}") for each in range(8)]
            assert [each.result(60).status for each in pages] == [200] * 8
        refused = ask(server, ONE, source="127.0.3.1")
        assert refused.status == 503
        assert refused.json["type"].endswith("/server-full")
        assert refused.headers["Retry-After"]
