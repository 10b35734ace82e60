"""Clients that send or read slowly, or not at all: they hold no thread that others need, and not for long."""

from __future__ import annotations

import resource
import select
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from raw_http import answer, ask, connection, is_closed, query_head, query_path
from running_server import Server, served

HEAD = b"GET /rules HTTP/1.1\r\nHost: x\r\n"
LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"
SLOW, OTHER = "127.0.0.2", "127.0.0.3"


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    with served(releases, "workers=1", "threads=1", "header_seconds=300") as running:
        yield running


def test_headers_that_do_not_come_hold_no_thread(server: Server) -> None:
    with ExitStack() as stack:
        waiting = [stack.enter_context(connection(server)) for _ in range(30)]
        for number, each in enumerate(waiting):
            each.sendall(HEAD[:number])
        assert ask(server, "/healthz").status == 200  # from the same address, with one thread
        for number, each in enumerate(waiting):
            each.sendall(HEAD[number:])
        assert ask(server, "/healthz").status == 200
        for each in waiting:
            for byte in b"X-Field: a\r\n\r":
                each.sendall(bytes([byte]))
        assert ask(server, "/healthz").status == 200
        for each in waiting:
            each.sendall(b"\n")
            assert answer(each).status == 200


def test_a_header_that_begins_behind_a_request_holds_no_thread(server: Server) -> None:
    with connection(server) as slow:
        slow.sendall(HEAD + b"\r\n" + HEAD[:20])
        assert answer(slow).status == 200
        assert ask(server, "/healthz").status == 200
        slow.sendall(HEAD[20:] + b"\r\n" + HEAD + b"\r\n")
        assert answer(slow).status == 200
        assert answer(slow).status == 200


def test_a_client_that_leaves_in_the_header_is_forgotten(server: Server) -> None:
    for sent in (b"", HEAD[:5], HEAD):
        connection(server).close()
        with connection(server) as leaving:
            leaving.sendall(sent)
    assert ask(server, "/healthz").status == 200


def test_headers_have_a_deadline(releases: Path) -> None:
    with served(releases, "workers=1", "header_seconds=1") as server:
        with connection(server) as silent, connection(server) as begun, connection(server) as kept:
            begun.sendall(HEAD)
            kept.sendall(HEAD + b"\r\n" + HEAD)
            assert answer(kept).status == 200
            assert is_closed(silent)
            assert is_closed(begun)
            assert is_closed(kept)
        assert ask(server, "/healthz").status == 200


def test_clients_that_do_not_close_hold_up_nobody(server: Server) -> None:
    with ExitStack() as stack:
        # one after the other: to wait two seconds for each would be longer than the last one waits
        for _ in range(40):
            open_still = stack.enter_context(connection(server))
            open_still.sendall(HEAD + b"Connection: close\r\n\r\n")
            assert answer(open_still).status == 200
        assert ask(server, "/healthz").status == 200


def test_bodies_that_nobody_reads_are_not_waited_for(server: Server) -> None:
    head = b"POST /rules HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"
    with ExitStack() as stack:
        waiting = [stack.enter_context(connection(server)) for _ in range(20)]
        for each in waiting:
            each.sendall(head)
        for each in waiting:
            assert answer(each).status == 405
            assert is_closed(each)


def test_more_connections_than_there_are_push_out_their_own_kind(server: Server) -> None:
    many = 1100
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096 if hard == resource.RLIM_INFINITY else min(hard, 4096), hard))
    try:
        with connection(server, source=OTHER) as kept, ExitStack() as stack:
            kept.sendall(HEAD)
            idle = [stack.enter_context(connection(server, source=SLOW)) for _ in range(many)]
            assert ask(server, "/healthz", source="127.0.0.4").status == 200
            assert is_closed(idle[0])
            idle[-1].setblocking(False)
            with pytest.raises(BlockingIOError):
                idle[-1].recv(1)
            kept.sendall(b"\r\n")
            assert answer(kept).status == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_readers_that_stall_leave_threads_and_processes_to_others(releases: Path) -> None:
    with (
        served(releases, "workers=2", "threads=8", "client_queries=1", "client_rate=0") as server,
        ExitStack() as stack,
    ):
        stalled = [stack.enter_context(connection(server, source=SLOW, receive_buffer=4096)) for _ in range(40)]
        for each in stalled:
            each.sendall(query_head(LONG))
        first, _, _ = select.select(stalled, [], [], 60)
        assert first
        for _ in range(5):
            counted = ask(server, query_path("SELECT (1 AS ?n) {}"), source=OTHER, Accept="text/csv")
            assert (counted.status, counted.body) == (200, b"n\r\n1\r\n")
        health = ask(server, "/healthz", source=OTHER).json
        assert health["queries"]["running"] == 1
        assert ask(server, "/readyz", source=OTHER).status == 200


def test_pages_that_are_asked_for_and_not_read_leave_threads_to_others(releases: Path) -> None:
    with served(releases, "workers=1", "threads=4") as server, ExitStack() as stack:
        for _ in range(8):
            stalled = stack.enter_context(connection(server, source=SLOW, receive_buffer=4096))
            stalled.setblocking(False)
            with pytest.raises(BlockingIOError):  # the server takes no more, as it waits to be read
                while True:
                    stalled.send(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
        assert ask(server, "/rules", source=OTHER).status == 200
