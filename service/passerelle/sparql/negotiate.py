"""Which representation answers a request: by `format=`, else by its Accept header (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from passerelle.errors import NotAcceptable
from passerelle.graph.answering.question import Kind
from passerelle.sparql.media_types import PAGE, MediaType, by_name, format_name, offered

_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_RANGE_LIMIT = 100
# what stands between commas and between semicolons; a quoted string may hold either
_PARTS = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)++')
_PIECES = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*+"?)++')


@dataclass(frozen=True, slots=True)
class _Range:
    type: str
    subtype: str
    quality: float

    def precision(self, media_type: str) -> int:
        """How precisely it names the media type: 2 in full, 1 its type, 0 anything, -1 not at all."""
        type_, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (type_, subtype):
            return 2
        if (self.type, self.subtype) == (type_, "*"):
            return 1
        return 0 if (self.type, self.subtype) == ("*", "*") else -1


def negotiate(accept: str | None, kind: Kind, name: str | None = None, *, page: bool = False) -> MediaType:
    """The representation that a request asks for: `name` (its `format=`) wins over `accept` (its header).

    Of several that are accepted alike, the one that this service prefers; a page (`PAGE`, only where `page` says that
    the caller can render one) is the last of them. No header, or an empty one, accepts everything.
    Raises NotAcceptable with the list of what there is.
    """
    choices = (*offered(kind), PAGE) if page else offered(kind)
    if name is not None:
        chosen = PAGE if page and format_name(name) == PAGE.name else by_name(format_name(name), kind)
        if chosen is None:
            raise NotAcceptable("sparql-format", format=name, offered=_listed(choices))
        return chosen
    asked = best(accept, [choice.asked for choice in choices if choice.asked])
    if asked is None:
        raise NotAcceptable("sparql-not-acceptable", offered=_listed(choices))
    return next(choice for choice in choices if choice.asked == asked)


def _listed(choices: Sequence[MediaType]) -> str:
    names: dict[str, str] = {}
    for choice in choices:
        names.setdefault(choice.name, choice.asked or choice.written)
    return ", ".join(f"{name} ({media_type})" for name, media_type in names.items())


def best(accept: str | None, media_types: Sequence[str]) -> str | None:
    """The best of `media_types` (in order of preference) for an Accept header; None where none is accepted."""
    ranges = _ranges(accept)
    if not ranges:
        return media_types[0]
    quality, choice = 0.0, None
    for media_type in media_types:
        matching = [(range_.precision(media_type), range_.quality) for range_ in ranges]
        precision, offered_quality = max(matching)
        if precision >= 0 and offered_quality > quality:
            quality, choice = offered_quality, media_type
    return choice


def _ranges(accept: str | None) -> list[_Range]:
    ranges = []
    for part in islice(_PARTS.finditer(accept or ""), _RANGE_LIMIT):
        media_range, *parameters = [piece.strip() for piece in _PIECES.findall(part[0])] or [""]
        type_, slash, subtype = media_range.lower().partition("/")
        if media_range == "*":  # sent by some old clients
            type_, slash, subtype = "*", "/", "*"
        if not slash or not type_ or not subtype:
            continue
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                quality = float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
        ranges.append(_Range(type_, subtype, quality))
    return ranges
