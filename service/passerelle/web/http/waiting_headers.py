"""Whether the header of a request has come, without reading it: it is waited for in the poller, not in a thread.

The bytes stay in the kernel, where gunicorn reads them later. So that the poller wakes for new bytes alone, the low
water mark of the socket (SO_RCVLOWAT) stands one above what has been seen.
"""

from __future__ import annotations

import re
import select
import socket
from enum import Enum, auto

LONGEST = 65_536
"""Bytes of a header; gunicorn's limits on line and fields together stay below it."""
_SOON_MILLISECONDS = 5
"""A program that asks the next question at once is back within it, from the same data centre as well."""
# a bare LF is refused by the parser at once, so there is nothing to wait for (RFC 9112, 2.2)
_END = re.compile(rb"\r\n\r\n|(?<!\r)\n")


class Header(Enum):
    """What has come of it."""

    WHOLE = auto()
    PARTLY = auto()
    TOO_LONG = auto()
    GONE = auto()


def look(connection: socket.socket, read_ahead: bytes, seen: int) -> tuple[Header, int]:
    """How far a header has come on a non-blocking connection, and how many of its bytes have been seen by now.

    `read_ahead` stands before what the connection holds: bytes that came with the request before. `seen` is what the
    last look said, 0 before the first.
    """
    try:
        held = connection.recv(LONGEST, socket.MSG_PEEK)
    except (BlockingIOError, InterruptedError):
        held = None
    except OSError:
        return Header.GONE, seen
    data = read_ahead + (held or b"")
    if _END.search(data, max(seen - 3, 0)):
        return Header.WHOLE, _ready(connection, data)
    if len(data) >= LONGEST:
        return Header.TOO_LONG, _ready(connection, data)
    if held == b"" or (held and len(data) == seen):  # awake without anything new: the client has closed its side
        return Header.GONE, seen
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(held or b"") + 1)
    except OSError:
        return Header.GONE, seen
    return Header.PARTLY, len(data)


def comes_soon(connection: socket.socket) -> bool:
    """Whether a header comes whole within a few milliseconds. What came of another one is for `look`."""
    readable = select.poll()
    try:
        readable.register(connection, select.POLLIN)
        if not readable.poll(_SOON_MILLISECONDS):
            return False
        held = connection.recv(LONGEST, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except (OSError, ValueError):  # the client has gone; the poller finds that out as well
        return False
    return _END.search(held) is not None


def _ready(connection: socket.socket, data: bytes) -> int:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
    return len(data)
