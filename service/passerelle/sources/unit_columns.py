"""Reads the cells of the unit table that describe a unit: kind, level, size, field, body, page, licence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from passerelle.namespaces import ESCO_SKILL, Minting
from passerelle.records.unit import Credits, Unit
from passerelle.records.unit_tables import Country, countries, unit_kinds

Notice = Callable[[str, dict[str, object]], None]
"""Told of each value that is dropped: message id and parameters."""

UNDETERMINED = "und"
_LANGUAGE = re.compile(
    r"""[a-z]{2,3} (?:-[a-z]{4})? (?:-(?:[a-z]{2}|[0-9]{3}))?  # language, script, region
        (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*               # variants
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_IRI = re.compile(
    r"""https?://[\w.~-]+(?::\d+)?                            # host, port
        (?: [/?] (?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})* )?  # path and query
        (?: \# (?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})* )?   # fragment
    """,
    re.VERBOSE,
)
_SKILL = re.compile(re.escape(ESCO_SKILL) + r"[A-Za-z0-9.-]+")
_EQF = re.compile(r"[1-8]")
_ISCED_F = re.compile(r"[0-9]{2,4}")
_NUMBER = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{0,9})?|[.,][0-9]{1,9}")
_SEPARATORS = re.compile(r"[\s|]+")
_IDENTIFIER = re.compile(r"[^\s\x00-\x1f]+")


def is_iri(value: str) -> bool:
    """Whether the value is an absolute http or https IRI."""
    return _IRI.fullmatch(value) is not None


def is_identifier(value: str, minting: Minting) -> bool:
    """Whether a unit or a whole can be named so: without spaces, and no IRI that only we may describe."""
    parts = value.split(":")
    return _IDENTIFIER.fullmatch(value) is not None and (
        (is_iri(value) and not minting.is_ours(value))
        or ("://" not in value and not {"", ".", ".."}.intersection(parts))
    )


def unit_iri(identifier: str, country: Country, minting: Minting, variant: str = "") -> str:
    """The IRI of a unit: its own if it is one, otherwise `{base}/id/unit/{country}/…`, a segment for each part.

    `variant` sets apart a unit that shares its identifier with another.

    >>> unit_iri("CH:cc-2012-603:1", countries()["CH"], Minting("https://example.org"))
    'https://example.org/id/unit/CH/cc-2012-603/1'
    """
    if is_iri(identifier):
        return f"{identifier}~{variant}" if variant else identifier
    parts = identifier.split(":")
    if len(parts) > 1 and countries().get(parts[0]) == country:
        del parts[0]
    if variant:
        parts[-1] += f"~{variant}"
    return minting.identifier("unit", country.alpha2, *parts)


def language_of(value: str, notice: Notice) -> str:
    """The language tag, or `und` where the value is none."""
    if _LANGUAGE.fullmatch(value):
        return value
    notice("unit-table-language", {"value": value or "–"})
    return UNDETERMINED


def skills_of(value: str, notice: Notice) -> tuple[str, ...]:
    """The ESCO skill IRIs of a cell, each once."""
    found: dict[str, None] = {}
    for each in filter(None, _SEPARATORS.split(value)):
        if _SKILL.fullmatch(each):
            found[each] = None
        else:
            notice("unit-table-skill", {"value": each})
    return tuple(found)


def unit_of(cells: Mapping[str, str], iri: str, whole: str, country: Country, notice: Notice) -> Unit:
    """The unit that the cells describe, without titles and outcomes."""
    return Unit(
        iri=iri,
        identifier=cells["unit_id"],
        kind=_kind(cells["unit_kind"], notice),
        titles=(),
        country=country.alpha2,
        country_iri=country.iri,
        whole=whole,
        eqf_level=_eqf_level(cells["eqf_level"], notice),
        nqf_level=_iri_or_text("nqf_level", cells, notice),
        isced_f=_isced_f(cells["isced_f"], notice),
        credits=_credits(cells["credits"], cells["credit_framework"], notice),
        hours=_number("hours", cells["hours"], notice),
        awarding_body=cells["awarding_body"],
        page=_page(cells["source_url"], notice),
        licence=_iri_or_text("licence", cells, notice),
    )


def _kind(value: str, notice: Notice) -> str:
    kinds = unit_kinds()
    name = value.lower()
    if not name:
        return "not-stated"
    if name in kinds and kinds[name].taken:
        return name
    notice("unit-table-kind", {"value": value, "known": ", ".join(k.name for k in kinds.values() if k.taken)})
    return "not-stated"


def _eqf_level(value: str, notice: Notice) -> int | None:
    if not value:
        return None
    if _EQF.fullmatch(value):
        return int(value)
    notice("unit-table-level", {"value": value})
    return None


def _isced_f(value: str, notice: Notice) -> tuple[str, ...]:
    codes = list(filter(None, _SEPARATORS.split(value)))
    for code in codes:
        if not _ISCED_F.fullmatch(code):
            notice("unit-table-field", {"value": code})
    return tuple(dict.fromkeys(code for code in codes if _ISCED_F.fullmatch(code)))


def _credits(points: str, framework: str, notice: Notice) -> Credits | None:
    number = _number("credits", points, notice)
    if number is None:
        if framework and not points:
            notice("unit-table-framework-alone", {"value": framework})
        return None
    return Credits(f"{number:f}", framework)


def _number(column: str, value: str, notice: Notice) -> Decimal | None:
    if not value:
        return None
    # no exponents: 1e-99999999 is a short cell and a decimal of a hundred megabytes
    number = Decimal(value.replace(",", ".")) if _NUMBER.fullmatch(value) else Decimal(0)
    if not 0 < number < 100_000:
        notice("unit-table-number", {"column": column, "value": value})
        return None
    return number


def _page(value: str, notice: Notice) -> str:
    if not value or is_iri(value):
        return value
    notice("unit-table-iri", {"column": "source_url", "value": value})
    return ""


def _iri_or_text(column: str, cells: Mapping[str, str], notice: Notice) -> str:
    value = cells[column]
    if value.startswith(("http://", "https://")) and not is_iri(value):
        notice("unit-table-iri", {"column": column, "value": value})
        return ""
    return value
