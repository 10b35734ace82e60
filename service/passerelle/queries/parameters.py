"""Parameters of named queries: what a user may write, and the RDF term that it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from passerelle.errors import ParameterError
from passerelle.messages import Language
from passerelle.namespaces import Minting, expand
from passerelle.queries.word_patterns import word_pattern
from passerelle.records.iri import is_iri
from passerelle.records.unit_tables import countries

LONGEST_TEXT = 200
"""Characters of a text parameter; the longest ESCO label has 140."""

_FICHE = re.compile(r"(?:RNCP|RS)\d{1,8}")
_BLOC = re.compile(r"(RNCP\d{1,8})(?:BC[0-9A-Za-z]{1,10}|[/:][0-9A-Za-z._-]{1,30})")
_LOWER_CASE = re.compile(r"^(?:rncp|rs)(?=\d)|(?<=\d)bc(?=[0-9a-z]{1,10}$)", re.IGNORECASE)
_ROME = re.compile(r"[A-N]\d{4}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_INTEGER = re.compile(r"\d{1,9}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_KIND = re.compile(r"(?P<name>[a-z]+)(?: (?P<minimum>\d+)\.\.(?P<maximum>\d+))?")
_NAME = re.compile(r"[a-z][a-zA-Z0-9]*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a named query.

    `kind` is one of KINDS; `default` is a value as a user would write it; a parameter that is not required and has no
    default may stay open. `minimum` and `maximum` bound an integer.
    """

    name: str
    kind: str
    required: bool
    default: str
    label_en: str
    label_fr: str
    example: str
    minimum: int = 0
    maximum: int = 0

    def label(self, language: Language) -> str:
        """What a form calls it."""
        return self.label_fr if language == "fr" else self.label_en

    def term(self, value: str, base: str) -> str:
        """`value` as a SPARQL term; everything that is pasted into a query comes from here.

        Raises ParameterError for a value that is not of this kind.
        """
        return KINDS[self.kind](self, value.strip(), Minting(base))

    def refused(self, value: str, kind: str, **bounds: int) -> ParameterError:
        """The error for a value that cannot be used."""
        shown = value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
        named: dict[str, Any] = {"name": self.name, "value": shown, "example": self.example, **bounds}
        return ParameterError(f"query-parameter-{kind}", **named)


def parse(line: str) -> Parameter:
    """A parameter from `name | kind | required, optional or default=… | label_en | label_fr | example`.

    `integer` carries its bounds: `integer 1..120`. Raises ValueError for anything else.
    """
    fields = [field.strip() for field in line.split("|")]
    if len(fields) != 6 or not all(fields):
        raise ValueError(f"a parameter has six fields: {line}")
    name, kind, presence, label_en, label_fr, example = fields
    match = _KIND.fullmatch(kind)
    if not _NAME.fullmatch(name) or match is None or match["name"] not in KINDS:
        raise ValueError(f"unknown kind or bad name: {line}")
    if (match["name"] == "integer") != (match["minimum"] is not None):
        raise ValueError(f"an integer has bounds, and nothing else has: {line}")
    if presence not in {"required", "optional"} and not re.fullmatch(r"default=\S+", presence):
        raise ValueError(f"required, optional or default=value: {line}")
    bounds = (int(match["minimum"] or 0), int(match["maximum"] or 0))
    default = presence.removeprefix("default=") if presence.startswith("default=") else ""
    parameter = Parameter(name, match["name"], presence == "required", default, label_en, label_fr, example, *bounds)
    for value in filter(None, (example, default)):
        try:
            parameter.term(value, "https://example.org")
        except ParameterError as error:
            raise ValueError(f"{line}: {error}") from error
    return parameter


def _iri(parameter: Parameter, value: str, _minting: Minting) -> str:
    if not is_iri(value):
        raise parameter.refused(value, "iri")
    return f"<{value}>"


def _unit(parameter: Parameter, value: str, minting: Minting) -> str:
    if is_iri(value):
        return f"<{value}>"
    country, colon, rest = value.partition(":")
    if colon and country.upper() in countries() and rest:
        # an identifier of a unit table, as `sources.unit_columns.unit_iri` mints it
        alpha2 = countries()[country.upper()].alpha2
        return f"<{minting.identifier('unit', alpha2, *rest.split(':'))}>"
    value = _LOWER_CASE.sub(lambda part: part[0].upper(), value)
    if _FICHE.fullmatch(value):
        return f"<{minting.fiche(value)}>"
    match = _BLOC.fullmatch(value)
    if match is None:
        raise parameter.refused(value, "unit")
    code = value if value.startswith(match[1] + "BC") else value[len(match[1]) + 1 :]
    return f"<{minting.bloc(match[1], code)}>"


def _fiche(parameter: Parameter, value: str, minting: Minting) -> str:
    number = re.sub(r"\s", "", value).upper()
    if _FICHE.fullmatch(number):
        return f"<{minting.fiche(number)}>"
    start = minting.identifier("")
    if re.fullmatch(re.escape(start) + r"(?:rncp|rs)/\d{1,8}", value):
        return f"<{value}>"
    raise parameter.refused(value, "fiche")


def _country(parameter: Parameter, value: str, _minting: Minting) -> str:
    found = countries().get(value.upper())
    iri = found.iri if found else value
    if iri not in {country.iri for country in countries().values()}:
        raise parameter.refused(value, "country")
    return f"<{iri}>"


def _between(parameter: Parameter, value: str, minimum: int, maximum: int) -> str:
    if not _INTEGER.fullmatch(value) or not value.isascii() or not minimum <= int(value) <= maximum:
        raise parameter.refused(value, "integer", minimum=minimum, maximum=maximum)
    return str(int(value))


def _date(parameter: Parameter, value: str, _minting: Minting) -> str:
    try:
        if not _DATE.fullmatch(value) or not value.isascii():
            raise ValueError(value)
        day = date.fromisoformat(value)
    except ValueError as error:
        raise parameter.refused(value, "date") from error
    return f'"{day.isoformat()}"^^<{expand("xsd:date")}>'


def _language(parameter: Parameter, value: str, _minting: Minting) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise parameter.refused(value, "language")
    return f'"{value.lower()}"'


def _rome(parameter: Parameter, value: str, minting: Minting) -> str:
    if not _ROME.fullmatch(value.upper()) or not value.isascii():
        raise parameter.refused(value, "rome")
    return f"<{minting.identifier('rome', value.upper())}>"


def _text(parameter: Parameter, value: str, _minting: Minting) -> str:
    # a backslash would need two, and SPARQL reads \u escapes before it reads strings: better none at all
    if len(value) > LONGEST_TEXT or "\\" in value or not value.isprintable():
        raise parameter.refused(value, "text", maximum=LONGEST_TEXT)
    return _literal(value)


def _words(parameter: Parameter, value: str, minting: Minting) -> str:
    _text(parameter, value, minting)
    return _literal(word_pattern(value).replace("\\", "\\\\"))


def _literal(value: str) -> str:
    escaped = value.replace('"', '\\"')
    return f'"{escaped}"'


KINDS: dict[str, Callable[[Parameter, str, Minting], str]] = {
    "iri": _iri,
    "unit": _unit,
    "fiche": _fiche,
    "country": _country,
    "level": lambda parameter, value, minting: _between(parameter, value, 1, 8),
    "integer": lambda parameter, value, minting: _between(parameter, value, parameter.minimum, parameter.maximum),
    "date": _date,
    "language": _language,
    "rome": _rome,
    "text": _text,
    "words": _words,
}
