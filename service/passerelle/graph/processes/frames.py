"""Length-framed messages between the server and a query process: one type byte, four bytes of length, the content."""

from __future__ import annotations

import struct
from enum import Enum
from typing import BinaryIO

_HEAD = struct.Struct("!cI")
HEAD_BYTES = _HEAD.size
BODY_BYTES = 64 * 1024
"""How much of an answer travels in one frame (the size of a pipe on Linux)."""


class Frame(Enum):
    """The types of frames: an answer is WHOLE, or HEADER, BODY*, END, or ERROR at any point.

    WHOLE and HEADER begin with a line of JSON about the answer; all but ERROR bear a piece of it, END the last one.
    """

    QUESTION = b"Q"
    READY = b"R"
    WHOLE = b"W"
    HEADER = b"H"
    BODY = b"B"
    END = b"Z"
    ERROR = b"E"


def head(frame: Frame, length: int) -> bytes:
    """The five bytes before a content of `length` bytes."""
    return _HEAD.pack(frame.value, length)


def parse_head(data: bytes) -> tuple[Frame, int]:
    """Type and length out of the five bytes. Raises ValueError for an unknown type."""
    kind, length = _HEAD.unpack(data)
    return Frame(kind), length


def write_frame(pipe: BinaryIO, frame: Frame, content: bytes = b"") -> None:
    """Write and flush one frame."""
    pipe.write(head(frame, len(content)) + content)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> tuple[Frame, bytes] | None:
    """The next frame of a blocking pipe; None at its end."""
    start = pipe.read(HEAD_BYTES)
    if len(start) < HEAD_BYTES:
        return None
    frame, length = parse_head(start)
    content = pipe.read(length)
    return (frame, content) if len(content) == length else None
