"""The real server in a process of its own, for tests that speak HTTP to it."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

SERVICE = Path(__file__).parents[1] / "service"
PROGRAM = """\
import sys
from pathlib import Path
from passerelle.settings import Settings
from passerelle.web.http.server import serve
serve(Settings.of(None, {}, releases=Path(sys.argv[1]), port=0, **dict(pair.split("=") for pair in sys.argv[2:])))
"""


@dataclass(frozen=True)
class Server:
    address: str
    process: subprocess.Popen[str]

    @property
    def endpoint(self) -> str:
        return self.address + "sparql"

    def connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        assert parts.hostname is not None
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def get(self, query: str, accept: str = "text/csv") -> tuple[int, str, bytes]:
        connection = self.connect()
        connection.request("GET", "/sparql?" + urlencode({"query": query}), headers={"Accept": accept})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, response.headers["Content-Type"], body


@contextmanager
def served(releases: Path, *settings: str) -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(releases), *settings],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SERVICE), "LC_ALL": "C.UTF-8"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Passerelle is ready: http://127.0.0.1:"), process.communicate()[1]
        yield Server(line.split()[3], process)
    finally:
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 0
