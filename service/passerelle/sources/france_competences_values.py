"""The transforms that the field tables of France compétences name: source text in, typed value out.

Each raises `Unusable` for a text that it cannot use; the fiche is kept without the value, and a notice says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from passerelle.records.mapping_table import value_table
from passerelle.sources.markup import plain_text

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_NUMBER = re.compile(r"(RNCP|RS)\s*0*([0-9]{1,9})", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*(?::\d{1,5})?")
_LONGEST_URL = 2048
_RATE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,4}))?\s*%?")
_INTEGER = re.compile(r"\d{1,9}", re.ASCII)


class Unusable(ValueError):
    """A text that cannot be used: `message_id` says why; `usable` is what can be kept all the same."""

    def __init__(self, message_id: str, usable: object = None) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.usable = usable


def line(text: str) -> str:
    """A short text on one line, without markup, white space folded."""
    return _SPACE.sub(" ", plain_text(text)).strip()


def code(text: str) -> str:
    """A code: white space removed at both ends, runs inside folded."""
    return _SPACE.sub(" ", text).strip()


def boolean(text: str) -> bool:
    """`Oui` or `Non`; in the CSV export also ACTIVE and INACTIVE."""
    value = {"oui": True, "non": False, "active": True, "inactive": False}.get(text.strip().lower())
    if value is None:
        raise Unusable("value-boolean")
    return value


def day(text: str) -> str:
    """A day written JJ/MM/AAAA, as ISO 8601; a day that the calendar does not have is unusable."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise Unusable("value-date")
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    except ValueError as error:
        raise Unusable("value-date") from error


def integer(text: str) -> int:
    """A whole number of at most nine digits."""
    if _INTEGER.fullmatch(text.strip()) is None:
        raise Unusable("value-integer")
    return int(text)


def rate(text: str) -> str:
    """A percentage from 0 to 100, as decimal text with a point."""
    match = _RATE.fullmatch(text.strip())
    if match is None or float(value := match[1] + ("." + match[2] if match[2] else "")) > 100:
        raise Unusable("value-rate")
    return str(int(value)) if match[2] is None else value


def level(text: str) -> int | None:
    """A level of the French framework out of `french-level-values.tsv`; None where the source says that it has none."""
    levels = value_table("french-level-values.tsv", value="level")
    value = levels.get(text.strip().upper())
    if value is None:
        raise Unusable("value-level")
    return int(value) if value else None


def fiche_number(text: str) -> str:
    """`RNCP37674` or `RS5000`, without spaces or leading zeros."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise Unusable("value-fiche-number")
    return match[1].upper() + match[2]


def siret(text: str) -> str:
    """A SIRET: fourteen digits, whatever spaces and tabs stand around and inside."""
    digits = _SPACE.sub("", text)
    if len(digits) != 14 or not digits.isascii() or not digits.isdigit():
        raise Unusable("value-siret")
    return digits


def _is_url(text: str) -> bool:
    if len(text) > _LONGEST_URL or _IRI.fullmatch(text) is None:
        return False
    try:
        host = urlsplit(text).netloc
    except ValueError:
        return False
    return _HOST.fullmatch(host) is not None


def url(text: str) -> str:
    """One http or https address that can be an IRI."""
    if not _is_url(text.strip()):
        raise Unusable("value-url")
    return text.strip()


def urls(text: str) -> tuple[str, ...]:
    """The http or https addresses of a free text; Unusable (with those it has) when it holds anything else."""
    words = text.split()
    found = tuple(dict.fromkeys(word for word in words if _is_url(word)))
    if len(found) < len(set(words)):
        raise Unusable("value-url", usable=found or None)
    return found


def _concept(table: str, message_id: str, key: str = "source_value") -> Callable[[str], str]:
    def transform(text: str) -> str:
        value = value_table(table, key=key).get(line(text).replace("'", "’"))
        if value is None:
            raise Unusable(message_id)
        return value

    return transform


registration_type = _concept("registration-types.tsv", "value-registration-type")
authorisation_scope = _concept("authorisation-scopes.tsv", "value-authorisation-scope")
access_route = _concept("access-routes.tsv", "value-access-route", key="csv_label")

TRANSFORMS: dict[str, Callable[[str], object]] = {
    "line": line,
    "text": plain_text,
    "code": code,
    "boolean": boolean,
    "date": day,
    "integer": integer,
    "rate": rate,
    "level": level,
    "fiche-number": fiche_number,
    "siret": siret,
    "url": url,
    "urls": urls,
    "registration-type": registration_type,
    "authorisation-scope": authorisation_scope,
    "access-route": access_route,
}
"""Transforms by the name that the field tables use (`-list` in the table: collected over repeated elements)."""
