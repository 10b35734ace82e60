"""Clients that send slowly: a deadline for each body to have come, and a share of the threads that read bodies.

A thread that waits for a client is one that answers nobody else. Bytes that drip keep any limit on pauses from passing,
so the whole has a limit too: after it, nothing more is read from the connection, and an answer can still be sent.
Headers take no thread while they come: see `connections`.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from weakref import WeakKeyDictionary, WeakSet

from flask import Request, current_app

from passerelle.errors import Overloaded, RequestError, RequestTooSlow

BODY_PLACES = "body-places"
"""The extension of the application that holds the semaphore of those who may read a body; without it, all may."""
_WAIT_SECONDS = 0.1
"""Quick clients that come at once are let through one after the other."""

_TIME_BYTES = struct.calcsize("ll")

_cut_off: WeakKeyDictionary[socket.socket, float] = WeakKeyDictionary()
"""Connections whose time has passed, and how many seconds a body had."""
_abandoned: WeakSet[socket.socket] = WeakSet()
"""Connections that close after the answer, as a body is still to come that nobody wants."""


def places(threads: int) -> threading.BoundedSemaphore:
    """Half of the threads may read bodies: the others answer whatever senders do."""
    return threading.BoundedSemaphore(max(threads // 2, 1))


def cut_off(connection: socket.socket, seconds: float) -> None:
    """Read nothing more of a body that had its `seconds` to come."""
    _cut_off[connection] = seconds
    _stop_reading(connection)


def abandon(connection: socket.socket) -> None:
    """Close the connection after the answer instead of waiting for a body that nobody reads."""
    _abandoned.add(connection)


def is_abandoned(connection: socket.socket) -> bool:
    """Whether it is to be closed."""
    return connection in _abandoned


def broken(request: Request, error: BaseException | None = None) -> RequestError:
    """The error of a body that is cut or malformed, or that did not come in time; `error` is what reading it raised."""
    connection = request.environ.get("gunicorn.socket")
    seconds = None if connection is None else _cut_off.get(connection)
    if seconds is None and connection is not None and _paused(error):
        seconds = struct.unpack("ll", connection.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIME_BYTES))[0]
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
            abandon(connection)
        raise Overloaded("page-many-bodies")
    try:
        yield
    finally:
        semaphore.release()


def _paused(error: BaseException | None) -> bool:
    """Whether the kernel gave up waiting for the next bytes (`idle_seconds`, set on the listener)."""
    while error is not None:
        if isinstance(error, BlockingIOError | TimeoutError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _stop_reading(connection: socket.socket) -> None:
    with suppress(OSError):  # the client has gone
        connection.shutdown(socket.SHUT_RD)
