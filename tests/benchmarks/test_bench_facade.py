"""What the façade adds: the named questions through `/sparql` of a real server, against the same query in-process.

Both run in turn against the same release of the demo, so the difference is HTTP, the checks, and the worker's pipe.
"""

from __future__ import annotations

import http.client
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from passerelle.graph.embedded import EmbeddedStore
from passerelle.graph.question import Question
from passerelle.graph.release import Release, Releases
from passerelle.queries import catalogue

ROUNDS = 60
MOST_ADDED_MILLISECONDS = 3.0
JSON = "application/sparql-results+json"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("releases")
    config = Path(__file__).parents[2] / "data" / "demo" / "passerelle.toml"
    command = [sys.executable, "-m", "passerelle", "build", "--config", str(config), "--releases", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Releases(folder).current()


@pytest.fixture(scope="module")
def server(release: Release) -> Iterator[http.client.HTTPConnection]:
    command = [sys.executable, "-m", "passerelle", "--lang", "en", "serve", "--port", "0"]
    command += ["--releases", str(release.folder.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[3]
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        yield connection
        connection.close()
        process.terminate()


def over_http(connection: http.client.HTTPConnection, query: str) -> bytes:
    headers = {"Content-Type": "application/sparql-query", "Accept": JSON}
    connection.request("POST", "/sparql", query.encode(), headers)
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, body
    return body


def in_process(store: EmbeddedStore, query: str) -> bytes:
    buffer = io.BytesIO()
    store.ask(Question(query, JSON)).write(buffer)
    return buffer.getvalue()


def test_the_facade_adds_little(release: Release, server: http.client.HTTPConnection) -> None:
    store = EmbeddedStore.open(release.store)
    added = []
    for query in catalogue().values():
        examples = {each.name: each.example for each in query.parameters if each.required}
        text = query.bind(examples, release.manifest.base)
        assert over_http(server, text) == in_process(store, text)
        outside, inside = [], []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            over_http(server, text)
            outside.append(time.perf_counter() - started)
            started = time.perf_counter()
            in_process(store, text)
            inside.append(time.perf_counter() - started)
        added.append(1000 * (statistics.median(outside) - statistics.median(inside)))
        print(f"\n{query.name}: in-process {1000 * statistics.median(inside):.2f} ms, façade adds {added[-1]:.2f} ms")
    print(f"\nmedian over the questions: {statistics.median(added):.2f} ms")
    assert statistics.median(added) <= MOST_ADDED_MILLISECONDS
