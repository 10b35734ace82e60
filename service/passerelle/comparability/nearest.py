"""Which units come nearest to a target: who holds one of them has shown the most of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.elements import element_rules
from passerelle.comparability.findings import deciding_elements, finding_of
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.ragged import Floats, Integers, Truths
from passerelle.comparability.index.ranked_pairs import kin
from passerelle.comparability.index.shares import shares
from passerelle.comparability.standing import ranked
from passerelle.errors import UnknownUnit
from passerelle.graph.unit_facts import fact_rows
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Coverage, Purpose
from passerelle.records.neighbours import Looked, Neighbour, NeighbourList

STATUS = "registration-status"
"""Where a unit's facts say whether its registration is in force: the row of `mappings/element-facts.tsv`."""


Described = Callable[[str, Collection[str]], ComparedUnit | None]
"""A unit by IRI with some of its facts; `UnitReader.summary` is such a function."""


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
    index: CoverageIndex, described: Described, target: str, purpose: Purpose, filters: Filters, top: int
) -> NeighbourList:
    """At most `top` units, best first, and what was looked at to find them.

    By standing (`comparability.standing`): how much of the target (an IRI) is expected of a holder, and wordings so far
    as links leave it open. Among very many units not all wordings are looked at: the counts say so.

    The target, its parts and its wholes are never listed. Counted but not listed are the other parts of its wholes, and
    units of which less is expected than `nearest-from` (`mappings/coverage-parameters.tsv`). Raises UnknownUnit for a
    target that the index does not have.
    """
    place = index.position(target)
    asked = wanted(index, filters)
    lower, expected = map(shares, index.bounds_of(target, asked))
    looked, candidates = _looked(index, place, filters, asked, expected)
    facts = _facts_read(purpose)
    own = described(target, facts)
    if own is None:
        raise UnknownUnit("unit-unknown", written=target)

    def reverse(units: Integers) -> Floats:
        shown: Floats = shares(index.expected_of(target, index.outcomes_among(units))[units])
        return shown

    words, inverse, floor = index.tables.words, index.inverse, parameters().nearest_from
    found = ranked(words, inverse.size, inverse.silent, place, candidates, (lower, expected), floor, top, reverse)
    places, targets = found.places, np.full(len(found.places), place)
    both = coverages(index.tables, inverse, np.concatenate((places, targets)), np.concatenate((targets, places)))
    records = both.records()
    rows: list[Neighbour] = []
    for number, each in enumerate(places.tolist()):
        unit = described(index.iris[each], facts)
        if unit is not None:
            row = _neighbour(unit, own, purpose, records[number], records[number + len(places)])
            wording, by_wording = float(found.wording[number]), bool(found.by_wording[number])
            rows.append(replace(row, wording=wording, by_wording=by_wording))
    return NeighbourList(
        tuple(rows), replace(looked, by_wording=found.in_all_by_wording, by_wording_at_least=found.at_least)
    )


@cache
def _facts_read(purpose: Purpose) -> frozenset[str]:
    """The facts of a unit (rows of `mappings/element-facts.tsv`) that a row of a list rests on."""
    elements, rules = deciding_elements(purpose), element_rules(purpose)
    asked = {word for element in elements for rule in rules[element] for word in rule.argument.split()}
    read = (row.name for row in fact_rows() if row.element in elements and (row.compared or row.name in asked))
    return frozenset({STATUS, *read})


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
) -> tuple[Looked, Truths]:
    """The counts of a list, and the units that may be listed: those that could be compared."""
    tables, floor = index.tables, parameters().nearest_from
    asked = wanted.copy()
    asked[index.family_of(target)] = False
    related = kin(tables, target)
    siblings = int(np.count_nonzero(asked[related]))
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
        units=int(np.count_nonzero(asked)),
        compared=int(np.count_nonzero(compared)),
        without_outcomes=int(np.count_nonzero(empty)),
        without_links=int(np.count_nonzero(mute)),
        without_links_by_language=tuple(by_language),
        nothing_met=int(np.count_nonzero(compared & ~some)),
        below_floor=int(np.count_nonzero(weak)),
        floor=floor,
        best_below=float(expected[weak].max(initial=0.0)),
        level_not_stated=int(np.count_nonzero(asked & (tables.level == 0))) if filters.level is not None else 0,
        siblings=siblings,
        target_linked=bool(index.inverse.speaking[target]),
    )
    return counts, compared


def _neighbour(
    unit: ComparedUnit, target: ComparedUnit, purpose: Purpose, forward: Coverage, reverse: Coverage
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
        status=tuple(fact for fact in unit.facts if fact.name == STATUS),
    )
