"""A private Virtuoso 7 on loopback, in a temporary folder, for tests of the remote backend."""

from __future__ import annotations

import http.client
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

ROW_CAP = 2000
"""ResultSetMaxRows: low enough that tests reach it, higher than any answer on the demo."""
TIME_CAP = 20
"""MaxQueryExecutionTime, seconds."""
PASSWORD = "dba"  # what a fresh database has; it listens on loopback only and dies with the test

_START_SECONDS = 60
_ATTEMPTS = 5
_CONFIGURATION = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 20
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 2400
ThreadsPerQuery = 1
AsyncQueueMaxThreads = 2
DirsAllowed = {folder}
AllowOSCalls = 0

[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = {folder}
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
HTTPProxyEnabled = 0
EnabledDavVSP = 0

[Client]
SQL_QUERY_TIMEOUT = 0

[SPARQL]
ResultSetMaxRows = {row_cap}
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = {time_cap}
"""


@dataclass(frozen=True)
class Virtuoso:
    folder: Path
    http_port: int
    sql_port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def endpoint(self) -> str:
        """Where anybody may ask."""
        return f"{self.address}/sparql"

    @property
    def update(self) -> str:
        """Where `dba` may update, with digest authentication."""
        return f"{self.address}/sparql-auth"

    @property
    def graph_store(self) -> str:
        """Where `dba` may put graphs, with digest authentication."""
        return f"{self.address}/sparql-graph-crud-auth"

    def get(self, query: str, accept: str = "text/csv", **fields: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Ask the engine itself, past our code."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=60)
        connection.request("GET", "/sparql?" + urlencode({"query": query, **fields}), headers={"Accept": accept})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, response.headers, body

    def sql(self, statements: str) -> str:
        """Run statements of `isql` as `dba`."""
        return subprocess.run(
            ["isql-vt", f"127.0.0.1:{self.sql_port}", "dba", PASSWORD, "VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF"],
            input=statements,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout


class PortTaken(Exception):
    """Somebody else was faster."""


@contextmanager
def running_virtuoso(folder: Path) -> Iterator[Virtuoso]:
    server, process = _started(folder)
    try:
        yield server
    finally:
        process.kill()  # its files go with the folder, so it need not write a last checkpoint
        process.wait()


def _started(folder: Path) -> tuple[Virtuoso, subprocess.Popen[bytes]]:
    for _ in range(_ATTEMPTS):
        server = Virtuoso(folder, _free_port(), _free_port())
        configuration = _CONFIGURATION.format(
            folder=folder, sql_port=server.sql_port, http_port=server.http_port, row_cap=ROW_CAP, time_cap=TIME_CAP
        )
        (folder / "virtuoso.ini").write_text(configuration)
        process = subprocess.Popen(
            ["virtuoso-t", "+foreground", "+configfile", str(folder / "virtuoso.ini")],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_it_answers(server, process)
        except PortTaken:
            continue
        except BaseException:
            process.kill()
            process.wait()
            raise
        return server, process
    raise PortTaken


def _wait_until_it_answers(server: Virtuoso, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            assert "Failed to start listening" in (server.folder / "virtuoso.log").read_text()
            raise PortTaken
        try:
            if server.get("ASK {}")[0] == http.client.OK:
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"Virtuoso did not answer: {(server.folder / 'virtuoso.log').read_text()}")


def _free_port() -> int:
    """One below those that the system gives to outgoing connections."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    """A Virtuoso of this session; without the Debian package the test is skipped, and fails in CI."""
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        reason = "no virtuoso-t here: sh tests/system_packages.sh installs it as root"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server
