"""Offsets of the values and keys of a JSON text, by JSON pointer: of all in one pass, or of one by the way to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]|[^\s,:\[\]{}"]+', re.DOTALL)
_BLANKS = re.compile(r"[ \t\n\r]*")
_ENDS = {"{": "}", "[": "]"}
_SKIP = json.JSONDecoder().raw_decode


def member(pointer: str, key: str) -> str:
    """The pointer of a member of the object that `pointer` names (RFC 6901, section 3).

    >>> member("/a", "b/c")
    '/a/b~1c'
    """
    if "~" in key or "/" in key:
        key = key.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{key}"


def bare_words(text: str) -> Iterator[tuple[int, str]]:
    """Numbers and names outside of strings, each with its offset."""
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word[0] not in '"[]{},':
            yield match.start(), word


def offsets(text: str, pointer: str) -> tuple[int, int]:
    """The offsets of the value that `pointer` names and of its key, as in `Positions`; `text` repeats no key.

    It reads what stands before, and several times faster than `Positions.of`: for a few pointers.
    """
    value = key = _past_blanks(text, 0)
    for step in pointer.split("/")[1:]:
        found = _entry(text, value, step.replace("~1", "/").replace("~0", "~"))
        if found is None:
            return value, value
        value, key = found
    return value, key


def _entry(text: str, at: int, step: str) -> tuple[int, int] | None:
    """The value and the key of a member or an element of the container that begins at an offset."""
    end = _ENDS.get(text[at])
    if end is None:
        return None
    at = _past_blanks(text, at + 1)
    number = 0
    while text[at] != end:
        key = at
        name = str(number)
        if end == "}":
            name, at = _SKIP(text, at)
            at = _past_blanks(text, _past_blanks(text, at) + 1)
        if name == step:
            return at, key
        at = _past_blanks(text, _SKIP(text, at)[1])
        if text[at] == ",":
            at = _past_blanks(text, at + 1)
        number += 1
    return None


def _past_blanks(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return at if match is None else match.end()


@dataclass(frozen=True, slots=True)
class Positions:
    """Offsets in characters. `repeated` are keys that occur again: pointer of their object, key, offset."""

    values: dict[str, int]
    keys: dict[str, int]
    repeated: list[tuple[str, str, int]] = field(default_factory=list)

    def value(self, pointer: str) -> int:
        """The offset of the value that `pointer` names, or of the nearest one around it."""
        while pointer not in self.values and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.values.get(pointer, 0)

    def key(self, pointer: str) -> int:
        """The offset of the key of a member; of anything else, of the value."""
        found = self.keys.get(pointer)
        return self.value(pointer) if found is None else found

    @classmethod
    def of(cls, text: str) -> Positions:
        """The positions in a text that is known to be JSON."""
        values: dict[str, int] = {}
        keys: dict[str, int] = {}
        repeated: list[tuple[str, str, int]] = []
        stack: list[tuple[str, int, set[str]]] = []
        pointer = ""  # of the container
        number = -1  # of the next element; -1 in an object
        seen: set[str] = set()  # keys of this object
        here = ""  # of the next value
        expects_key = False
        for match in _TOKEN.finditer(text):
            token = match[0]
            mark = token[0]
            if mark == ",":
                if number < 0:
                    expects_key = True
                else:
                    number += 1
                    here = f"{pointer}/{number}"
            elif mark in "]}":
                pointer, number, seen = stack.pop()
                expects_key = False
            elif expects_key:
                key = json.loads(token) if "\\" in token else token[1:-1]
                here = member(pointer, key)
                if key in seen:
                    repeated.append((pointer, key, match.start()))
                seen.add(key)
                keys[here] = match.start()
                expects_key = False
            else:
                values[here] = match.start()
                if mark in "[{":
                    stack.append((pointer, number, seen))
                    pointer = here
                    seen = set()
                    number = 0 if mark == "[" else -1
                    expects_key = mark == "{"
                    here = f"{pointer}/0"
        return cls(values, keys, repeated)
