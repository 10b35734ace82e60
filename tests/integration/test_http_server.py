"""The real server in a process of its own, over real connections: SPARQLWrapper as a client, and broken answers."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from passerelle.errors import NoCurrentRelease, SettingsError
from passerelle.settings import Settings
from passerelle.web.server import serve
from running_server import Server, served
from small_release import BASE, NUMBERS, small_release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"
LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    small_release(folder)
    return folder


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    with served(releases, "query_seconds=2.0", "worker_bytes=536870912") as running:
        yield running


def test_sparqlwrapper_asks_in_each_form(server: Server) -> None:
    client = SPARQLWrapper(server.endpoint)
    client.setReturnFormat(JSON)
    client.setQuery(COUNT)
    assert client.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == str(NUMBERS + 2)
    for way in (URLENCODED, POSTDIRECTLY):
        client.setMethod(POST)
        client.setRequestMethod(way)
        client.setQuery(f"ASK {{ <{BASE}/id/rncp/1> ?p ?o }}")
        assert client.queryAndConvert()["boolean"] is True


def test_sparqlwrapper_reads_the_formats(server: Server) -> None:
    client = SPARQLWrapper(server.endpoint)
    client.setQuery(COUNT)
    client.setReturnFormat(XML)
    assert client.queryAndConvert().getElementsByTagName("literal")[0].firstChild.data == str(NUMBERS + 2)
    client.setReturnFormat(CSV)
    assert client.queryAndConvert() == f"n\r\n{NUMBERS + 2}\r\n".encode()
    client.setReturnFormat(TURTLE)
    client.setQuery(f"DESCRIBE <{BASE}/n/7>")
    assert f"<{BASE}/n/7>".encode() in client.queryAndConvert()
    client.setReturnFormat(JSON)
    client.setQuery("SELECT * {")
    with pytest.raises(QueryBadFormed, match="1:11"):
        client.query()


def test_endless_query_ends_with_503_while_others_are_answered(server: Server) -> None:
    with ThreadPoolExecutor(1) as thread:
        endless = thread.submit(server.get, ENDLESS)
        while not endless.done():
            assert server.get(COUNT)[::2] == (200, f"n\r\n{NUMBERS + 2}\r\n".encode())
    status, content_type, body = endless.result()
    assert (status, content_type) == (503, "application/problem+json")
    assert json.loads(body)["type"].endswith("/query-timeout")


def test_memory_bomb_is_answered_503(server: Server) -> None:
    steps = " ".join(
        f"BIND(REPLACE(?{before}, 'a', 'aaaaaaaaaa') AS ?{after})"
        for before, after in zip("abcdefghi", "bcdefghij", strict=True)
    )
    status, _, body = server.get(f"SELECT (STRLEN(?j) AS ?n) {{ BIND('aaaaaaaaaa' AS ?a) {steps} }}")
    assert status == 503
    assert json.loads(body)["type"].endswith("/query-out-of-memory")
    assert server.get(COUNT)[0] == 200


def query_processes(server: Server) -> list[int]:
    """The processes below the server's own (gunicorn's arbiter, its worker, the query processes)."""
    found = []
    below = [server.process.pid]
    while below:
        parent = below.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            below += [int(child) for child in task.read_text().split()]
        command = Path(f"/proc/{parent}/cmdline").read_bytes()
        if b"worker_process.py" in command:
            found.append(parent)
    return found


@contextmanager
def deaths_of(processes: list[int]) -> Iterator[None]:
    """Wait at the end for the death of processes that are no children of this one."""
    descriptors = [os.pidfd_open(process) for process in processes]
    yield
    for descriptor in descriptors:
        select.select([descriptor], [], [])
        os.close(descriptor)


def test_query_processes_killed_from_outside_are_replaced(server: Server) -> None:
    before = query_processes(server)
    assert before
    with deaths_of(before):
        for process in before:
            os.kill(process, signal.SIGKILL)
    assert server.get(COUNT)[0] == 200
    assert not set(before) & set(query_processes(server))


def test_answer_past_its_total_time_breaks_the_connection(releases: Path) -> None:
    with served(releases, "stream_seconds=0.5") as server:
        connection = server.connect()
        connection.request("GET", "/sparql?" + urlencode({"query": LONG}), headers={"Accept": "text/csv"})
        response = connection.getresponse()
        assert response.status == 200
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            response.read()
        connection.close()
        assert server.get(COUNT)[0] == 200


def test_clients_that_leave_or_ask_for_the_head_alone_hold_no_place(server: Server) -> None:
    for _ in range(8):  # more than there are places
        connection = server.connect()
        connection.request("GET", "/sparql?" + urlencode({"query": LONG}))
        assert connection.getresponse().read(100_000)
        assert isinstance(connection.sock, socket.socket)
        connection.close()
        connection.request("HEAD", "/sparql?" + urlencode({"query": LONG}))
        assert connection.getresponse().status == 200
        connection.close()
    assert server.get(COUNT)[0] == 200


def test_nothing_outlives_the_server_and_no_query_is_logged(releases: Path) -> None:
    with served(releases) as server:
        connection = server.connect()
        connection.request("GET", "/sparql?" + urlencode({"query": LONG + "#secret"}))
        assert connection.getresponse().read(1000)
        assert server.get("SELECT * { 'secret'")[0] == 400
        worker = int(Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()[0])
        with deaths_of(query_processes(server)):
            # not even when gunicorn's process cannot say goodbye
            os.kill(worker, signal.SIGKILL)
        connection.close()
        server.process.terminate()
        output, errors = server.process.communicate(timeout=60)
        assert "secret" not in output + errors


def test_what_keeps_it_from_starting_is_told(tmp_path: Path, releases: Path) -> None:
    with pytest.raises(NoCurrentRelease):
        serve(Settings(releases=tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="cannot listen"):
        serve(Settings(releases=releases, port=taken.getsockname()[1]))
