"""A unit of another country: a qualification, a part of one, or a micro-credential, as its source states it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from passerelle.records.text import LanguageText, Outcome


@dataclass(frozen=True, slots=True)
class Credits:
    """Credit points: `points` as a plain decimal number, `framework` an IRI or the name that the source uses."""

    points: str
    framework: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a source states of one unit; empty means that it does not say, and nothing is inferred.

    `iri` and `whole` (what it is part of) are IRIs, ours or foreign; `identifier` is the source's own. `kind` is a
    concept of the unit-kind vocabulary. `country` is an ISO 3166-1 alpha-2 code and `country_iri` the EU authority's.
    `nqf_level`, `licence` are an IRI or a name. `isced_f` are codes of two to four digits. `hours` is the notional
    workload. A source may yield a unit more than once: its statements add up.
    """

    iri: str
    identifier: str
    kind: str
    titles: tuple[LanguageText, ...]
    country: str
    country_iri: str
    outcomes: tuple[Outcome, ...] = ()
    whole: str = ""
    eqf_level: int | None = None
    nqf_level: str = ""
    isced_f: tuple[str, ...] = ()
    credits: Credits | None = None
    hours: Decimal | None = None
    awarding_body: str = ""
    page: str = ""
    licence: str = ""
