"""An answer while it is written: bytes within the limits of the question, and frames that take them to the server."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar

from passerelle.errors import AnswerTooLarge, WorkerLost
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Kind
from passerelle.graph.answering.rows import RowCut, row_counter
from passerelle.graph.processes.frames import Frame, write_frame

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_HELD_BYTES = 4 * 1024 * 1024
"""How much of an answer with a row limit is held back until it is known whether there are more rows."""

Row = TypeVar("Row")


class ServerGone(Exception):
    """Nobody reads the answer any more."""


class EnoughRows(Exception):
    """The client has the rows it asked for; ends the evaluation."""


class Sender(Protocol):
    """Takes the pieces of an answer to whoever reads it."""

    def __call__(self, content: bytes, *, last: bool, more_rows: bool | None) -> None:
        """Send a piece; `more_rows` says whether a row limit that was asked for left rows out. Raises ServerGone."""


class FrameSender:
    """Sends to the server over a pipe: frames, the first with a header."""

    def __init__(self, pipe: BinaryIO, kind: Kind, media_type: str) -> None:
        self._pipe = pipe
        self._kind = kind
        self._media_type = media_type
        self._started = False

    def __call__(self, content: bytes, *, last: bool, more_rows: bool | None) -> None:
        """Send a piece. Raises ServerGone."""
        frame = Frame.END if last else Frame.BODY
        if not self._started:
            self._started = True
            frame = Frame.WHOLE if last else Frame.HEADER
            header = {"kind": self._kind, "media_type": self._media_type, "more_rows": more_rows}
            content = json.dumps(header).encode("ascii") + b"\n" + content
        try:
            write_frame(self._pipe, frame, content)
        except OSError as error:
            raise ServerGone from error


class AnswerWriter(io.RawIOBase):
    """The raw end of a buffered file: what reaches it, and is within the limits, goes to `send` piece by piece.

    The newest piece is held back until the next one comes, so that a short answer is one frame, and an error while it
    was computed is still told before the first byte. Where the client has set a row limit, more is held back: until
    the answer ends or a row too many begins. What is longer than a few megabytes is not held for that, but `probe` is
    asked: whether a second evaluation comes to a row too many.
    """

    def __init__(self, send: Sender, kind: Kind, media_type: str, limits: Limits, probe: Callable[[], bool]) -> None:
        self._sender = send
        self._limits = limits
        self._probe = probe
        self._counter = row_counter(media_type) if kind == "solutions" else None
        asked = limits.asked_rows
        self._cut = None if asked is None or self._counter is None else RowCut(self._counter, asked)
        # of a boolean no row limit leaves anything out
        self._more: bool | None = False if kind == "boolean" and asked is not None else None
        self._found_more = False
        self._asked = asked is not None
        self._bytes = 0
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._closed_off = False

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Raises AnswerTooLarge, EnoughRows, ServerGone, and what `probe` raises."""
        content = bytes(data)
        if self._closed_off:
            return len(content)
        size = len(content)
        self._bytes += size
        if self._bytes > self._limits.bytes:
            raise AnswerTooLarge("answer-bytes", limit=self._limits.bytes)
        if self._cut is not None:
            content = self._cut.passing(content)
            self._found_more = self._cut.more
        elif self._counter is not None:
            self._counter.feed(content)
            if self._counter.rows > self._limits.rows:
                raise AnswerTooLarge("answer-rows", limit=self._limits.rows)
        self._pass(content)
        if self._cut is not None and self._cut.more:
            raise EnoughRows
        return size

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The triples that the limits allow. Raises AnswerTooLarge."""
        most = self._limits.rows if self._limits.asked_rows is None else self._limits.asked_rows
        for number, row in enumerate(rows):
            if number == most:
                if not self._asked:
                    raise AnswerTooLarge("answer-rows", limit=most)
                self._found_more = True
                return
            yield row

    def end(self) -> None:
        """Send the rest: the answer is whole, or has as many rows as were asked for.

        Raises WorkerLost where the second evaluation said otherwise, as one of a query with a random filter may.
        """
        if self._cut is not None:
            self._held.append(self._cut.rest())
        if self._asked and self._more is None:
            self._more = self._found_more
        if self._asked and self._more != self._found_more:
            raise WorkerLost("worker-lost")
        self._closed_off = True
        *pieces, last = self._held or [b""]
        for piece in pieces:
            self._send(piece, last=False)
        self._send(last, last=True)

    def close_off(self) -> None:
        """Drop what was not sent, and what the buffer above still writes."""
        self._closed_off = True

    def _pass(self, content: bytes) -> None:
        if content:
            self._held.append(content)
            self._held_bytes += len(content)
        if self._asked and self._more is None:
            if self._found_more:
                self._more = True
            elif self._held_bytes > _HELD_BYTES:
                self._more = self._probe()
            else:
                return
        while len(self._held) > 1:
            self._send(self._held.pop(0), last=False)

    def _send(self, content: bytes, *, last: bool) -> None:
        try:
            self._sender(content, last=last, more_rows=self._more)
        except ServerGone:
            self._closed_off = True
            raise
