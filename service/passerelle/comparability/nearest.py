"""Which units come nearest to a target: who holds one of them has shown the most of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

import numpy as np

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.findings import deciding_elements, finding_of
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.ragged import Floats, Integers, Truths, first_of_runs
from passerelle.comparability.index.ranked_pairs import kin
from passerelle.comparability.index.shares import shares
from passerelle.comparability.wording import WordingVector, similarity, wording_vector
from passerelle.errors import UnknownUnit
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import SHARE_DIGITS, Coverage, Purpose
from passerelle.records.neighbours import Looked, Neighbour, NeighbourList
from passerelle.records.text import LanguageText

TIED = 40
"""Units with equal figures whose titles are looked at; beyond them the reverse figure decides, then the IRI."""
TITLES_KEPT = 4096
"""Titles whose wording stays in memory, a kilobyte or two each: the same ones come in many lists."""

STATUS = "registration-status"
"""Where a unit's facts say whether its registration is in force: the row of `mappings/element-facts.tsv`."""


class Summaries(Protocol):
    """Where units are described: `graph.compared_units.UnitReader`."""

    def summary(self, iri: str, only: Collection[str]) -> ComparedUnit | None:
        """A unit with some of its facts; None where no source describes it."""

    def titles(self, iri: str) -> tuple[LanguageText, ...]:
        """The titles of a unit."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which units are looked at. `countries` (ISO 3166-1 alpha-2) and `kinds`: any where empty.

    `level`: European levels at most `levels_apart` from it; units without a stated level are kept, and counted.
    """

    countries: tuple[str, ...] = ()
    level: int | None = None
    levels_apart: int = 0
    kinds: tuple[str, ...] = ()


def nearest(
    index: CoverageIndex, reader: Summaries, target: str, purpose: Purpose, filters: Filters, top: int
) -> NeighbourList:
    """At most `top` units, best first, and what was looked at to find them.

    By how much of the target (an IRI) is expected of a holder, then the lower bound, then similar titles, then how much
    of the unit a holder of the target has shown, then the IRI.

    The target, its parts and its wholes are never listed. Counted but not listed are the other parts of its wholes, and
    units of which less is expected than `nearest-from` (`mappings/coverage-parameters.tsv`). Raises UnknownUnit for a
    target that the index does not have.
    """
    place = index.position(target)
    asked = wanted(index, filters)
    lower, expected = map(shares, index.bounds_of(target, asked))
    looked, listed = _looked(index, place, filters, asked, expected)
    facts = deciding_elements(purpose) | {STATUS}
    described = reader.summary(target, facts)
    if described is None:
        raise UnknownUnit("unit-unknown", written=target)
    wording = _Wording(index, reader, described)
    ordered = _ordered(index, wording, listed, lower[listed], expected[listed], top)
    units = [(each, unit) for each in ordered if (unit := reader.summary(index.iris[each], facts)) is not None]
    places = np.array([each for each, _ in units], np.int64)
    targets = np.full(len(places), place)
    both = coverages(index.tables, index.inverse, np.concatenate((places, targets)), np.concatenate((targets, places)))
    return NeighbourList(
        tuple(
            _neighbour(
                unit,
                described,
                purpose,
                both.record(number),
                both.record(number + len(units)),
                wording.of(unit.titles),
            )
            for number, (_, unit) in enumerate(units)
        ),
        looked,
    )


def wanted(index: CoverageIndex, filters: Filters) -> Truths:
    """Which units the filters on country, kind and level let through."""
    tables = index.tables
    found = np.ones(len(index.iris), np.bool_)
    if filters.countries:
        found &= index.in_countries(filters.countries)
    if filters.kinds:
        found &= index.of_kinds(filters.kinds)
    if filters.level is not None:
        near = np.abs(tables.level.astype(np.int64) - filters.level) <= filters.levels_apart
        found &= near | (tables.level == 0)
    return found


def _looked(
    index: CoverageIndex, target: int, filters: Filters, wanted: Truths, expected: Floats
) -> tuple[Looked, Integers]:
    """The counts of a list, and the units that may be listed."""
    tables, floor = index.tables, parameters().nearest_from
    asked = wanted.copy()
    asked[index.family_of(target)] = False
    related = kin(tables, target)
    siblings = int(asked[related].sum())
    asked[related] = False
    some, empty = expected > 0, asked & (index.inverse.size == 0)
    mute = asked & ~empty & ~some & ~index.inverse.speaking
    compared = asked & ~empty & ~mute
    weak = compared & some & (expected < floor)
    languages = np.bincount(tables.language[mute], minlength=len(tables.languages)).tolist()
    by_language = sorted(
        ((tables.languages[place], count) for place, count in enumerate(languages) if count),
        key=lambda each: (-each[1], each[0]),
    )
    counts = Looked(
        units=int(asked.sum()),
        compared=int(compared.sum()),
        without_outcomes=int(empty.sum()),
        without_links=int(mute.sum()),
        without_links_by_language=tuple(by_language),
        nothing_met=int((compared & ~some).sum()),
        below_floor=int(weak.sum()),
        floor=floor,
        best_below=float(expected[weak].max(initial=0.0)),
        level_not_stated=int((asked & (tables.level == 0)).sum()) if filters.level is not None else 0,
        siblings=siblings,
        target_linked=bool(index.inverse.speaking[target]),
    )
    return counts, np.flatnonzero(compared & some & ~weak)


def _ordered(
    index: CoverageIndex, wording: _Wording, places: Integers, lower: Floats, expected: Floats, top: int
) -> list[int]:
    """The first `top` of these units in order, with the figures of each."""
    if len(places) > top:
        near = expected >= np.partition(expected, -top)[-top]
        places, lower, expected = places[near], lower[near], expected[near]
    order = np.lexsort((places, -lower, -expected))
    places, expected, lower = places[order], expected[order], lower[order]
    begins = [*np.flatnonzero(first_of_runs(expected, lower)).tolist(), len(places)]
    reverse: Floats | None = None
    found: list[int] = []
    for begin, end in pairwise(begins):
        if len(found) >= top:
            break
        tied = places[begin:end]
        if len(tied) > 1:
            if reverse is None:
                reverse = shares(index.expected_of(wording.target.iri, index.outcomes_among(places)))
            tied = wording.ordered(tied, reverse)
        found += tied.tolist()
    return found[:top]


class _Wording:
    """How alike the titles of units are to those of a target: counted in no figure, it orders equal ones."""

    def __init__(self, index: CoverageIndex, reader: Summaries, target: ComparedUnit) -> None:
        self.target = target
        self._index = index
        self._reader = reader
        self._vector = _title_vector(target.titles)

    def of(self, titles: tuple[LanguageText, ...]) -> float:
        """From 0 to 1; 0 where they share no language."""
        return round(similarity(_title_vector(titles), self._vector), SHARE_DIGITS)

    def ordered(self, tied: Integers, reverse: Floats) -> Integers:
        """Units with the same figures in order."""
        tied = tied[np.lexsort((tied, -reverse[tied]))]
        near, far = tied[:TIED], tied[TIED:]
        likeness = np.array([self.of(self._reader.titles(self._index.iris[place])) for place in near.tolist()])
        ordered: Integers = np.concatenate((near[np.argsort(-likeness, kind="stable")], far))
        return ordered


@lru_cache(maxsize=TITLES_KEPT)
def _title_vector(titles: tuple[LanguageText, ...]) -> WordingVector:
    return wording_vector(titles)


def _neighbour(
    unit: ComparedUnit, target: ComparedUnit, purpose: Purpose, forward: Coverage, reverse: Coverage, wording: float
) -> Neighbour:
    return Neighbour(
        unit=unit.iri,
        identifier=unit.identifier,
        titles=unit.titles,
        kind=unit.kind,
        country=unit.country,
        level=unit.level,
        level_basis=unit.level_basis,
        forward=forward,
        reverse=reverse,
        finding=finding_of(purpose, Situation(unit, target, forward)),
        wording=wording,
        status=tuple(fact for fact in unit.facts if fact.name == STATUS),
    )
