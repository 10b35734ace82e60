"""Before an engine elsewhere: what is known of it while it is down, and who waits for it (nobody)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lying_engine import EMPTY, LyingEngine, lying_engine, response
from passerelle.errors import BackendUnreachable, Overloaded, PasserelleError, SettingsError, WorkerLost
from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.http.server import serve
from passerelle.web.releases import remote_publication
from passerelle.web.releases.remote_publication import RemotePublication
from small_release import IDENTIFIER, small_release

SETTINGS = Settings(backend="http://127.0.0.1:9/sparql", client_rate=0)
TRUE = response(b'{"head":{},"boolean":true}', b"Connection: close")
NOTHING = response(EMPTY, b"Connection: close")


class Down:
    """Takes the place of opening an engine: counts, and fails when it is let go on."""

    def __init__(self) -> None:
        self.asked = 0
        self.entered = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, settings: Settings) -> None:
        del settings
        self.asked += 1
        self.entered.set()
        assert self.go_on.wait(60)
        raise BackendUnreachable("remote-unreachable")


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> Down:
    engine = Down()
    monkeypatch.setattr(remote_publication, "open_remote", engine)
    return engine


def failure(act: Callable[[], object]) -> PasserelleError:
    with pytest.raises(PasserelleError) as caught:
        act()
    return caught.value


def test_a_failure_is_remembered_for_a_while(down: Down) -> None:
    patient, eager = RemotePublication(SETTINGS), RemotePublication(SETTINGS, retry_seconds=0)
    for publication, expected in ((patient, 1), (eager, 4)):
        for _ in range(3):
            assert failure(publication.current).message_id == "remote-unreachable"
        assert down.asked == expected
        assert (publication.latest, publication.reachable) == (None, False)


def test_nobody_queues_behind_an_opening(down: Down) -> None:
    publication = RemotePublication(SETTINGS)
    down.go_on.clear()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(failure, publication.current)
        assert down.entered.wait(60)
        assert isinstance(failure(publication.current), Overloaded)
        waiting = threads.submit(failure, lambda: publication.current(wait=True))
        down.go_on.set()
        assert first.result(60).message_id == waiting.result(60).message_id == "remote-unreachable"
    assert down.asked == 1


def test_pages_and_monitoring_do_not_ask_again(down: Down) -> None:
    client = create_application(SETTINGS, RemotePublication(SETTINGS, retry_seconds=0)).test_client()
    health = client.get("/healthz")
    assert (health.status_code, down.asked) == (200, 0)
    assert health.json is not None
    assert (health.json["status"], health.json["release"], health.json["queries"]) == ("ok", None, None)
    page = client.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype, down.asked) == (503, "text/html", 1)
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json == {"status": "not ready", "release": False, "processes": False, "serving": True}


def test_after_the_end_nothing_is_opened(down: Down) -> None:
    publication = RemotePublication(SETTINGS)
    publication.close()
    assert isinstance(failure(publication.current), WorkerLost)
    assert down.asked == 0


def own(peer: socket.socket, request: bytes) -> None:
    peer.sendall(TRUE if b"query=ASK" in request else NOTHING)


def opened(engine: LyingEngine, folder: Path, retry_seconds: float) -> tuple[Settings, RemotePublication]:
    engine.own = own
    settings = Settings(backend=engine.address, releases=folder, query_seconds=5, client_rate=0)
    return settings, RemotePublication(settings, retry_seconds)


def test_an_engine_that_went_down_is_seen_by_monitoring(tmp_path: Path) -> None:
    with lying_engine(b"") as engine:
        settings, publication = opened(engine, tmp_path, 0)
        client = create_application(settings, publication).test_client()
        assert client.get("/readyz").status_code == 200
        engine.own = lambda peer, _: peer.close()
        ready = client.get("/readyz")
        assert ready.json == {"status": "not ready", "release": True, "processes": False, "serving": True}
        assert client.get("/healthz").status_code == 200
        engine.own = own
        assert client.get("/readyz").status_code == 200
        publication.close()


def test_an_engine_is_asked_for_its_life_but_seldom(tmp_path: Path) -> None:
    with lying_engine(b"") as engine:
        _, publication = opened(engine, tmp_path, 1000)
        publication.current()
        assert publication.reachable
        asked = len(engine.requests)
        assert all(publication.reachable for _ in range(5))
        assert len(engine.requests) == asked
        publication.close()


def test_a_folder_beside_the_engine_is_not_served(tmp_path: Path) -> None:
    small_release(tmp_path)
    with lying_engine(b"") as engine:
        settings, publication = opened(engine, tmp_path, 5)
        client = create_application(settings, publication).test_client()
        held = publication.current().identifier
        for path in ("/releases/{}/void", "/id/release/{}", "/releases/{}"):
            assert client.get(path.format(IDENTIFIER)).status_code == 404, path
            assert client.get(path.format(held)).status_code in (200, 303), path
        publication.close()


def test_releases_elsewhere_have_no_administrators(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="backend"):
        serve(Settings(backend=SETTINGS.backend, releases=tmp_path, admin_token="0" * 32))
