"""Further figures of one comparison, counted in one pass: of the parts, and of both units under other assumptions.

Where `covered` would give the same for each of them by itself (some thirty times), this counts all in arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.few_units import FewUnits, repeated, tables_of
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.values import counting
from passerelle.comparability.proximity import Proximity
from passerelle.comparability.sensitivity import Assumption, assumptions
from passerelle.comparability.weightings import EQUAL, weights
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Coverage, NamedPart


@dataclass(frozen=True, slots=True)
class DirectionFigures:
    """Of one direction: the figures as they stand, those of the target's parts, and those under some assumptions.

    Assumptions (by name) that change no link and no weight are not there: the figures stay.
    """

    plain: Coverage
    parts: tuple[NamedPart, ...]
    assumed: dict[str, Coverage]


@dataclass(slots=True)
class _Asked:
    """Pairs of units by number, and what each outcome of their targets weighs."""

    holders: list[int]
    targets: list[int]
    weights: list[Sequence[float]]

    def add(self, holder: int, target: int, weighed: Sequence[float]) -> int:
        """Ask for one more pair; returns its number."""
        self.holders.append(holder)
        self.targets.append(target)
        self.weights.append(weighed)
        return len(self.holders) - 1


def both_ways(
    first: ComparedUnit,
    second: ComparedUnit,
    parts_of_first: Sequence[ComparedUnit],
    parts_of_second: Sequence[ComparedUnit],
    proximity: Proximity,
) -> tuple[DirectionFigures, DirectionFigures]:
    """The figures of a holder of `first` in view of `second`, and the other way round."""
    units = (first, second, *parts_of_first, *parts_of_second)
    tables = tables_of(units, proximity)
    filters = [each for each in assumptions() if each.left_out or each.confidence]
    counts = [counting(tables.links, each.left_out, each.confidence) for each in filters]
    few = FewUnits.of(repeated(tables, [np.ones(len(tables.links.skill), np.bool_), *counts]))
    asked = _Asked([], [], [])
    begin = len(units) - len(parts_of_second)
    numbered = []
    for holder, target, parts in ((0, 1, range(begin, len(units))), (1, 0, range(2, begin))):
        described = units[target]
        equal = _equal(described)
        plain = asked.add(holder, target, equal)
        of_parts = [asked.add(holder, part, _equal(units[part])) for part in parts]
        assumed = {
            each.name: asked.add(holder + copy * len(units), target + copy * len(units), equal)
            for copy, each in enumerate(filters, 1)
        }
        for each in assumptions():
            if each.weighting != EQUAL and described.outcomes:
                assumed[each.name] = asked.add(holder, target, _weighed(described, each, proximity))
        numbered.append((plain, [(units[part].iri, at) for part, at in zip(parts, of_parts, strict=True)], assumed))
    found = coverages(
        few.tables,
        few,
        np.array(asked.holders),
        np.array(asked.targets),
        np.array([mass for weighed in asked.weights for mass in weighed], np.float64),
    ).records()
    forward, reverse = (
        DirectionFigures(
            found[plain],
            tuple(NamedPart(iri, found[place]) for iri, place in of_parts),
            {name: found[place] for name, place in assumed.items()},
        )
        for plain, of_parts, assumed in numbered
    )
    return forward, reverse


def _equal(unit: ComparedUnit) -> Sequence[float]:
    return [1 / len(unit.outcomes)] * len(unit.outcomes) if unit.outcomes else ()


def _weighed(target: ComparedUnit, assumption: Assumption, proximity: Proximity) -> Sequence[float]:
    masses = weights(target, assumption.weighting, proximity)
    return [masses[outcome.iri] for outcome in target.outcomes]
