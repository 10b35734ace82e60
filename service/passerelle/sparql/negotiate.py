"""Which representation answers an Accept header (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from passerelle.errors import NotAcceptable
from passerelle.graph.question import Kind
from passerelle.sparql.media_types import MediaType, offered

_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_RANGE_LIMIT = 100


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


def negotiate(accept: str | None, kind: Kind) -> MediaType:
    """The representation of the highest quality; of several, the one that this service prefers.

    No header, or an empty one, accepts everything. Raises NotAcceptable with the list of what there is.
    """
    choices = offered(kind)
    found = best(accept, [choice.asked for choice in choices])
    if found is None:
        listed = dict.fromkeys(choice.written for choice in choices)
        raise NotAcceptable("sparql-not-acceptable", offered=", ".join(listed))
    return next(choice for choice in choices if choice.asked == found)


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
    for part in (accept or "").split(",")[:_RANGE_LIMIT]:
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
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
