"""Releases published, rolled back and removed over HTTP, by those who hold the token and nobody else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from passerelle.errors import SettingsError
from passerelle.graph.release import Releases
from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.http.server import serve
from passerelle.web.releases.local_publication import LocalPublication
from raw_http import ask
from running_server import served
from small_release import BASE, IDENTIFIER, small_release

TOKEN = "0123456789abcdef0123456789abcdef"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}
SECOND = "20261123T120000Z-0a1b2c3d"
THIRD = "20261124T120000Z-0a1b2c3d"
TITLE = f"/sparql?query=SELECT * {{ <{BASE}/id/rncp/1> <http://purl.org/dc/terms/title> ?t FILTER(lang(?t) = 'fr') }}"


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    small_release(tmp_path, SECOND, title="Nouveau")
    small_release(tmp_path)
    return tmp_path


@pytest.fixture
def client(releases: Path) -> Iterator[FlaskClient]:
    application = create_application(Settings(releases=releases, admin_token=TOKEN, workers=1))
    yield application.test_client()
    application.extensions["publication"].close()


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN.upper()}",
        "Bearer ééé",
        f"Bearer {TOKEN} {TOKEN}",
    ],
)
def test_without_the_token_every_address_gives_the_same_answer(client: FlaskClient, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    seen = set()
    for method, path in (
        ("GET", "/admin/releases"),
        ("GET", f"/admin/releases/{IDENTIFIER}"),
        ("GET", "/admin/releases/none"),
        ("POST", f"/admin/releases/{SECOND}/activate"),
        ("DELETE", f"/admin/releases/{SECOND}"),
    ):
        response = client.open(
            path, method=method, headers=headers, environ_base={"REMOTE_ADDR": f"10.0.0.{len(path)}"}
        )
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="passerelle"'
        assert response.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.json
        seen.add((response.json["type"], response.json["detail"]))
    assert len(seen) == 1
    assert client.get("/healthz").json["release"] == IDENTIFIER  # type: ignore[index]


def test_guesses_are_few(client: FlaskClient) -> None:
    statuses = [client.get("/admin/releases", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert int(client.get("/admin/releases", headers=RIGHT).headers["Retry-After"]) >= 1
    elsewhere = client.get("/admin/releases", headers=RIGHT, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200


def test_who_has_the_token_may_ask_often(client: FlaskClient) -> None:
    assert {client.get("/admin/releases", headers=RIGHT).status_code for _ in range(30)} == {200}


def test_releases_are_listed_and_shown(client: FlaskClient) -> None:
    client.get(TITLE)
    listing = client.get("/admin/releases", headers=RIGHT)
    assert listing.headers["Cache-Control"] == "no-store"
    assert listing.json
    assert (listing.json["current"], listing.json["served"]) == (IDENTIFIER, IDENTIFIER)
    assert [(each["identifier"], each["current"]) for each in listing.json["releases"]] == [
        (IDENTIFIER, True),
        (SECOND, False),
    ]
    one = client.get(f"/admin/releases/{SECOND}", headers=RIGHT).json
    assert one
    assert (one["identifier"], one["current"], one["manifest"]["triples"]) == (SECOND, False, 302)
    for unknown in ("none", "20261123T120000Z-ffffffff", "..%2f..", "current"):
        assert client.get(f"/admin/releases/{unknown}", headers=RIGHT).status_code == 404


def test_a_release_is_activated_and_answers_next(client: FlaskClient) -> None:
    assert b"Poser des panneaux" in client.get(TITLE, headers={"Accept": "text/csv"}).data
    response = client.post(f"/admin/releases/{SECOND}/activate", headers=RIGHT)
    assert response.status_code == 200
    assert response.json == {"current": SECOND, "served": SECOND, "before": IDENTIFIER}
    assert b"Nouveau" in client.get(TITLE, headers={"Accept": "text/csv"}).data
    assert client.post("/admin/releases/none/activate", headers=RIGHT).status_code == 404
    assert client.get(f"/admin/releases/{SECOND}/activate", headers=RIGHT).status_code == 405


def test_a_release_that_cannot_be_opened_does_not_stay_current(client: FlaskClient, releases: Path) -> None:
    shutil.rmtree(releases / SECOND / "store")
    client.get(TITLE)
    response = client.post(f"/admin/releases/{SECOND}/activate", headers=RIGHT)
    assert response.status_code == 503
    assert response.json
    assert response.json["type"].endswith("/admin-not-served")
    assert (releases / "current").readlink().name == IDENTIFIER
    assert b"Poser des panneaux" in client.get(TITLE, headers={"Accept": "text/csv"}).data


def test_a_release_that_was_repaired_is_activated_at_once(client: FlaskClient, releases: Path) -> None:
    client.get(TITLE)
    store = releases / SECOND / "store"
    store.rename(releases / "aside")
    assert client.post(f"/admin/releases/{SECOND}/activate", headers=RIGHT).status_code == 503
    (releases / "aside").rename(store)
    repaired = client.post(f"/admin/releases/{SECOND}/activate", headers=RIGHT)
    assert repaired.json == {"current": SECOND, "served": SECOND, "before": IDENTIFIER}


@pytest.mark.parametrize(
    ("meanwhile", "status", "problem", "current"),
    [
        (lambda folder: small_release(folder, THIRD), 409, "release-switched", THIRD),
        (lambda folder: Releases(folder).remove(IDENTIFIER), 503, "admin-not-served-left", SECOND),
    ],
    ids=["another-is-published", "the-one-before-is-removed"],
)
def test_what_others_do_meanwhile_is_not_undone(
    releases: Path,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[Path], object],
    status: int,
    problem: str,
    current: str,
) -> None:
    def fail(publication: LocalPublication, identifier: str) -> bool:
        del publication, identifier
        meanwhile(releases)
        return False

    monkeypatch.setattr(LocalPublication, "serve", fail)
    client = create_application(Settings(releases=releases, admin_token=TOKEN)).test_client()
    response = client.post(f"/admin/releases/{SECOND}/activate", headers=RIGHT)
    assert response.json
    assert (response.status_code, response.json["type"].rpartition("/")[2]) == (status, problem)
    assert (releases / "current").readlink().name == current


def test_the_release_that_still_answers_is_not_removed(client: FlaskClient, releases: Path) -> None:
    client.get(TITLE)
    shutil.rmtree(releases / SECOND / "store")
    Releases(releases).activate(SECOND)
    assert b"Poser des panneaux" in client.get(TITLE, headers={"Accept": "text/csv"}).data
    assert client.delete(f"/admin/releases/{IDENTIFIER}", headers=RIGHT).status_code == 409


def test_a_release_is_removed_unless_it_is_current(client: FlaskClient, releases: Path) -> None:
    refused = client.delete(f"/admin/releases/{IDENTIFIER}", headers=RIGHT)
    assert refused.status_code == 409
    assert refused.json
    assert refused.json["type"].endswith("/release-in-use")
    removed = client.delete(f"/admin/releases/{SECOND}", headers=RIGHT)
    assert (removed.status_code, removed.data) == (204, b"")
    assert not (releases / SECOND).exists()
    assert client.delete(f"/admin/releases/{SECOND}", headers=RIGHT).status_code == 404


def test_without_a_token_set_there_is_no_such_address(releases: Path) -> None:
    application = create_application(Settings(releases=releases, workers=1))
    client = application.test_client()
    for method in ("GET", "POST", "DELETE"):
        assert client.open("/admin/releases", method=method, headers=RIGHT).status_code == 404
    application.extensions["publication"].close()


@pytest.mark.parametrize("token", ["short", TOKEN[:-1], "é" * 40, "a" * 32 + "\n", "a " * 20])
def test_a_weak_token_keeps_the_service_from_starting(releases: Path, token: str) -> None:
    with pytest.raises(SettingsError, match="admin_token"):
        serve(Settings(releases=releases, admin_token=token))


def test_the_real_server_asks_for_the_token(releases: Path) -> None:
    with served(releases, "workers=1", f"admin_token={TOKEN}") as server:
        assert ask(server, "/admin/releases").status == 401
        assert ask(server, "/admin/releases", **RIGHT).json["current"] == IDENTIFIER
        activated = ask(server, f"/admin/releases/{SECOND}/activate", method="POST", **RIGHT)
        assert activated.json["served"] == SECOND
        assert ask(server, "/healthz").json["release"] == SECOND
        server.process.terminate()
        output, errors = server.process.communicate(timeout=60)
        assert TOKEN not in output + errors
