"""`passerelle serve --backend` before an engine that cannot be asked yet: up, not ready, and ready by itself."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lying_engine import EMPTY, WHOLE, LyingEngine, lying_engine, response
from running_server import Server, served

TRUE = response(b'{"head":{},"boolean":true}', b"Connection: close")
NOTHING = response(EMPTY, b"Connection: close")
SWITCHING = response(
    EMPTY.replace(b"[]", b'[{"value":{"type":"literal","value":"switching 1"}}]'), b"Connection: close"
)
RECOVERY_SECONDS = 60


def switching(peer: socket.socket, request: bytes) -> None:
    peer.sendall(TRUE if b"query=ASK" in request else SWITCHING if b"passerelle%3Atoken" in request else NOTHING)


def killed_at_its_first_publication(peer: socket.socket, request: bytes) -> None:
    """A journal and no release."""
    peer.sendall(TRUE if b"query=ASK" in request else SWITCHING if b"passerelle%3Ajournal" in request else NOTHING)


def steady(peer: socket.socket, request: bytes) -> None:
    peer.sendall(TRUE if b"query=ASK" in request else NOTHING)


@pytest.fixture
def bound() -> Iterator[socket.socket]:
    """An address that refuses connections until somebody listens there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener


def status(server: Server, path: str) -> int:
    connection = server.connect()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def comes_to_be_ready(server: Server) -> bool:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < deadline:
        if status(server, "/readyz") == http.client.OK:
            return True
        time.sleep(0.2)
    return False


@pytest.mark.parametrize("state", [None, switching, killed_at_its_first_publication], ids=["down", "switch", "killed"])
def test_the_service_starts_and_recovers(state: object, bound: socket.socket, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{bound.getsockname()[1]}/sparql"
    with ExitStack() as stack:

        def switched_on(own: object) -> LyingEngine:
            engine = stack.enter_context(lying_engine(response(WHOLE, b"Connection: close"), bound))
            engine.own = own  # type: ignore[assignment]
            return engine

        engine = None if state is None else switched_on(state)
        server = stack.enter_context(served(tmp_path, f"backend={address}"))
        assert (status(server, "/healthz"), status(server, "/readyz")) == (200, 503)
        code, media_type, body = server.get("SELECT ?x {}")
        assert (code, media_type) == (503, "application/problem+json"), body
        if engine is None:
            switched_on(steady)
        else:
            engine.own = steady
        assert comes_to_be_ready(server)
        assert server.get("SELECT ?x {}") == (200, "text/csv; charset=utf-8", b"x\r\n1\r\n")
