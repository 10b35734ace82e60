"""Rows of a SELECT answer, counted and cut in its bytes as they pass, without parsing them.

A row counts from its first byte, so that one too many is known before it is sent. The layouts are those of SPARQL 1.1
Query Results JSON, XML, CSV and TSV, with any white space; XML without prefixes for elements, comments and CDATA
sections that hold tags, which no engine writes.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from copy import copy
from typing import Self

_SPACE = b" \t\r\n"


class RowCounter(ABC):
    """Counts the rows that have begun in the bytes fed so far."""

    mark = 1
    """Bytes at the beginning of a row after which it is counted."""
    closing = b""
    """What ends an answer after a row, where its own end has been cut off."""

    def __init__(self) -> None:
        self.rows = 0

    @abstractmethod
    def feed(self, data: bytes) -> None:
        """Count on, over any piece of the answer."""

    def open_end(self, data: bytes) -> int:  # noqa: ARG002  # lines have none
        """How many bytes at the end of `data` belong to the next row, or part it from the last one."""
        return 0

    def trimmed(self, data: bytes) -> bytes:
        """`data`, which a row would follow, without what parts them."""
        return data

    def copy(self) -> Self:
        """A counter that goes on from here on its own."""
        return copy(self)


class _Lines(RowCounter):
    """A row is a line with a byte after the end of the line before it; the first line names the variables."""

    def __init__(self) -> None:
        super().__init__()
        self._ended = 0
        self._at_start = False

    def feed(self, data: bytes) -> None:
        if data:
            ended, self._at_start = self._line_ends(data)
            self._ended += ended
            self.rows = self._ended - self._at_start

    def _line_ends(self, data: bytes) -> tuple[int, bool]:
        # in TSV a line feed ends a line wherever it stands: in a literal it is escaped
        return data.count(b"\n"), data.endswith(b"\n")


_ALL_BUT_LINE_ENDS = bytes(set(range(256)) - set(b'"\n'))


class _QuotedLines(_Lines):
    """Lines of CSV (RFC 4180): a line feed between quotes is part of a value."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = False

    def _line_ends(self, data: bytes) -> tuple[int, bool]:
        if not self._inside and b'"' not in data:
            return super()._line_ends(data)
        start = b'"' if self._inside else b""
        count, self._inside = _outside_quotes(start + data.translate(None, _ALL_BUT_LINE_ENDS), b"\n")
        return count, not self._inside and data.endswith(b"\n")


_ALL_BUT_BRACES = bytes(set(range(256)) - set(b'"{}['))
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
# the bracket before the first row counts as the end of a row before it
_BRACKET_AS_BRACE = bytes.maketrans(b"[", b"}")


class _Objects(RowCounter):
    """Rows of JSON: objects that follow on one another in an array.

    With white space, commas and colons left out, `}{` stands between two rows and nowhere else outside of strings:
    within a row there is a key between the two.
    """

    closing = b"]}}"

    def __init__(self) -> None:
        super().__init__()
        self._start = b""
        self._backslash = b""

    def feed(self, data: bytes) -> None:
        if self._backslash or b"\\" in data:
            data = self._unescaped(data)
        skeleton = self._start + data.translate(_BRACKET_AS_BRACE, _ALL_BUT_BRACES)
        count, inside = _outside_quotes(skeleton, b"}{")
        self.rows += count
        self._start = b'"' if inside else skeleton[-1:].replace(b'"', b"")

    def open_end(self, data: bytes) -> int:
        return len(data) - len(data.rstrip(_SPACE + b","))

    def trimmed(self, data: bytes) -> bytes:
        return data.rstrip(_SPACE + b",")

    def _unescaped(self, data: bytes) -> bytes:
        data = _ESCAPED.sub(b"", self._backslash + data)
        self._backslash = data[-1:] if data.endswith(b"\\") else b""
        return data.removesuffix(b"\\")


class _Elements(RowCounter):
    """Rows of XML: `result` elements. The text of a value cannot hold `<`."""

    mark = len(b"<result>")
    closing = b"</results></sparql>"

    def __init__(self) -> None:
        super().__init__()
        self._rest = b""

    def feed(self, data: bytes) -> None:
        data = self._rest + data
        whole = len(data) - self.open_end(data)
        self._rest = data[whole:]
        self.rows += data.count(b"<result", 0, whole) - data.count(b"<results", 0, whole)

    def open_end(self, data: bytes) -> int:
        tag = data.rfind(b"<", max(len(data) - self.mark + 1, 0))
        return 0 if tag < 0 else len(data) - tag


_COUNTERS: dict[str, type[RowCounter]] = {
    "application/sparql-results+json": _Objects,
    "application/sparql-results+xml": _Elements,
    "text/csv": _QuotedLines,
    "text/tab-separated-values": _Lines,
}


def row_counter(media_type: str) -> RowCounter:
    """A counter for a format of SELECT answers. Raises KeyError for another format."""
    return _COUNTERS[media_type]()


class RowCut:
    """Lets the first `rows` rows of an answer pass and ends it after them as its format asks.

    What may belong to the next row is held back until the next piece tells.
    """

    def __init__(self, counter: RowCounter, rows: int) -> None:
        self._counter = counter
        self._most = rows
        self._held = b""
        self.more = False
        """Whether a further row has begun: then nothing passes any more."""

    @property
    def rows(self) -> int:
        """The rows that have begun, also those that do not pass."""
        return self._counter.rows

    def passing(self, data: bytes) -> bytes:
        """What of the answer passes now that `data` has come; with the end of the format if a row too many began."""
        if self.more:
            return b""
        before = self._counter.copy()
        self._counter.feed(data)
        data, held = self._held + data, len(self._held)
        if self._counter.rows <= self._most:
            passing = len(data) - self._counter.open_end(data)
            self._held = data[passing:]
            return data[:passing]
        self.more, self._held = True, b""
        begins = held + _shortest(before, data[held:], self._most) - before.mark
        return before.trimmed(data[:begins]) + before.closing

    def rest(self) -> bytes:
        """What was held back, once the answer has ended by itself."""
        rest, self._held = self._held, b""
        return rest


def _shortest(counter: RowCounter, data: bytes, rows: int) -> int:
    """The length of the shortest beginning of `data` with which more than `rows` rows have begun."""
    low, high = 1, len(data)
    while low < high:
        middle = (low + high) // 2
        probe = counter.copy()
        probe.feed(data[:middle])
        low, high = (low, middle) if probe.rows > rows else (middle + 1, high)
    return low


def _outside_quotes(skeleton: bytes, mark: bytes) -> tuple[int, bool]:
    """How often `mark` stands outside of quotes, and whether the end lies inside."""
    parts = skeleton.split(mark)
    # rows are much alike once their texts are gone: few different ones are looked at
    if not any(part.count(b'"') % 2 for part in set(parts)):
        return len(parts) - 1, False
    count, inside = -1, False
    for part in parts:
        count += not inside
        inside ^= part.count(b'"') % 2 == 1
    return count, inside
