"""Reads the start of an XML file before any parser does: refuses DOCTYPE, and encodings other than UTF-8.

A DOCTYPE can only stand before the root element, so what precedes the first start tag decides. Sources that publish
XML of the kinds that we read never use one; an entity bomb always does.
"""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from passerelle.errors import MalformedInput, UnsafeInput
from passerelle.records.place import Place

_PIECE = 64 * 1024
_PROLOG = 1024 * 1024
"""Bytes before the root element; a longer prolog is no honest one."""
_RECORD = 64 * 1024 * 1024
"""Bytes of one record; real fiches have at most a few hundred thousand."""
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ROOT = re.compile(rb"[A-Za-z_:\x80-\xff]")


class CheckedXml:
    """A stream whose prolog has been checked. `done` counts the bytes handed out so far.

    Raises UnsafeInput for a DOCTYPE, MalformedInput for what is no UTF-8 XML. Its reader calls `record_ends` after
    each record: a single record of more than 64 MB is refused while it is read, because a parser keeps it in memory.
    """

    def __init__(self, stream: BinaryIO, place: Place) -> None:
        self._stream = stream
        self._place = place
        self.done = 0
        self._record_start = 0
        self._head = b""
        self._check()

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        if self._head:
            size = len(self._head) if size < 0 else size
            data, self._head = self._head[:size], self._head[size:]
        else:
            data = self._stream.read(size)
        self.done += len(data)
        if self.done - self._record_start > _RECORD:
            raise UnsafeInput("xml-record-size", place=self._place, limit=_RECORD)
        return data

    def record_ends(self) -> None:
        """Tell that a record has been read whole."""
        self._record_start = self.done

    def _check(self) -> None:
        self._fill(4)
        self._check_encoding(self._head)
        position = len(codecs.BOM_UTF8) if self._head.startswith(codecs.BOM_UTF8) else 0
        while True:
            position = self._past_space(position)
            self._fill(position + 4)
            if self._head.startswith(b"<!--", position):
                position = self._past(b"-->", position)
            elif self._head.startswith(b"<?", position):
                position = self._past(b"?>", position)
            else:
                break
        if self._head.startswith(b"<!", position):
            raise UnsafeInput("xml-doctype", place=self._place)
        if not (self._head.startswith(b"<", position) and _ROOT.match(self._head, position + 1)):
            raise MalformedInput("xml-none", place=self._place)

    def _past_space(self, position: int) -> int:
        while True:
            while position < len(self._head) and self._head[position] in b" \t\r\n":
                position += 1
            if position < len(self._head) or not self._more():
                return position

    def _past(self, end: bytes, position: int) -> int:
        while (found := self._head.find(end, position)) < 0:
            if not self._more():
                raise MalformedInput("xml-none", place=self._place)
        return found + len(end)

    def _fill(self, size: int) -> None:
        while len(self._head) < size and self._more():
            pass

    def _more(self) -> bool:
        if len(self._head) > _PROLOG:
            raise UnsafeInput("xml-prolog", place=self._place, limit=_PROLOG)
        data = self._stream.read(_PIECE)
        self._head += data
        return bool(data)

    def _check_encoding(self, head: bytes) -> None:
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head[:4]:
            raise MalformedInput("xml-encoding", place=self._place, encoding="UTF-16 / UTF-32")
        declared = _DECLARATION.match(head.removeprefix(codecs.BOM_UTF8))
        if declared and declared[1].decode("ascii").upper() not in {"UTF-8", "UTF8", "US-ASCII"}:
            raise MalformedInput("xml-encoding", place=self._place, encoding=declared[1].decode("ascii"))
