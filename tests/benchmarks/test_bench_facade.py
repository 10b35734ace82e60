"""What the façade adds: the named questions through `/sparql` of a real server, against the same query in-process.

Both run in turn against the same release of the demo, so the difference is HTTP, the checks, and the worker's pipe.
"""

from __future__ import annotations

import http.client
import io
import statistics
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.engines import JSON, ONE_ADDRESS, facade
from benchmarks.load import bound_questions
from passerelle.graph.answering.embedded import EmbeddedStore
from passerelle.graph.answering.question import Question
from passerelle.graph.release import Release

ROUNDS = 60
MOST_ADDED_MILLISECONDS = 3.0


@pytest.fixture(scope="module")
def server(demo_release: Release) -> Iterator[http.client.HTTPConnection]:
    # nothing is kept: what is measured is the way of an answer, not a copy of it
    with (
        facade(demo_release, **ONE_ADDRESS, PASSERELLE_CACHE_BYTES="0") as engine,
        closing(engine.connect()) as connection,
    ):
        yield connection


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


def test_the_facade_adds_little(demo_release: Release, server: http.client.HTTPConnection) -> None:
    store = EmbeddedStore.open(demo_release.store)
    added = []
    for name, text in bound_questions(demo_release.manifest.base).items():
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
        print(f"\n{name}: in-process {1000 * statistics.median(inside):.2f} ms, façade adds {added[-1]:.2f} ms")
    print(f"\nmedian over the questions: {statistics.median(added):.2f} ms")
    assert statistics.median(added) <= MOST_ADDED_MILLISECONDS
