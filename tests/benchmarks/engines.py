"""What the benchmarks of the endpoint put side by side: the façade, `oxigraph serve-read-only`, Virtuoso.

All three answer from the same release and take the union of its named graphs as the default graph.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import pyoxigraph as ox
import pytest

from passerelle.graph.release import Release
from virtuoso import running_virtuoso

JSON = "application/sparql-results+json"
ACCEPT = f"{JSON}, text/turtle;q=0.5"
ONE_ADDRESS = {
    # wrk's clients all come from one address; what one client may do is the subject of test_bench_hostile
    "PASSERELLE_CLIENT_RATE": "0",
    "PASSERELLE_CLIENT_QUERIES": "64",
    "PASSERELLE_CLIENT_WAITING": "64",
}
_START_SECONDS = 60
_NQUADS = 512  # of Virtuoso's TTLP


@dataclass(frozen=True)
class Engine:
    """A server that answers queries by GET at `endpoint` (a path).

    `process` is the first of its processes; one that is not `judged` may refuse queries, which is then reported.
    """

    name: str
    host: str
    endpoint: str
    process: int | None = None
    judged: bool = True

    def connect(self) -> http.client.HTTPConnection:
        """A connection to be kept."""
        return http.client.HTTPConnection(self.host, timeout=60)

    def ask(self, connection: http.client.HTTPConnection, query: str, **headers: str) -> bytes:
        """The body of the answer as it comes. Fails for any status but 200."""
        connection.request("GET", f"{self.endpoint}?query={quote_plus(query)}", headers={"Accept": ACCEPT, **headers})
        response = connection.getresponse()
        body = response.read()
        assert response.status == http.client.OK, (self.name, response.status, body[:500])
        return body

    def rows(self, query: str) -> int:
        """How many solutions or triples it answers."""
        with closing(self.connect()) as connection:
            body = self.ask(connection, query)
        if body.lstrip().startswith(b"{"):
            return len(json.loads(body)["results"]["bindings"])
        return len(set(ox.parse(body, format=ox.RdfFormat.TURTLE)))


@contextmanager
def facade(release: Release, **settings: str) -> Iterator[Engine]:
    """`passerelle serve` in processes of its own; `settings` are PASSERELLE_* variables."""
    command = [sys.executable, "-m", "passerelle", "--lang", "en", "serve", "--port", "0"]
    command += ["--releases", str(release.folder.parent)]
    with tempfile.TemporaryFile("w+") as log:  # one line for each request, as an administrator would keep it
        # the peer has an allocator of this kind built in; OPERATIONS.md advises the same to administrators
        allocator = next(Path("/usr/lib").glob("*-linux-*/libjemalloc.so.2"), None)
        advised = {"PASSERELLE_ALLOCATOR": str(allocator)} if allocator else {}
        print(f"\nallocator of the query processes: {allocator or 'that of the C library'}")
        environment = {**os.environ, **advised, **settings}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http://" in line, log.seek(0) or log.read()
            yield Engine("façade", urlsplit(line.split()[3]).netloc, "/sparql", process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=60)


@contextmanager
def oxigraph(release: Release) -> Iterator[Engine]:
    """`oxigraph serve-read-only` over the very store that the façade serves; skipped where it is not installed."""
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    binary = shutil.which("oxigraph", path=places)
    if binary is None:
        pytest.skip("no oxigraph here: it comes with the test requirements (package `oxigraph`)")
    with socket.socket() as probe:  # it says the port that it was asked for, not the one that it took
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [binary, "serve-read-only", "--location", str(release.store), "--union-default-graph", "--bind", host]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        engine = Engine("oxigraph", host, "/query", process.pid)
        _wait_until_it_answers(engine, process)
        yield engine
    finally:
        process.kill()
        process.wait()


@contextmanager
def virtuoso(release: Release, folder: Path) -> Iterator[Engine | None]:
    """A private Virtuoso with the release's graphs; None where the Debian package is missing."""
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        yield None
        return
    with running_virtuoso(folder) as server:
        quads = folder / "release.nq"
        ox.Store.read_only(str(release.store)).dump(str(quads), ox.RdfFormat.N_QUADS)
        server.sql(
            f"log_enable(2);\nDB.DBA.TTLP(file_to_string_output('{quads}'), '', 'urn:none', {_NQUADS});\ncheckpoint;\n"
        )
        yield Engine("Virtuoso", urlsplit(server.address).netloc, "/sparql", judged=False)


def processes_of(process: int) -> list[int]:
    """The process and all below it."""
    found = [process]
    for identifier in found:  # grows while it is read
        try:
            for task in Path(f"/proc/{identifier}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:  # it has ended meanwhile
            continue
    return found


def milliseconds_of_processes(process: int) -> tuple[float, float]:
    """What a server has computed so far (user and system time): its own processes, and the query processes below."""
    mine = below = 0.0
    ticks = os.sysconf("SC_CLK_TCK") / 1000
    for identifier in processes_of(process):
        try:
            line = Path(f"/proc/{identifier}/cmdline").read_text()
            fields = Path(f"/proc/{identifier}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own, ended = ((int(fields[place]) + int(fields[place + 1])) / ticks for place in (11, 13))
        if "worker_process" in line:
            below += own
        else:
            mine += own
            below += ended  # query processes that were replaced
    return mine, below


def _wait_until_it_answers(engine: Engine, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{engine.name} ended at once"
        with closing(engine.connect()) as connection:
            try:
                engine.ask(connection, "ASK {}")
            except ConnectionRefusedError:
                time.sleep(0.05)
            else:
                return
    raise AssertionError(f"{engine.name} did not start")
