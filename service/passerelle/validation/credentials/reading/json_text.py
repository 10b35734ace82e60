"""JSON as it was written: its values, keys that occur twice, and the line and column of every value on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from passerelle.validation.credentials.model import Observation, Spot
from passerelle.validation.credentials.reading.limits import Limits

Place = Callable[[int], tuple[int, int]]
"""Line and column (from 1; 0 where unknown) in the submitted file of an offset in a text."""


class JsonText:
    """A JSON document; pointers are RFC 6901, into this document. Build it with `parse`."""

    text: str
    value: Any
    observations: tuple[Observation, ...]

    def position(self, pointer: str) -> tuple[int, int]:
        """Line and column of the value that `pointer` names; of the nearest value around it where there is none."""
        raise NotImplementedError

    def key_position(self, pointer: str) -> tuple[int, int]:
        """Line and column of the key of the member that `pointer` names; of an array element or the root, its own."""
        raise NotImplementedError

    def spot(self, pointer: str) -> Spot:
        """`position` with its pointer."""
        raise NotImplementedError

    def key_spot(self, pointer: str) -> Spot:
        """`key_position` with its pointer."""
        raise NotImplementedError


def parse(text: str, limits: Limits | None = None, place: Place | None = None) -> JsonText:
    """The document that `text` writes (no byte order mark). `place` where the text itself stood inside something.

    Raises NotReadable: ELM-FILE-NOT-JSON, ELM-FILE-ENCODING, ELM-FILE-TOO-DEEP, ELM-FILE-NUMBER,
    ELM-FILE-TOO-MANY-VALUES. Keys that occur twice are observations ELM-FILE-DUPLICATE-KEY; the last one counts.
    """
    raise NotImplementedError


def inside(outer: JsonText, pointer: str) -> Place:
    """Where the characters of a string of `outer` stand in the submitted file, escapes undone: for sealed payloads.

    `parse(payload, limits, inside(outer, "/payload"))`
    """
    raise NotImplementedError


def nowhere(offset: int) -> tuple[int, int]:
    """The place of a text that has none in the submitted file (it stood there in base64)."""
    return 0, 0
