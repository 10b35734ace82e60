"""The real server in a process of its own, over real connections: SPARQLWrapper as a client, and broken answers."""

from __future__ import annotations

import http.client
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
import zstandard
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from passerelle.errors import NoCurrentRelease, SettingsError
from passerelle.settings import Settings
from passerelle.web.http.server import serve
from raw_http import connection
from running_server import Server, served
from small_release import BASE, NUMBERS

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"
LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"


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
    with pytest.raises(QueryBadFormed, match="line 1, column 11"):
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
    return [
        process
        for process in processes_below(server)
        if b"worker_process.py" in Path(f"/proc/{process}/cmdline").read_bytes()
    ]


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


MILLION = f"SELECT ?x ?y ?z {{ {' '.join(f'?{v}s <{BASE}/number> ?{v} .' for v in 'xyz')} }} LIMIT 1000000"
MORE_MEMORY = 32 * 1024**2
"""Bytes: buffers of pipe and connection, what Python keeps of them, and one process that had not answered yet (26 MB).

The answer has 200 MB as JSON."""


def peak(process: int) -> int:
    """The most memory that a process has had, in bytes."""
    line = next(each for each in Path(f"/proc/{process}/status").read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def processes_below(server: Server) -> list[int]:
    found, below = [], [server.process.pid]
    while below:
        parent = below.pop()
        found.append(parent)
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            below += [int(child) for child in task.read_text().split()]
    return found


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_a_million_rows_take_no_more_memory_than_a_hundred(releases: Path, coding: str) -> None:
    with served(releases, "workers=1") as server:
        for _ in range(2):  # each process that can be asked has answered once
            server.get(MILLION.replace("1000000", "20000") + "#warm", "application/sparql-results+json")
        before = {process: peak(process) for process in processes_below(server)}
        connection = server.connect()
        headers = {"Accept": "application/sparql-results+json", "Accept-Encoding": coding}
        connection.request("GET", "/sparql?" + urlencode({"query": MILLION}), headers=headers)
        response = connection.getresponse()
        assert response.headers.get("Content-Encoding", "identity") == coding
        decode = DECODERS[coding]()
        rows, rest = 0, b""
        while piece := response.read(1 << 20):
            content = rest + decode(piece)
            rows += content.count(b'"x":')
            rest = content[-3:]
        connection.close()
        assert rows == 1_000_000
        after = {process: peak(process) for process in before if Path(f"/proc/{process}").exists()}
        assert {p: after[p] - before[p] for p in after if after[p] - before[p] > MORE_MEMORY} == {}


DECODERS: dict[str, Callable[[], Callable[[bytes], bytes]]] = {
    "identity": lambda: lambda piece: piece,
    "gzip": lambda: zlib.decompressobj(31).decompress,
    "zstd": lambda: zstandard.ZstdDecompressor().decompressobj().decompress,
}


@pytest.fixture(scope="module")
def cutting(releases: Path) -> Iterator[Server]:
    """A server whose answers break off after half a second."""
    with served(releases, "stream_seconds=0.5") as server:
        yield server


def long_address(server: Server) -> str:
    return server.endpoint + "?" + urlencode({"query": LONG, "format": "csv"})


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_answer_past_its_total_time_breaks_the_connection(cutting: Server, coding: str) -> None:
    connection = cutting.connect()
    headers = {"Accept": "text/csv", "Accept-Encoding": coding}
    connection.request("GET", "/sparql?" + urlencode({"query": LONG}), headers=headers)
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        response.read()
    connection.close()
    assert cutting.get(COUNT)[0] == 200


def test_a_client_of_http_1_0_sees_that_an_answer_is_cut(cutting: Server) -> None:
    # nothing but the end of the connection tells it the end of an answer: nginx asks in this way unless told otherwise
    asking = connection(cutting)
    asking.sendall(f"GET /sparql?{urlencode({'query': LONG})} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
    received = b""
    with pytest.raises(ConnectionResetError):
        while piece := asking.recv(1 << 20):
            received = received or piece
    assert received.startswith(b"HTTP/1.0 200 OK")
    asking.close()


def test_urllib_and_requests_see_that_an_answer_is_cut(cutting: Server) -> None:
    with (
        urllib.request.urlopen(long_address(cutting)) as response,
        pytest.raises((http.client.IncompleteRead, ConnectionResetError)),
    ):
        response.read()
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        requests.get(long_address(cutting), timeout=60)  # asks for gzip by itself


_CUT = (18, 56, 92)
"""What curl ends with: a partial file, a failure while receiving (`man curl`, EXIT CODES)."""


@pytest.mark.parametrize("option", ["--silent", "--compressed"])
def test_curl_sees_that_an_answer_is_cut(cutting: Server, tmp_path: Path, option: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl")
    ended = subprocess.run(
        [curl, "--silent", option, "--output", tmp_path / "answer", long_address(cutting)], check=False
    )
    assert ended.returncode in _CUT
    whole = cutting.endpoint + "?" + urlencode({"query": COUNT, "format": "csv"})
    assert subprocess.run([curl, "--silent", option, whole], check=True, capture_output=True).stdout.startswith(b"n")


def test_fetch_as_of_browsers_sees_that_an_answer_is_cut(cutting: Server) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    script = (
        "fetch(process.argv[1]).then(r => { console.log(r.status); return r.text() })"
        ".then(() => console.log('whole'), () => console.log('failed'))"
    )
    for coding in ("gzip", "identity"):
        coded = script.replace("process.argv[1]", f"process.argv[1], {{headers: {{'Accept-Encoding': '{coding}'}}}}")
        ended = subprocess.run([node, "-e", coded, long_address(cutting)], check=True, capture_output=True, text=True)
        assert ended.stdout.split() == ["200", "failed"]


def test_clients_that_leave_or_ask_for_the_head_alone_hold_no_place(server: Server) -> None:
    for _ in range(8):  # more than there are places
        connection = server.connect()
        connection.request("GET", "/sparql?" + urlencode({"query": LONG}))
        assert connection.getresponse().read(100_000)
        assert isinstance(connection.sock, socket.socket)
        connection.close()
        connection.request("HEAD", "/sparql?" + urlencode({"query": LONG}))
        head = connection.getresponse()
        # of a body that was not computed, the length is not known (RFC 9110, 8.6)
        assert (head.status, head.headers["Content-Length"]) == (200, None)
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
