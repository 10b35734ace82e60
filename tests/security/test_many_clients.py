"""Attackers from many addresses who send slowly, read nothing or forge who they are: others are answered meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from guards import never_endless
from passerelle.graph.release import Release
from raw_http import answer, ask, connection, is_closed, query_head, query_path
from running_server import Server, served

WORKERS, SPARES = 2, 1
HEAD = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow: "
BODY = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\nA"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
VISITOR = "127.0.9.9"
ADDRESSES = [f"127.0.7.{number}" for number in range(1, 31)]


@pytest.fixture(scope="module")
def server(demo_release: Release) -> Iterator[Server]:
    limits = ("query_seconds=2", "stream_seconds=2", "header_seconds=3", "body_seconds=2", "idle_seconds=2")
    with served(demo_release.folder.parent, f"workers={WORKERS}", "threads=16", *limits) as running:
        assert running.process.stderr is not None
        os.set_blocking(running.process.stderr.fileno(), False)
        yield running


def visited(server: Server) -> None:
    """A visitor opens pages, and asks until there is an answer, as one does who is told to come again."""
    for path in ("/", "/healthz", "/rules", "/queries"):
        assert ask(server, path, source=VISITOR).status == 200, path
    with never_endless():
        while (asked := ask(server, query_path("ASK {}"), source=VISITOR)).status != 200:
            assert asked.status in (429, 503)
            assert int(asked.headers["Retry-After"]) >= 1


def rested(server: Server) -> None:
    """No query process is missing, or it comes back."""
    assert server.process.stderr is not None
    with never_endless():
        while True:
            found = ask(server, "/healthz", source=VISITOR).json["queries"]
            if found["running"] == found["waiting"] == 0 and found["idle"] == WORKERS + SPARES:
                break
    with suppress(BlockingIOError):
        while written := os.read(server.process.stderr.fileno(), 65_536):
            assert b"Traceback" not in written


def test_headers_that_drip(server: Server) -> None:
    with ExitStack() as stack:
        dripping = [stack.enter_context(connection(server, source=each)) for each in ADDRESSES]
        for each in dripping:
            each.sendall(HEAD)
        visited(server)
        for each in dripping:
            with suppress(BrokenPipeError, ConnectionResetError):
                each.sendall(b"a")
            assert is_closed(each)
    rested(server)


def test_bodies_that_drip(server: Server) -> None:
    with ExitStack() as stack:
        dripping = [stack.enter_context(connection(server, source=each)) for each in ADDRESSES]
        for each in dripping:
            each.sendall(BODY)
        visited(server)
        for each in dripping:
            refused = answer(each)
            assert refused.status in (408, 503)
            assert refused.headers["Content-Type"] == "application/problem+json"
    rested(server)


def test_answers_that_nobody_reads(server: Server) -> None:
    with ExitStack() as stack:
        for source in ADDRESSES:
            stalled = stack.enter_context(connection(server, source=source, receive_buffer=4096))
            stalled.sendall(query_head(LONG))
        visited(server)
    rested(server)


def test_clients_that_leave_at_once(server: Server) -> None:
    for source in ADDRESSES * 2:
        with connection(server, source=source) as leaving:
            leaving.sendall(query_head(LONG))
    visited(server)
    rested(server)


def test_forged_addresses_share_one_share(demo_release: Release) -> None:
    limits = ("workers=1", "client_rate=0.01", "client_burst=3", "cache_bytes=0")
    with served(demo_release.folder.parent, *limits) as server:
        names = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP")
        statuses = [
            ask(server, query_path("ASK {}"), **{name.replace("-", "_"): f"203.0.113.{number}"}).status
            for number, name in enumerate(names)
        ]
        assert statuses == [200] * 3 + [429] * 3
