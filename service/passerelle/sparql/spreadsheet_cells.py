"""CSV for a spreadsheet: a cell that it would take for a formula gets an apostrophe in front, which makes it text.

A title of a third party may begin with `=` and call a function with the reader's data (OWASP, "CSV Injection").
"""

from __future__ import annotations

import re

NUMBER_BYTES = 100
"""Of a cell that begins with a sign and may be a number; a spreadsheet keeps fifteen digits. What is longer is text."""

_NUMBER = rb"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_SHORT = rb"(?=[0-9.eE+-]{1,%d}[,\r\n])" % NUMBER_BYTES
_FORMULA = re.compile(rb"([,\n])(?=[=@\t]|[+-](?!%s%s[,\r\n]))" % (_SHORT, _NUMBER))
_QUOTED_NUMBER = re.compile(rb"[+-]" + _NUMBER)
_UNDECIDED = re.compile(rb'(?:"?[+-][0-9.eE+-]{0,%d}"?|")\Z' % NUMBER_BYTES)
_LONGEST_UNDECIDED = NUMBER_BYTES + 3


class SpreadsheetCells:
    """Rewrites a CSV document (RFC 4180, UTF-8) that comes in pieces, cut anywhere; holds back some hundred bytes.

    Guarded are cells that begin with `=`, `+`, `-`, `@`, tab, carriage return or line feed; numbers such as `-5` are
    none of them.
    """

    def __init__(self) -> None:
        self._held = b""
        self._quoted = False
        self._at_start = True

    def feed(self, piece: bytes) -> bytes:
        """What can be sent after this piece; may be empty."""
        data = self._held + piece
        # the end of a piece may be a sign whose cell is not yet known to be a number, or half of a doubled quote
        window = max(0, len(data) - _LONGEST_UNDECIDED)
        undecided = _UNDECIDED.search(data, window)
        cut = len(data) if undecided is None else undecided.start()
        self._held = data[cut:]
        return self._guarded(data[:cut])

    def end(self) -> bytes:
        """What was held back, once nothing follows."""
        data, self._held = self._held, b""
        # the line end decides what stands before it
        return self._guarded(data + b"\n")[:-1] if data else b""

    def _guarded(self, data: bytes) -> bytes:
        """`data` with its formulas guarded; it ends where what is before is decided."""
        if not data:
            return data
        parts = data.split(b'"')
        written = []
        for position, part in enumerate(parts):
            if position:
                self._quoted = not self._quoted
            if self._quoted:
                written.append(self._within_quotes(part, parts[position + 1 : position + 2]))
            else:
                written.append(self._outside(part, after_quote=position > 0))
        return b'"'.join(written)

    def _outside(self, part: bytes, *, after_quote: bool) -> bytes:
        if after_quote:
            self._at_start = False
        if not part:
            return part
        # a cell that begins here has its line end or comma in what was before
        before = b"\n" if self._at_start else b""
        part = _FORMULA.sub(rb"\1'", before + part)[len(before) :]
        self._at_start = part.endswith((b",", b"\n"))
        return part

    def _within_quotes(self, part: bytes, after: list[bytes]) -> bytes:
        begins, self._at_start = self._at_start, False
        if not begins or not part.startswith((b"=", b"+", b"-", b"@", b"\t", b"\r", b"\n")):
            return part
        ends = bool(after) and after[0].startswith((b",", b"\r", b"\n"))
        if ends and len(part) <= NUMBER_BYTES + 1 and _QUOTED_NUMBER.fullmatch(part):
            return part
        return b"'" + part
