"""Kept answers: which ones are, under what, and that a kept answer is the answer."""

from __future__ import annotations

import gzip
import importlib
import shutil
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.releases.local_publication import LocalPublication
from passerelle.web.responses.response_cache import LARGEST, LONGEST_KEY, ResponseCache
from small_release import BASE, ESCO, IDENTIFIER, NUMBERS, small_release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ALL = f"SELECT ?s ?n {{ ?s <{BASE}/number> ?n }} ORDER BY ?n"
SECOND = "20261122T130000Z-0a1b2c3e"


@pytest.fixture(scope="module")
def settings(releases: Path) -> Settings:
    return Settings(releases=releases, workers=1, client_rate=0)


def asked(application: Flask) -> int:
    """How many questions the query processes have answered."""
    answered: int = application.extensions["publication"].current().backend.statistics.answered
    return answered


def test_a_repeated_question_is_answered_without_a_query_process(application: Flask, client: FlaskClient) -> None:
    query = {"query": COUNT + "#repeated"}
    first = client.get("/sparql", query_string=query)
    before = asked(application)
    second = client.get("/sparql", query_string=query)
    assert asked(application) == before
    assert (second.status_code, second.data) == (200, first.data)
    assert _repeated(second.headers) == _repeated(first.headers)


def _repeated(headers: Any) -> dict[str, str]:
    own = {"Date", "Passerelle-Request", "X-Request-Id"}
    return {name: value for name, value in headers.items() if name not in own}


@pytest.mark.parametrize("kept", [False, True])
def test_who_has_the_answer_already_gets_304(application: Flask, client: FlaskClient, kept: bool) -> None:
    query = {"query": f"{COUNT}#tag {kept}"}
    tag = client.head("/sparql", query_string=query).headers["ETag"]
    if kept:
        assert client.get("/sparql", query_string=query).headers["ETag"] == tag
    before = asked(application)
    for given in (tag, tag.removeprefix("W/"), f'"another", {tag}'):
        response = client.get("/sparql", query_string=query, headers={"If-None-Match": given})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == tag
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["Passerelle-Release"] == IDENTIFIER
        assert "Accept-Encoding" in response.headers["Vary"]
        assert "Content-Type" not in response.headers
    assert asked(application) == before
    for given in ('"another"', "*", tag[:-2]):
        assert client.get("/sparql", query_string=query, headers={"If-None-Match": given}).status_code == 200


def test_another_question_format_dataset_or_limit_has_another_tag(client: FlaskClient) -> None:
    asked_for: list[tuple[dict[str, str], str]] = [
        ({"query": COUNT}, "text/csv"),
        ({"query": COUNT + " "}, "text/csv"),
        ({"query": COUNT}, "text/tab-separated-values"),
        ({"query": COUNT, "format": "excel"}, ""),
        ({"query": COUNT, "default-graph-uri": ESCO}, "text/csv"),
        ({"query": COUNT, "named-graph-uri": ESCO}, "text/csv"),
        ({"query": COUNT, "max-rows": "5"}, "text/csv"),
    ]
    tags = [
        client.head("/sparql", query_string=query, headers={"Accept": accept}).headers["ETag"]
        for query, accept in asked_for
    ]
    assert len(set(tags)) == len(tags)
    # a limit of time makes no other answer
    limited = client.head("/sparql", query_string={"query": COUNT, "timeout": "7"}, headers={"Accept": "text/csv"})
    assert limited.headers["ETag"] == tags[0]


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_changes_each_time_is_not_kept(application: Flask, client: FlaskClient, call: str) -> None:
    query = {"query": f"SELECT ({call} AS ?value) {{}}"}
    first = client.get("/sparql", query_string=query)
    before = asked(application)
    assert client.get("/sparql", query_string=query).status_code == 200
    assert asked(application) == before + 1
    assert "ETag" not in first.headers
    assert first.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["Accept", "Accept-Language", "Accept-Encoding", "Host"])
def test_requests_that_differ_in_a_header_share_nothing(application: Flask, client: FlaskClient, name: str) -> None:
    query = {"query": f"{COUNT}#{name}"}
    before = asked(application)
    for value in ("application/json", "text/csv", "application/json"):
        assert client.get("/sparql", query_string=query, headers={name: value}).status_code == 200
    assert asked(application) == before + 2


def test_post_head_problems_and_requests_with_a_name_are_not_kept(application: Flask, client: FlaskClient) -> None:
    query = {"query": COUNT + "#never"}
    before = asked(application)
    for _ in range(2):
        assert client.post("/sparql", data=query).status_code == 200
        secret = {"Authorization": "Bearer secret"}
        assert client.get("/sparql", query_string=query, headers=secret).status_code == 200
        assert client.head("/sparql", query_string=query).status_code == 200
        assert client.get("/sparql", query_string={"query": "SELECT * {"}).status_code == 400
    assert asked(application) == before + 6


@pytest.mark.parametrize(("coding", "decoded"), [("gzip", gzip.decompress), ("zstd", zstandard.decompress)])
def test_the_coded_bytes_are_kept(application: Flask, client: FlaskClient, coding: str, decoded: Any) -> None:
    query = {"query": f"{ALL} LIMIT 299"}
    plain = client.get("/sparql", query_string=query)
    first = client.get("/sparql", query_string=query, headers={"Accept-Encoding": coding})
    before = asked(application)
    again = client.get("/sparql", query_string=query, headers={"Accept-Encoding": coding})
    assert asked(application) == before
    assert again.headers["Content-Encoding"] == coding
    assert again.content_length == len(again.data) < len(plain.data)
    assert first.data == again.data
    assert decoded(again.data) == plain.data
    assert again.headers["ETag"] == plain.headers["ETag"]


def test_another_release_empties_it(tmp_path: Path) -> None:
    small_release(tmp_path)
    application = create_application(Settings(releases=tmp_path, workers=1))
    client = application.test_client()
    query = {"query": "SELECT ?t { ?u <http://purl.org/dc/terms/title> ?t } ORDER BY DESC(LANG(?t))"}
    try:
        first = [client.get("/sparql", query_string=query) for _ in range(2)][1]
        small_release(tmp_path, SECOND, title="Monter des éoliennes")
        second = client.get("/sparql", query_string=query, headers={"If-None-Match": first.headers["ETag"]})
        assert second.status_code == 200
        assert "Monter des éoliennes" in second.text
        # pointed back, by hand: what was kept of that release is true again
        (tmp_path / "current").unlink()
        (tmp_path / "current").symlink_to(IDENTIFIER)
        back = client.get("/sparql", query_string=query, headers={"If-None-Match": first.headers["ETag"]})
        assert back.status_code == 304
    finally:
        application.extensions["publication"].close()


class Counting:
    """An application whose views say what the tests want."""

    def __init__(self, body: bytes, headers: dict[str, str] | None = None, *, keep: bool = True) -> None:
        self.body, self.headers, self.keep = body, headers or {}, keep
        self.asked = self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        environ["passerelle.keep"] = self.keep
        given = {"Content-Length": str(len(self.body)), "Passerelle-Release": IDENTIFIER, **self.headers}
        start_response("200 OK", list(given.items()))
        return Body(self)


class Body:
    def __init__(self, application: Counting) -> None:
        self.application = application
        self.pieces = iter([application.body[:1], application.body[1:]])

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        self.application.closed += 1


def keeping(application: Counting, settings: Settings, **changes: Any) -> Client:
    changed = replace(settings, **changes)
    return Client(ResponseCache(application, LocalPublication(changed), changed))


@pytest.mark.parametrize(
    ("body", "headers", "keep"),
    [
        (b"ab", {}, False),
        (b"ab", {"Set-Cookie": "a=b"}, True),
        (b"ab", {"Passerelle-Release": SECOND}, True),
        (b"ab", {"Content-Length": "3"}, True),
        (b"a" * (LARGEST + 1), {}, True),
    ],
)
def test_what_is_not_kept(settings: Settings, body: bytes, headers: dict[str, str], keep: bool) -> None:
    application = Counting(body, headers, keep=keep)
    client = keeping(application, settings)
    for count in (1, 2):
        response = client.get("/x")
        assert response.data == body
        response.close()
        assert application.asked == application.closed == count


def test_what_is_kept_is_closed_once_and_said_to_be_kept(settings: Settings) -> None:
    application = Counting(b"ab")
    kept = ResponseCache(application, LocalPublication(settings), settings)  # type: ignore[arg-type]
    outcomes = []

    def noting(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = kept(environ, start_response)
        outcomes.append(environ.get("passerelle.outcome"))
        return body

    client = Client(noting)
    for _ in range(3):
        assert client.get("/x?a=b").data == b"ab"
    assert application.asked == application.closed == 1
    assert outcomes == [None, "cached", "cached"]
    assert client.get("/x?a=c").data == b"ab"
    assert application.asked == 2


def test_long_addresses_are_not_kept(settings: Settings) -> None:
    application = Counting(b"ab")
    client = keeping(application, settings)
    for _ in range(2):
        client.get("/x?" + "a" * LONGEST_KEY)
    assert application.asked == 2


def test_it_holds_no_more_than_it_may_and_lets_the_oldest_go(settings: Settings) -> None:
    application = Counting(b"a" * 10_000)
    client = keeping(application, settings, cache_bytes=40_000)
    for name in "abc":
        client.get(f"/{name}")
    client.get("/a")
    client.get("/d")  # a fourth does not fit; b is the one that was not asked for longest
    assert application.asked == 4
    for name in "acd":
        client.get(f"/{name}")
    assert application.asked == 4
    client.get("/b")
    assert application.asked == 5


def test_nothing_is_kept_where_the_setting_says_so(settings: Settings) -> None:
    application = Counting(b"ab")
    client = keeping(application, settings, cache_bytes=0)
    for _ in range(2):
        client.get("/x")
    assert application.asked == 2


@pytest.mark.parametrize(
    ("path", "accept", "writer"),
    [
        ("/.well-known/void", "text/turtle", "passerelle.web.linked.descriptions.written"),
        (f"/releases/{IDENTIFIER}/void", "text/turtle", "passerelle.web.linked.descriptions.written"),
        ("/sparql", "application/n-triples", "passerelle.web.linked.descriptions.written"),
        ("/catalogue", "text/turtle", "passerelle.web.linked.descriptions.written"),
        ("/ontology", "text/html", "passerelle.web.linked.ontology_pages.view"),
        ("/ontology", "application/rdf+xml", "passerelle.web.linked.ontology_pages.in_rdf"),
    ],
)
def test_a_description_is_written_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str, accept: str, writer: str
) -> None:
    module, name = writer.rsplit(".", 1)
    write = getattr(importlib.import_module(module), name)
    times = []

    def counted(*given: Any, **named: Any) -> Any:
        times.append(1)
        return write(*given, **named)

    monkeypatch.setattr(writer, counted)
    created = create_application(settings)
    client = created.test_client()
    client.get("/")
    first, second = (client.get(path, headers={"Accept": accept}, buffered=True) for _ in range(2))
    created.extensions["publication"].close()
    created.extensions["credentials"].close()
    assert len(times) == 1
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert _repeated(first.headers) == _repeated(second.headers)


def test_the_catalogue_is_never_older_than_the_list_of_releases(tmp_path: Path) -> None:
    small_release(tmp_path)
    created = create_application(Settings(releases=tmp_path, workers=1, client_rate=0))
    client = created.test_client()

    def listed(accept: str) -> tuple[bool, str]:
        response = client.get("/catalogue", headers={"Accept": accept}, buffered=True)
        return SECOND in response.text, response.headers["ETag"]

    try:
        before = {accept: listed(accept) for accept in ("text/turtle", "text/html")}
        folder = small_release(tmp_path, SECOND)
        _point_at(tmp_path, IDENTIFIER)
        added = {accept: listed(accept) for accept in before}
        shutil.rmtree(folder)
        removed = {accept: listed(accept) for accept in before}
    finally:
        created.extensions["publication"].close()
        created.extensions["credentials"].close()
    assert [found for found, _ in before.values()] == [False, False]
    assert [found for found, _ in added.values()] == [True, True]
    assert removed == before
    assert all(added[accept][1] != tag for accept, (_, tag) in before.items())


def _point_at(releases: Path, identifier: str) -> None:
    (releases / "current").unlink()
    (releases / "current").symlink_to(identifier)


def test_the_host_counts_where_links_are_made_of_it(settings: Settings) -> None:
    application = Counting(b"ab")
    for address, expected in (("", 2), ("https://example.org", 3)):
        client = keeping(application, settings, public_url=address)
        for host in ("a.example", "b.example"):
            client.get("/x", base_url=f"http://{host}/")
        assert application.asked == expected


def test_numbers_of_rows_are_those_of_the_release(client: FlaskClient) -> None:
    response = client.get(
        "/sparql", query_string={"query": ALL}, headers={"Accept": "text/csv", "Accept-Encoding": "gzip"}
    )
    text = zlib.decompress(response.data, 31).decode()
    assert len(text.splitlines()) == NUMBERS + 1
