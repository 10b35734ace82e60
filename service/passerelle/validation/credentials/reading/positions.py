"""Offsets of the values and keys of a JSON text, by JSON pointer: one pass of one regular expression."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]|[^\s,:\[\]{}"]+', re.DOTALL)


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
