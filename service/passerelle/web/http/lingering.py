"""Connections that close in two steps: the sending side at once, the rest when the client has closed its own, or soon.

A client still reads the answer while it sends; closed at once, the connection would be reset (RFC 9112, 9.6).
"""

from __future__ import annotations

import socket
import time
from selectors import EVENT_READ, BaseSelector

_SECONDS = 2.0
_CONNECTIONS = 128
_BYTES = 16 * 1024**2
_PIECE_BYTES = 65_536


class Lingering:
    """For the one thread that runs the poller."""

    def __init__(self) -> None:
        self._held: dict[socket.socket, tuple[float, int, BaseSelector]] = {}

    def close(self, connection: socket.socket, poller: BaseSelector) -> None:
        """Close a connection without waiting for the client."""
        try:
            connection.shutdown(socket.SHUT_WR)
            connection.setblocking(False)
            poller.register(connection, EVENT_READ, self._read_away)
        except (OSError, ValueError, KeyError):
            connection.close()
            return
        if len(self._held) >= _CONNECTIONS:
            self._let_go(next(iter(self._held)))
        self._held[connection] = (time.monotonic() + _SECONDS, _BYTES, poller)

    def expire(self) -> None:
        """Let go of those that had their time."""
        now = time.monotonic()
        for connection in [each for each, (deadline, _, _) in self._held.items() if deadline <= now]:
            self._let_go(connection)

    def _read_away(self, connection: socket.socket) -> None:
        if connection not in self._held:  # closed by another event of the same round
            return
        deadline, left, poller = self._held[connection]
        try:
            data = connection.recv(_PIECE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or len(data) > left:
            self._let_go(connection)
        else:
            self._held[connection] = (deadline, left - len(data), poller)

    def _let_go(self, connection: socket.socket) -> None:
        _, _, poller = self._held.pop(connection)
        poller.unregister(connection)
        connection.close()
