"""Releases under load: `current` moves while clients ask, past releases answer by name, and a stop lets answers end."""

from __future__ import annotations

import http.client
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from passerelle.errors import UnknownRelease
from passerelle.graph.release import Releases
from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.past_releases import PastReleases
from passerelle.web.publication import Publication
from passerelle.web.served import Served
from running_server import Server, served
from small_release import IDENTIFIER, small_release

TITLE = 'SELECT ?t { ?u <http://purl.org/dc/terms/title> ?t FILTER(LANG(?t) = "fr") }'
OPEN_TO_ALL = ("client_queries=16", "client_waiting=16", "client_rate=0")
CLIENTS = 8
MOVES = 6
TITLES = {
    IDENTIFIER: "Poser des panneaux",
    "20261122T130000Z-0a1b2c3e": "Monter des éoliennes",
    "20261122T140000Z-0a1b2c3f": "Garder la mer",
}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    for identifier, title in TITLES.items():
        small_release(folder, identifier, title=title)
    return folder


@pytest.fixture
def application(releases: Path) -> Iterator[Flask]:
    Releases(releases).activate(max(TITLES))
    created = create_application(Settings(releases=releases, workers=1, past_releases=1))
    yield created
    created.extensions["publication"].close()


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    return application.test_client()


def titles(body: bytes) -> list[str]:
    return [row["t"]["value"] for row in json.loads(body)["results"]["bindings"]]


def test_no_request_fails_while_current_moves(releases: Path) -> None:
    identifiers = sorted(TITLES)
    Releases(releases).activate(identifiers[0])
    with served(releases, "workers=2", "queue=32", *OPEN_TO_ALL) as server:
        end = threading.Event()
        seen: set[str] = set()
        moved = threading.Condition()

        def ask_without_pause(number: int) -> int:
            connection, asked = server.connect(), 0
            while not end.is_set():
                # half of them are new each time, half may be kept
                query = TITLE + (f"#{number} {asked}" if asked % 2 else "")
                connection.request("GET", "/sparql?" + urlencode({"query": query}))
                response = connection.getresponse()
                body = response.read()
                assert response.status == 200, body
                release = response.headers["Passerelle-Release"]
                assert titles(body) == [TITLES[release]]
                with moved:
                    seen.add(release)
                    moved.notify_all()
                asked += 1
            connection.close()
            return asked

        with ThreadPoolExecutor(CLIENTS) as threads:
            clients = [threads.submit(ask_without_pause, number) for number in range(CLIENTS)]
            try:
                for move in range(1, MOVES + 1):
                    wanted = identifiers[move % len(identifiers)]
                    with moved:
                        seen.clear()
                    Releases(releases).activate(wanted)
                    with moved:
                        assert moved.wait_for(
                            lambda: wanted in seen or any(each.done() for each in clients),  # noqa: B023
                            timeout=60,
                        )
            finally:
                end.set()
            assert all(client.result() for client in clients)


def test_each_release_answers_at_its_own_address(client: FlaskClient) -> None:
    for identifier, title in TITLES.items():
        address = f"/releases/{identifier}/sparql"
        response = client.get(address, query_string={"query": TITLE})
        assert titles(response.data) == [title]
        assert response.headers["Passerelle-Release"] == identifier
        assert response.headers["Cache-Control"] == "max-age=31536000, immutable"
        again = client.get(address, query_string={"query": TITLE}, headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
        posted = client.post(address, data=TITLE.encode(), content_type="application/sparql-query")
        assert titles(posted.data) == [title]
        random = client.get(address, query_string={"query": "SELECT (RAND() AS ?t) {}"})
        assert random.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["20261122T120000Z-00000000", "current", "..", "%2e%2e%2fcurrent", ".building-x", quote("é\0x"), "a" * 3000]
)
def test_what_is_no_release_is_not_found(client: FlaskClient, name: str) -> None:
    for address in (f"/releases/{name}/sparql?query=ASK%7B%7D", f"/releases/{name}"):
        response = client.get(address)
        assert response.status_code == 404, address
        assert response.content_type == "application/problem+json"


def test_releases_are_listed_with_their_addresses(client: FlaskClient) -> None:
    listed = client.get("/releases").json
    assert listed is not None
    assert [each["identifier"] for each in listed] == sorted(TITLES)
    assert [each["current"] for each in listed] == [False, False, True]
    for each in listed:
        assert titles(client.get(each["endpoint"], query_string={"query": TITLE}).data) == [TITLES[each["identifier"]]]
        manifest = client.get(each["manifest"])
        assert manifest.json is not None
        assert (manifest.json["identifier"], manifest.json["triples"]) == (each["identifier"], each["triples"])
    page = client.get("/releases?lang=fr", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert all(f"/releases/{identifier}/sparql" in page.text for identifier in TITLES)
    assert "Source : France compétences" in page.text
    assert client.get("/releases?format=csv").status_code == 406


def test_past_releases_share_few_places(application: Flask, client: FlaskClient) -> None:
    publication: Publication = application.extensions["publication"]
    past = sorted(TITLES)[:2]
    for identifier in (*past, *past):
        assert client.get(f"/releases/{identifier}/sparql", query_string={"query": TITLE}).status_code == 200
        assert len(publication._past.open_now) == 1
    assert publication.of(max(TITLES)) is publication.current()


def test_an_answer_of_a_past_release_ends_though_another_takes_its_place(client: FlaskClient) -> None:
    first, second = sorted(TITLES)[:2]
    long = {"query": "SELECT * { ?a ?p ?x . ?b ?p ?y }"}
    answer = client.get(f"/releases/{first}/sparql", query_string=long, buffered=False)
    assert client.get(f"/releases/{second}/sparql", query_string={"query": TITLE}).status_code == 200
    assert json.loads(answer.data)["results"]["bindings"]


class Ending:
    """A backend that notes how it ended."""

    def __init__(self) -> None:
        self.retired = threading.Event()
        self.closed = False

    def retire(self) -> None:
        self.retired.set()

    def close(self) -> None:
        self.closed = True


def opened(identifier: str) -> Served:
    if identifier == "unknown":
        raise UnknownRelease("release-unknown", identifier=identifier)
    return Served(None, None, Ending())  # type: ignore[arg-type]


def test_the_release_that_was_not_used_for_longest_makes_place() -> None:
    past = PastReleases(opened, places=2)
    a, b = past.of("a"), past.of("b")
    assert past.of("a") is a
    past.of("c")
    assert b.backend.retired.is_set()  # type: ignore[attr-defined]
    assert not a.backend.retired.is_set()  # type: ignore[attr-defined]
    with pytest.raises(UnknownRelease):
        past.of("unknown")
    assert len(past.open_now) == 2
    past.close()
    assert a.backend.closed  # type: ignore[attr-defined]
    assert past.open_now == ()


def test_a_release_that_nobody_uses_is_closed() -> None:
    past = PastReleases(opened, places=2, unused_seconds=0.05)
    found = past.of("a")
    assert found.backend.retired.wait(60)  # type: ignore[attr-defined]
    assert past.open_now == ()
    assert past.of("a") is not found
    past.close()


def test_without_places_past_releases_are_unknown() -> None:
    with pytest.raises(UnknownRelease):
        PastReleases(opened, places=0).of("a")


LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y }"  # 90,004 rows and some MB, more than the buffers of a connection


def test_a_stop_lets_a_stream_end_and_takes_nobody_in(releases: Path) -> None:
    with served(releases) as server:
        whole = server.get(LONG)[2]
        connection = server.connect()
        connection.request("GET", "/sparql?" + urlencode({"query": LONG}), headers={"Accept": "text/csv"})
        response = connection.getresponse()
        first = response.read(1000)
        descriptor = os.pidfd_open(server.process.pid)
        server.process.terminate()
        refused(server)
        assert first + response.read() == whole
        connection.close()
        os.close(descriptor)


def refused(server: Server) -> None:
    """Ask until the server takes nobody in; it must do so while an answer is still under way."""
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        while True:
            server.get("ASK {}")
