"""The table of attacks against the real server: each is answered as it must be, and leaves the service as it was."""

from __future__ import annotations

import http.client
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from guards import never_endless
from passerelle.graph.release import Release
from raw_http import Answer, ask, connection, query_path
from running_server import Server, served
from security import addresses, deep_queries, heavy_queries, odd_requests, pages, refused_queries
from security.attack import BROKEN_OFF, TOKEN, Attack

TABLE = (
    *refused_queries.ATTACKS,
    *refused_queries.CONTROLS,
    *heavy_queries.ATTACKS,
    *deep_queries.ATTACKS,
    *addresses.ATTACKS,
    *odd_requests.ATTACKS,
    *pages.ATTACKS,
    *pages.HTML,
)
WORKERS, SPARES = 2, 1
SETTINGS = (
    f"workers={WORKERS}",
    "query_seconds=1",
    "stream_seconds=5",
    "body_seconds=2",
    "answer_rows=100000",
    "answer_bytes=4000000",
    f"worker_bytes={768 * 1024**2}",
    "client_rate=0",
    "public_url=https://passerelle.example",
    f"admin_token={TOKEN}",
)
INTERNALS = re.compile(
    rb"Traceback|File \"|\.py\b|site-packages|passerelle\.(?:web|graph|sparql)|pyoxigraph|oxigraph|gunicorn|werkzeug"
    rb"|flask|jinja|rocksdb|rust|panick|/work/|/tmp/|/usr/|/home/|/proc/|[a-z]+Error\b|<class|0x[0-9a-f]{6}",
    re.IGNORECASE,
)
"""What no answer to an attacker says: where and in what the service is made."""


@pytest.fixture(scope="module")
def server(demo_release: Release) -> Iterator[Server]:
    with served(demo_release.folder.parent, *SETTINGS) as running:
        assert running.process.stderr is not None
        os.set_blocking(running.process.stderr.fileno(), False)
        yield running


@pytest.mark.parametrize("attack", TABLE, ids=str)
def test_an_attack_is_answered_and_leaves_the_service_as_it_was(server: Server, attack: Attack) -> None:
    log(server)
    with never_endless():
        status, answered = outcome(server, attack)
        assert status in attack.expected, answered and answered.body[:500]
        if answered is not None:
            check(attack, answered)
        alive(server)
    written = log(server)
    assert b"Traceback" not in written
    assert b"unexpected" not in written, written


def test_names_of_rows_are_unique() -> None:
    names = [attack.name for attack in TABLE]
    assert sorted(set(names)) == sorted(names)


def outcome(server: Server, attack: Attack) -> tuple[int, Answer | None]:
    """The status, and the answer unless it broke off."""
    with connection(server) as sent:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was read to its end
            sent.sendall(attack.request)
        response = http.client.HTTPResponse(sent, method=attack.method)
        response.begin()
        try:
            found = Answer(response)
        except (http.client.IncompleteRead, ConnectionResetError):
            assert response.status == 200
            return BROKEN_OFF, None
    return found.status, found


def check(attack: Attack, answered: Answer) -> None:
    """What holds for each answer, and what the row says of this one."""
    assert answered.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answered.headers
    assert "X-Injected" not in answered.headers
    if answered.status >= 400:
        check_problem(attack, answered)
    if attack.absent:
        assert attack.absent not in answered.body
        assert attack.absent not in "\n".join(answered.headers.values()).encode("utf-8", "surrogateescape")
    assert attack.present in answered.body


def check_problem(attack: Attack, answered: Answer) -> None:
    own = unquote_to_bytes(attack.request)  # what an attacker wrote may be told back
    assert [each[0] for each in INTERNALS.finditer(answered.body) if each[0] not in own] == []
    if attack.method == "HEAD":
        assert answered.body == b""
        return
    if answered.status in (429, 503):
        assert int(answered.headers["Retry-After"]) >= 1
    asked_for_a_page = b"Accept: text/html" in attack.request
    media_type = "text/html; charset=utf-8" if asked_for_a_page else "application/problem+json"
    assert answered.headers["Content-Type"] == media_type
    assert answered.headers["Cache-Control"] in ("no-store", "no-cache")
    if asked_for_a_page:
        assert "script-src" not in answered.headers["Content-Security-Policy"]
        return
    problem = answered.json
    assert problem["status"] == answered.status
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == f"urn:uuid:{answered.headers['Passerelle-Request']}"
    assert problem["type"].endswith("/" + attack.kind) or not attack.kind


def alive(server: Server) -> None:
    """An ordinary query is answered, and all query processes are there and idle, or come back to be."""
    ordinary = ask(server, query_path("ASK { ?s ?p ?o FILTER(RAND() < 2) }"), Accept="text/csv")
    assert (ordinary.status, ordinary.body.strip()) == (200, b"true")
    while not at_rest(server):
        pass
    assert ask(server, "/readyz").status == 200


def at_rest(server: Server) -> bool:
    """Whether no question is at work or waits, and no query process is missing."""
    found: dict[str, Any] = ask(server, "/healthz").json["queries"]
    return found["running"] == 0 and found["waiting"] == 0 and found["idle"] == WORKERS + SPARES


def log(server: Server) -> bytes:
    """What the server has written since the last look; it does not read as much as stands in the pipe."""
    assert server.process.stderr is not None
    found = b""
    with suppress(BlockingIOError):
        while piece := os.read(server.process.stderr.fileno(), 65_536):
            found += piece
    return found
