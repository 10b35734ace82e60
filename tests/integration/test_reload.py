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

from passerelle.errors import Overloaded, UnknownRelease, WorkerLost
from passerelle.graph.release import Releases
from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.releases.local_publication import LocalPublication
from passerelle.web.releases.past_releases import PastReleases
from passerelle.web.releases.publication import Publication
from passerelle.web.releases.served import Served
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
    before = children()
    assert publication.of(max(TITLES)) is publication.current()
    past = sorted(TITLES)[:2]
    for identifier in (*past, *past):
        assert client.get(f"/releases/{identifier}/sparql", query_string={"query": TITLE}).status_code == 200
        # of the current release (one, and one to spare), and one of the past
        assert len(children() - before) <= 3


def test_an_answer_of_a_past_release_ends_though_another_takes_its_place(client: FlaskClient) -> None:
    first, second = sorted(TITLES)[:2]
    long = {"query": "SELECT * { ?a ?p ?x . ?b ?p ?y }"}
    answer = client.get(f"/releases/{first}/sparql", query_string=long, buffered=False)
    refused = client.get(f"/releases/{second}/sparql", query_string={"query": TITLE})
    assert (refused.status_code, refused.json["type"].rpartition("/")[2]) == (503, "past-releases-full")
    assert int(refused.headers["Retry-After"]) >= 1
    assert json.loads(answer.data)["results"]["bindings"]
    assert client.get(f"/releases/{second}/sparql", query_string={"query": TITLE}).status_code == 200


def test_a_release_that_was_removed_is_answered_no_more(tmp_path: Path) -> None:
    past, kept, current = sorted(TITLES)
    for identifier, title in TITLES.items():
        small_release(tmp_path, identifier, title=title)
    application = create_application(Settings(releases=tmp_path, workers=1, client_rate=0))
    client = application.test_client()
    before = children()
    addresses = [f"/releases/{past}{path}" for path in (f"/sparql?{urlencode({'query': TITLE})}", "/void", "")]
    try:
        for address in addresses:
            assert [client.get(address).status_code for _ in range(2)] == [200, 200]
        other = f"/releases/{kept}/sparql?{urlencode({'query': TITLE})}"
        assert titles(client.get(other).data) == [TITLES[kept]]
        Releases(tmp_path).remove(past)
        for address in (*addresses, f"/releases/{past}/sparql?query=ASK%7B%7D"):
            assert client.get(address).status_code == 404, address
        client.get("/sparql", query_string={"query": TITLE})
        # an answer about a release that is there is kept, whatever becomes the current one
        Releases(tmp_path).activate(kept)
        Releases(tmp_path).activate(current)
        assert titles(client.get(other).data) == [TITLES[kept]]
        # of the current release (one, and one to spare), and of the past one that is left
        assert len(children() - before) <= 3
    finally:
        application.extensions["publication"].close()


def test_kept_answers_of_a_past_release_outlive_a_switch(tmp_path: Path) -> None:
    past, first, second = sorted(TITLES)
    for identifier in TITLES:
        small_release(tmp_path, identifier)
    publication = LocalPublication(Settings(releases=tmp_path))
    path = f"/releases/{past}/sparql"
    assert (publication.kept_for(path), publication.kept_for("/sparql")) == (past, second)
    Releases(tmp_path).activate(first)
    assert (publication.kept_for(path), publication.kept_for("/sparql")) == (past, first)
    Releases(tmp_path).remove(past)
    assert publication.kept_for(path) is None
    for odd in ("/releases/", "/releases//sparql", "/releases/../sparql", "/releases/current/sparql"):
        assert publication.kept_for(odd) is None


def test_after_the_end_nothing_is_opened(tmp_path: Path) -> None:
    small_release(tmp_path)
    publication = LocalPublication(Settings(releases=tmp_path, workers=1))
    before = children()
    publication.close()
    with pytest.raises(WorkerLost):
        publication.current()
    assert children() == before


def children() -> set[int]:
    """The processes that this one has started and that are there."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found.update(int(identifier) for identifier in (task / "children").read_text().split())
    return found


def test_a_release_that_was_repaired_is_tried_again(tmp_path: Path) -> None:
    first, second, _ = sorted(TITLES)
    small_release(tmp_path, first)
    publication = LocalPublication(Settings(releases=tmp_path, workers=1), retry_seconds=0)
    patient = LocalPublication(Settings(releases=tmp_path, workers=1))
    try:
        for each in (publication, patient):
            assert each.current().identifier == first
        folder = small_release(tmp_path, second)
        (folder / "store").rename(folder / "aside")
        for each in (publication, patient):
            assert each.current().identifier == first
        (folder / "aside").rename(folder / "store")
        assert publication.current().identifier == publication.current_identifier == second
        # not with each request: opening one costs a process
        assert patient.current().identifier == patient.current_identifier == first
    finally:
        publication.close()
        patient.close()


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "{}", "null", "[" * 100_000, '"triples": "many"', '"graphs": {"a": null}', '"sources": [3]'],
)
def test_releases_with_malformed_manifests_are_not_listed(tmp_path: Path, damage: str) -> None:
    damaged, whole, _ = sorted(TITLES)
    path = small_release(tmp_path, damaged) / "manifest.json"
    small_release(tmp_path, whole)
    if damage.startswith('"'):
        document = json.loads(path.read_text())
        damage = json.dumps(document | json.loads(f"{{{damage}}}"))
    path.write_text(damage)
    application = create_application(Settings(releases=tmp_path, workers=1, client_rate=0))
    client = application.test_client()
    try:
        listed = client.get("/releases")
        assert [each["identifier"] for each in listed.json or ()] == [whole]
        page = client.get("/releases", headers={"Accept": "text/html"})
        assert (page.status_code, damaged in page.text) == (200, False)
        assert client.get("/catalogue", headers={"Accept": "text/turtle"}).status_code == 200
        response = client.get(f"/releases/{damaged}")
        assert (response.status_code, response.json["type"].rpartition("/")[2]) == (503, "release-damaged")
    finally:
        application.extensions["publication"].close()


class Ending:
    """Processes that note their end; unused for ever, or in use where `unused_seconds` is 0."""

    def __init__(self) -> None:
        self.unused_seconds = float("inf")
        self.closed = threading.Event()

    def close(self) -> None:
        self.closed.set()


def opened(identifier: str) -> tuple[Served, Ending]:
    if identifier == "unknown":
        raise UnknownRelease("release-unknown", identifier=identifier)
    pool = Ending()
    return Served(None, None, pool), pool  # type: ignore[arg-type]


def ending(served: Served) -> Ending:
    assert isinstance(served.backend, Ending)
    return served.backend


def test_the_release_that_was_not_used_for_longest_makes_place() -> None:
    past = PastReleases(opened, 2, 0, linger_seconds=0)
    a, b = past.of("a"), past.of("b")
    assert past.of("a") is a
    c = past.of("c")
    assert [ending(each).closed.is_set() for each in (a, b, c)] == [False, True, False]
    ending(a).unused_seconds = 0  # an answer is under way
    past.of("d")
    assert [ending(each).closed.is_set() for each in (a, c)] == [False, True]
    past.close()
    assert ending(a).closed.is_set()


def test_where_all_are_in_use_another_one_is_refused() -> None:
    past = PastReleases(opened, 2, 60, linger_seconds=0.05)
    found = [past.of(identifier) for identifier in "ab"]
    for each in found:
        ending(each).unused_seconds = 0
    with pytest.raises(Overloaded):
        past.of("c")
    assert not any(ending(each).closed.is_set() for each in found)
    past.close()


def test_an_unknown_release_keeps_no_place() -> None:
    past = PastReleases(opened, 1, 0, linger_seconds=0)
    for _ in range(3):
        with pytest.raises(UnknownRelease):
            past.of("unknown")
    assert past.of("a") is past.of("a")
    past.close()


def test_what_was_removed_is_closed_unless_an_answer_is_under_way() -> None:
    past = PastReleases(opened, 2, 0)
    a, b = past.of("a"), past.of("b")
    ending(b).unused_seconds = 0
    for identifier in ("a", "b", "none"):
        past.forget(identifier)
    assert [ending(each).closed.is_set() for each in (a, b)] == [True, False]
    past.close()


def test_a_release_that_nobody_uses_is_closed() -> None:
    past = PastReleases(opened, 2, 0, unused_seconds=0.05)
    found = past.of("a")
    assert ending(found).closed.wait(60)
    assert past.of("a") is not found
    past.close()


def test_without_places_past_releases_are_unknown() -> None:
    with pytest.raises(UnknownRelease):
        PastReleases(opened, 0, 0).of("a")


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
