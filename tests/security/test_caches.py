"""Answers that are kept: what one client sends does not become what others get."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from passerelle.graph.release import Release
from raw_http import ask, query_path
from running_server import Server, served

THING = "/things?iri=https%3A%2F%2Fw3id.org%2Fpasserelle%2Fdemo%2Fid%2Frncp%2F990001&format=turtle"


def numbers(count: int) -> str:
    """The address of a query whose answer is long enough to be packed."""
    return query_path(f"SELECT ?n {{ VALUES ?n {{ {' '.join(map(str, range(count)))} }} }} ORDER BY ?n")


@pytest.fixture(scope="module")
def server(demo_release: Release) -> Iterator[Server]:
    with served(demo_release.folder.parent, "workers=1", "client_rate=0") as running:
        yield running


def test_what_was_answered_under_one_host_is_not_kept_for_another(server: Server) -> None:
    for path in (THING, "/.well-known/void", "/catalogue", "/releases"):
        for _ in range(2):
            ask(server, path, Host="attacker.example", Accept="text/turtle, application/json;q=0.5")
        answered = ask(server, path, Host="passerelle.example", Accept="text/turtle, application/json;q=0.5")
        assert answered.status == 200
        assert b"attacker.example" not in answered.body


@pytest.mark.parametrize(
    "field",
    [
        {"X-Forwarded-Host": "attacker.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Prefix": "/attacker.example"},
        {"X-Original-URL": "/healthz"},
        {"X-Rewrite-URL": "/healthz"},
        {"X-HTTP-Method-Override": "POST"},
        {"Range": "bytes=0-10"},
        {"If-Range": "x"},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "zstd"},
        {"Accept-Language": "fr"},
        {"Accept": "text/csv"},
        {"Origin": "https://attacker.example"},
        {"Cookie": "a=b"},
        {"Authorization": "Bearer x"},
        {"If-None-Match": "*"},
        {"Transfer-Encoding": "identity"},
    ],
    ids=lambda field: "-".join((*field, *field.values())).replace("/", ""),
)
def test_a_field_of_one_client_changes_nothing_for_others(server: Server, field: dict[str, str]) -> None:
    query = numbers(100 + len(str(field)))
    plain = ask(server, query + "&first=1")
    name, value = next(iter(field.items()))
    for _ in range(2):
        ask(server, query, **{name.replace("-", "_"): value})
    after = ask(server, query)
    assert (after.status, after.body) == (200, plain.body)
    for header in ("Content-Type", "Content-Encoding", "Content-Language", "Access-Control-Allow-Origin"):
        assert after.headers[header] == plain.headers[header]


def test_a_head_and_an_error_leave_nothing_behind(server: Server) -> None:
    query = numbers(80)
    expected = ask(server, query + "&first=1").body
    for method in ("HEAD", "OPTIONS", "PUT", "TRACE"):
        ask(server, query, method=method)
    ask(server, query, Accept="image/png")
    assert ask(server, query).body == expected


def test_errors_and_what_changes_are_not_kept(server: Server) -> None:
    chance = query_path("SELECT (RAND() AS ?x) {}")
    assert ask(server, chance).body != ask(server, chance).body
    for path in ("/nothing", query_path("SELECT {"), "/sparql?query=%ff"):
        assert ask(server, path).headers["Cache-Control"] == "no-store"
