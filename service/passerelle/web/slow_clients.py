"""Clients that send slowly: a deadline for each request to have come, and a share of the threads that read bodies.

A thread that waits for a client is one that answers nobody else. Bytes that drip keep any limit on pauses from passing,
so the whole has a limit too: after it, nothing more is read from the connection, and an answer can still be sent.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

from flask import Request, current_app
from gunicorn.workers.gthread import ThreadWorker

from passerelle.errors import Overloaded, RequestError, RequestTooSlow

BODY_PLACES = "body-places"
"""The extension of the application that holds the semaphore of those who may read a body; without it, all may."""
_HEADER_SECONDS = 10.0
"""For the header of a request, and for the pause before it: browsers send it in one piece."""
_WAIT_SECONDS = 0.1
"""Quick clients that come at once are let through one after the other."""

_cut_off: WeakKeyDictionary[socket.socket, float] = WeakKeyDictionary()
"""Connections whose time has passed, and how many seconds a body had."""


class DeadlineWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's threads, which stop reading from a connection when a request takes too long to come."""

    body_seconds = 60.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deadlines: MutableMapping[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        """Runs in a thread for each request of a connection."""
        self._deadlines[conn] = time.monotonic() + _HEADER_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._deadlines.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Called by `handle` once the header is there."""
        self._deadlines[conn] = time.monotonic() + self.body_seconds
        return super().handle_request(req, conn)

    def notify(self) -> None:
        """Called by the loop of the worker, once a second or more often."""
        super().notify()
        now = time.monotonic()
        for conn, deadline in list(self._deadlines.items()):
            if deadline <= now:
                self._deadlines.pop(conn, None)
                _cut_off[conn.sock] = self.body_seconds
                _stop_reading(conn.sock)


def worker_class(body_seconds: float) -> type[DeadlineWorker]:
    """A class of workers that allow `body_seconds` for a body."""
    return type("DeadlineWorker", (DeadlineWorker,), {"body_seconds": body_seconds})


def places(threads: int) -> threading.BoundedSemaphore:
    """Half of the threads may read bodies: the others answer whatever senders do."""
    return threading.BoundedSemaphore(max(threads // 2, 1))


def broken(request: Request) -> RequestError:
    """The error of a body that is cut or malformed, or that did not come in time."""
    connection = request.environ.get("gunicorn.socket")
    seconds = None if connection is None else _cut_off.get(connection)
    if seconds is None:
        return RequestError("page-bad-request")
    return RequestTooSlow("page-too-slow", seconds=f"{seconds:g}")


@contextmanager
def reading_a_body(request: Request) -> Iterator[None]:
    """Hold one of the places of those who read a body. Raises Overloaded where none is free."""
    semaphore: threading.BoundedSemaphore | None = current_app.extensions.get(BODY_PLACES)
    if semaphore is None:
        yield
        return
    if not semaphore.acquire(timeout=_WAIT_SECONDS):
        # else the server would read on, to keep the connection
        connection = request.environ.get("gunicorn.socket")
        if connection is not None:
            _stop_reading(connection)
        raise Overloaded("page-many-bodies")
    try:
        yield
    finally:
        semaphore.release()


def _stop_reading(connection: socket.socket) -> None:
    with suppress(OSError):  # the client has gone
        connection.shutdown(socket.SHUT_RD)
