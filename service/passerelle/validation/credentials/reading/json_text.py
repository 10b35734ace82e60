"""JSON as it was written: its values, keys that occur twice, and the line and column of every value on demand."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from passerelle.validation.credentials.model import NotReadable, Observation, Spot
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.positions import Positions, bare_words, member, offsets

Place = Callable[[int], tuple[int, int]]
"""Line and column (from 1; 0 where unknown) in the submitted file of an offset in a text."""

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_STRINGS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""The last one may lack its end: tried again from each quote in it, it would cost quadratic time."""
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HIGH, _LOW = frozenset(("d8", "d9", "da", "db")), frozenset(("dc", "dd", "de", "df"))
_READ_AGAIN = 4
"""How often the text may be read over for single pointers: one pass that notes all takes longer than that."""


class JsonText:
    """A JSON document; pointers are RFC 6901, into this document. `parse` builds it."""

    def __init__(self, text: str, value: Any, place: Place | None = None) -> None:
        self.text = text
        self.value = value
        self.observations: tuple[Observation, ...] = ()
        self.place: Place = place or lines_of(text)
        self._positions: Positions | None = None
        self._read_again = 0

    @property
    def positions(self) -> Positions:
        """The offset of every value and key, found by one pass when first asked."""
        if self._positions is None:
            self._positions = Positions.of(self.text)
        return self._positions

    def offsets(self, pointer: str) -> tuple[int, int]:
        """The offsets of the value that `pointer` names, or of the nearest one around it, and of its key."""
        if self._positions is None and self._read_again <= _READ_AGAIN * len(self.text):
            found = offsets(self.text, pointer)
            self._read_again += found[0]
            return found
        return self.positions.value(pointer), self.positions.key(pointer)

    def position(self, pointer: str) -> tuple[int, int]:
        """Line and column of the value that `pointer` names; of the nearest value around it where there is none."""
        return self.place(self.offsets(pointer)[0])

    def key_position(self, pointer: str) -> tuple[int, int]:
        """Line and column of the key of the member that `pointer` names; of an array element or the root, its own."""
        return self.place(self.offsets(pointer)[1])

    def spot(self, pointer: str) -> Spot:
        """`position` with its pointer."""
        return Spot(pointer, *self.position(pointer))

    def key_spot(self, pointer: str) -> Spot:
        """`key_position` with its pointer."""
        return Spot(pointer, *self.key_position(pointer))


def parse(text: str, limits: Limits | None = None, place: Place | None = None) -> JsonText:
    """The document that `text` writes (no byte order mark). `place` where the text itself stood inside something.

    Raises NotReadable: ELM-FILE-NOT-JSON, ELM-FILE-ENCODING, ELM-FILE-TOO-DEEP, ELM-FILE-NUMBER,
    ELM-FILE-TOO-MANY-VALUES. Keys that occur twice are observations ELM-FILE-DUPLICATE-KEY, and the last one counts;
    the character NUL is ELM-READING-NUL.
    """
    limits = limits or Limits()
    place = place or lines_of(text)
    if _too_many(text, limits.values):
        raise NotReadable(Observation("ELM-FILE-TOO-MANY-VALUES", parameters={"limit": str(limits.values)}))
    twice: list[bool] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            twice.append(True)
        return found

    def whole(digits: str) -> int:
        if len(digits) > limits.digits:
            raise _NumberError(digits)
        return int(digits)

    def broken(digits: str) -> float:
        number = float(digits)
        if not math.isfinite(number) or len(digits) > limits.digits:
            raise _NumberError(digits)
        return number

    def refused(word: str) -> float:
        raise _NumberError(word)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_int=whole, parse_float=broken, parse_constant=refused)
    except json.JSONDecodeError as error:
        spot = Spot(None, *place(error.pos))
        raise NotReadable(Observation("ELM-FILE-NOT-JSON", spot=spot, parameters={"reason": error.msg})) from error
    except _NumberError as error:
        word = error.args[0]
        offset = next((at for at, each in bare_words(text) if each == word), 0)
        found = Observation("ELM-FILE-NUMBER", value=word[:40], spot=Spot(None, *place(offset)))
        raise NotReadable(found) from None
    except RecursionError:
        raise NotReadable(_too_deep(limits)) from None
    if _deeper(value, limits.depth):
        raise NotReadable(_too_deep(limits))
    escaped = "\\" in text and "\\u" in text
    if escaped or not text.isascii():
        _check_characters(text, place, escaped)
    document = JsonText(text, value, place)
    if twice or (escaped and "\\u0000" in text):
        document.observations = tuple(_oddities(document, limits.observations))
    return document


def inside(outer: JsonText, pointer: str) -> Place:
    """Where the characters of a string of `outer` stand in the submitted file, escapes undone: for sealed payloads.

    `parse(payload, limits, inside(outer, "/payload"))`
    """
    found: list[_Escaped] = []

    def place(offset: int) -> tuple[int, int]:
        if not found:
            found.append(_Escaped(outer.text, outer.offsets(pointer)[0]))
        return outer.place(found[0].at(offset))

    return place


def lines_of(text: str) -> Place:
    """The place of an offset in a text that is the submitted file itself."""
    ends: list[int] = []

    def place(offset: int) -> tuple[int, int]:
        if not ends:
            ends.extend(each.start() for each in re.finditer("\n", text))
            ends.append(len(text))
        line = bisect_left(ends, offset)
        return line + 1, offset - (ends[line - 1] + 1 if line else 0) + 1

    return place


class _NumberError(ValueError):
    """A number that is not read."""


def _too_deep(limits: Limits) -> Observation:
    return Observation("ELM-FILE-TOO-DEEP", parameters={"limit": str(limits.depth)})


def _too_many(text: str, limit: int) -> bool:
    """Whether there are more values than the limit; counts exactly only where a glance leaves it open."""
    if len(text) < limit:
        return False
    marks = ",[{"
    if sum(text.count(mark) for mark in marks) < limit:
        return False
    bare = _STRINGS.sub("", text)
    return sum(bare.count(mark) for mark in marks) >= limit


def _deeper(value: Any, limit: int) -> bool:
    level = [value] if type(value) in (dict, list) else []
    for _ in range(limit):
        if not level:
            return False
        level = [
            inner
            for each in level
            for inner in (each.values() if type(each) is dict else each)
            if type(inner) is dict or type(inner) is list
        ]
    return bool(level)


def _check_characters(text: str, place: Place, escaped: bool) -> None:
    """Refuse halves of surrogate pairs: no UTF-8 and no RDF can hold them. Raises NotReadable."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _half(place(error.start)) from None
    if not escaped or not _HALF.search(text):
        return
    high_end = -1
    high_start = 0
    for match in _ESCAPE.finditer(text):
        code = int(match[1], 16) if match[1] else 0
        if high_end >= 0:
            if not (0xDC00 <= code <= 0xDFFF and match.start() == high_end):
                raise _half(place(high_start))
            high_end = -1
        elif 0xD800 <= code <= 0xDBFF:
            high_start, high_end = match.span()
        elif 0xDC00 <= code <= 0xDFFF:
            raise _half(place(match.start()))
    if high_end >= 0:
        raise _half(place(high_start))


def _half(at: tuple[int, int]) -> NotReadable:
    return NotReadable(Observation("ELM-FILE-ENCODING", spot=Spot(None, *at)))


def _oddities(document: JsonText, limit: int) -> Iterator[Observation]:
    positions = document.positions
    for pointer, key, offset in positions.repeated[:limit]:
        spot = Spot(member(pointer, key), *document.place(offset))
        yield Observation("ELM-FILE-DUPLICATE-KEY", spot=spot, parameters={"key": key})
    pending: list[tuple[str, Any]] = [("", document.value)]
    told = 0
    while pending and told < limit:
        pointer, value = pending.pop()
        if isinstance(value, str) and "\0" in value:
            told += 1
            yield Observation("ELM-READING-NUL", spot=document.spot(pointer))
        elif isinstance(value, dict):
            pending.extend((member(pointer, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            pending.extend((f"{pointer}/{i}", inner) for i, inner in enumerate(value))


class _Escaped:
    """The string that begins at an offset of a JSON text; its escapes are looked for only as far as it is asked."""

    def __init__(self, text: str, start: int) -> None:
        self._first = start + 1
        self._matches = _ESCAPE.finditer(text, self._first)
        # of each escaped character its number in the string, and how much longer all up to it are than one character
        # each; a surrogate pair is one character written in twelve
        self._places: list[int] = []
        self._longer: list[int] = []
        self._low_from = -1

    def at(self, number: int) -> int:
        """The offset in the text of the character of that number, from 0."""
        if not self._places or self._places[-1] < number:
            self._read_on(number)
        before = bisect_left(self._places, number)
        return self._first + number + (self._longer[before - 1] if before else 0)

    def _read_on(self, number: int) -> None:
        longer = self._longer[-1] if self._longer else 0
        for match in self._matches:
            start, end = match.span()
            half = match[1][:2].lower() if match[1] else ""
            if start == self._low_from and half in _LOW:
                longer += end - start
                self._longer[-1] = longer
                self._low_from = -1
                continue
            self._low_from = end if half in _HIGH else -1
            place = start - self._first - longer
            longer += end - start - 1
            self._places.append(place)
            self._longer.append(longer)
            if place >= number:
                break
