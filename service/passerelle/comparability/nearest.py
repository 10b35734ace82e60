"""Which units come nearest to a target: who holds one of them has shown the most of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.elements import element_rows
from passerelle.comparability.findings import deciding_elements, found
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.ragged import Floats, Integers, Truths
from passerelle.comparability.index.rows import Rows
from passerelle.comparability.index.shares import shares
from passerelle.comparability.wording import similarity, wording_vector
from passerelle.errors import UnknownUnit
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import SHARE_DIGITS, Coverage, Finding, Neighbour, Purpose
from passerelle.records.text import LanguageText

TIED = 40
"""Units with equal figures whose titles are looked at; beyond them the reverse figure decides, then the IRI."""

Described = Callable[[str, frozenset[str]], ComparedUnit | None]
"""A unit by IRI with the facts of some elements; `UnitReader.summary` is such a function."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which units are looked at. `countries` (ISO 3166-1 alpha-2) and `kinds`: any where empty.

    `level`: European levels at most `levels_apart` from it; units without a stated level are kept unless
    `include_unstated_level` is false.
    """

    countries: tuple[str, ...] = ()
    level: int | None = None
    levels_apart: int = 0
    kinds: tuple[str, ...] = ()
    include_unstated_level: bool = True


def nearest(
    index: CoverageIndex,
    described: Described,
    target: str,
    purpose: Purpose,
    filters: Filters,
    top: int,
    *,
    possible: bool = False,
) -> tuple[Neighbour, ...]:
    """At most `top` units, best first.

    By how much of the target (an IRI) is expected of a holder, then the lower bound, then similar titles, then how much
    of the unit a holder of the target has shown, then the IRI.

    The target, its parts and its wholes are never listed. A unit of which nothing is expected is listed only with
    `possible`, where the upper bound leaves something open, and after all others: it is not known to cover anything.
    Raises UnknownUnit for a target that the index does not have.
    """
    place = index.position(target)
    rows = index.holders_of(target)
    wanted = _wanted(index, filters)
    wanted[index.family_of(place)] = False
    wanted &= (rows.upper if possible else shares(rows.expected)) > 0
    elements = deciding_elements(purpose)
    asked = described(target, elements)
    if asked is None:
        raise UnknownUnit("unit-unknown", written=target)
    wording = _Wording(index, described, asked)
    ordered = _ordered(index, wording, np.flatnonzero(wanted), rows, top)
    units = [(each, unit) for each in ordered if (unit := described(index.iris[each], elements)) is not None]
    places = np.array([each for each, _ in units], np.int64)
    targets = np.full(len(places), place)
    forward = coverages(index.tables, index.inverse, places, targets)
    reverse = coverages(index.tables, index.inverse, targets, places)
    return tuple(
        _neighbour(unit, asked, purpose, forward.record(number), reverse.record(number), wording.of(unit))
        for number, (_, unit) in enumerate(units)
    )


def _wanted(index: CoverageIndex, filters: Filters) -> Truths:
    tables = index.tables
    wanted = np.ones(len(index.iris), np.bool_)
    if filters.countries:
        wanted &= np.isin(
            tables.country, [place for place, name in enumerate(tables.countries) if name in filters.countries]
        )
    if filters.kinds:
        wanted &= np.isin(tables.kind, [place for place, name in enumerate(tables.kinds) if name in filters.kinds])
    stated = tables.level > 0
    if filters.level is not None:
        near = np.abs(tables.level.astype(np.int64) - filters.level) <= filters.levels_apart
        wanted &= ~stated | near
    if not filters.include_unstated_level:
        wanted &= stated
    return wanted


def _ordered(index: CoverageIndex, wording: _Wording, places: Integers, rows: Rows, top: int) -> list[int]:
    """The first `top` of these units in order."""
    expected, lower = shares(rows.expected[places]), shares(rows.lower[places])
    order = np.lexsort((places, -lower, -expected))
    places, expected, lower = places[order], expected[order], lower[order]
    new = np.ones(len(places), np.bool_)
    new[1:] = (expected[1:] != expected[:-1]) | (lower[1:] != lower[:-1])
    begins = [*np.flatnonzero(new).tolist(), len(places)]
    reverse: Floats | None = None
    found: list[int] = []
    for begin, end in pairwise(begins):
        if len(found) >= top:
            break
        tied = places[begin:end]
        if len(tied) > 1:
            if reverse is None:
                reverse = shares(index.targets_of(wording.target.iri).expected)
            tied = wording.ordered(tied, reverse)
        found += tied.tolist()
    return found[:top]


class _Wording:
    """How alike the titles of units are to those of a target: counted in no figure, it orders equal ones."""

    def __init__(self, index: CoverageIndex, described: Described, target: ComparedUnit) -> None:
        self.target = target
        self._index = index
        self._described = described
        self._vector = wording_vector(target.titles)

    def of(self, unit: ComparedUnit | None) -> float:
        """From 0 to 1; 0 where they share no language."""
        return 0.0 if unit is None else round(similarity(wording_vector(unit.titles), self._vector), SHARE_DIGITS)

    def ordered(self, tied: Integers, reverse: Floats) -> Integers:
        """Units with the same figures in order."""
        tied = tied[np.lexsort((tied, -reverse[tied]))]
        near, far = tied[:TIED], tied[TIED:]
        likeness = np.array([self.of(self._described(self._index.iris[place], frozenset())) for place in near.tolist()])
        ordered: Integers = np.concatenate((near[np.argsort(-likeness, kind="stable")], far))
        return ordered


def _neighbour(
    unit: ComparedUnit, target: ComparedUnit, purpose: Purpose, forward: Coverage, reverse: Coverage, wording: float
) -> Neighbour:
    title = unit.titles[0] if unit.titles else LanguageText(unit.identifier, "")
    return Neighbour(
        unit=unit.iri,
        identifier=unit.identifier,
        title=title.text,
        title_language=title.language,
        kind=unit.kind,
        country=unit.country,
        level=unit.level,
        level_basis=unit.level_basis,
        forward=forward,
        reverse=reverse,
        finding=_finding(unit, target, purpose, forward),
        wording=wording,
    )


def _finding(holder: ComparedUnit, target: ComparedUnit, purpose: Purpose, coverage: Coverage) -> Finding:
    situation = Situation(holder, target, coverage)
    elements = element_rows(purpose, situation, deciding_elements(purpose))
    return found(purpose, (holder.kind, target.kind), coverage, elements)
