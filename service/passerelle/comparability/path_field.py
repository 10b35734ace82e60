"""What a path is searched in: the target, what is held, the candidates, and the units that are left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.outcome_holders import OutcomeHolders, outcome_holders
from passerelle.comparability.index.ragged import Floats, Integers, Truths
from passerelle.comparability.index.ranked_pairs import kin
from passerelle.comparability.index.shares import shares
from passerelle.comparability.nearest import Filters, wanted
from passerelle.comparability.path_problem import NOTHING
from passerelle.comparability.path_solver import search_number
from passerelle.comparability.weightings import weights
from passerelle.errors import ParameterError
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.path import LeftOut
from passerelle.records.path_questions import PathQuestion
from passerelle.records.unit_tables import step_kinds, unit_kinds


@dataclass(frozen=True)
class PathField:
    """A target with the weights of its outcomes (by IRI), what is held, and who shows something of it.

    `candidates` (numbers in the index), most promising first, are those of `candidates_in_all` that are searched.
    """

    target: ComparedUnit
    have: tuple[ComparedUnit, ...]
    weights: dict[str, float]
    holders: OutcomeHolders
    candidates: Integers
    candidates_in_all: int
    left_out: LeftOut

    @property
    def shares(self) -> Floats:
        """The weight of each outcome, in the order of the target's outcomes."""
        return _shares(self.target, self.weights)

    def values(self, units: Integers) -> Floats:
        """What each of these units (numbers) shows of each outcome: (outcomes, units)."""
        return _values(self.holders, units)


def path_field(comparisons: Comparisons, question: PathQuestion) -> PathField:
    """The field of a question. Raises UnknownUnit, ParameterError (the target among what is held), NoComparison.

    Candidates are units of the kinds asked for, or of those that are steps (`mappings/unit-kinds.tsv`), that would show
    more of an outcome by `named-from` or more. Never one are the target, its parts and wholes, and other parts of its
    wholes: whoever is on the way to a part of a qualification is not sent to its other parts.
    """
    index = comparisons.index
    target = comparisons.unit(question.target)
    have = tuple({unit.iri: unit for unit in map(comparisons.unit, question.have)}.values())
    if any(unit.iri == target.iri or unit.iri in target.wholes for unit in have):
        raise ParameterError("path-holds-target", unit=target.identifier)
    weighing = weights(target, question.weighting, comparisons.hierarchy) if target.outcomes else {}
    holders = outcome_holders(index, target.iri)
    held = _values(holders, numbers_of(index, have)).max(axis=1, initial=0.0)
    more = np.maximum(holders.values - held[holders.outcomes], 0.0) * _shares(target, weighing)[holders.outcomes]
    some = np.bincount(holders.units, more, len(index.iris)) > NOTHING
    gained = np.bincount(holders.units, more * enough(holders.values), len(index.iris))
    asked, related = wanted(index, _filters(question, target)), np.zeros(len(index.iris), np.bool_)
    asked[index.family_of(index.position(target.iri))] = False
    asked[numbers_of(index, have)] = False
    related[kin(index.tables, index.position(target.iri))] = True
    kinds = question.kinds or step_kinds()
    of_kind, naming = index.of_kinds(kinds), gained > NOTHING
    places = np.flatnonzero(asked & of_kind & ~related & naming)
    order = np.lexsort((places, -np.round(gained[places], 9)))
    left_out = LeftOut(
        faint=int((asked & of_kind & ~related & some & ~naming).sum()),
        other_parts=int((asked & of_kind & related & naming).sum()),
        other_kinds=int((asked & ~of_kind & ~related & naming).sum()),
        kinds=tuple(kind for kind in unit_kinds() if kind not in kinds),
    )
    candidates = places[order][: int(search_number("candidates"))]
    return PathField(target, have, weighing, holders, candidates, len(places), left_out)


def numbers_of(index: CoverageIndex, units: tuple[ComparedUnit, ...]) -> Integers:
    """The numbers of units in the index. Raises UnknownUnit."""
    return np.array([index.position(unit.iri) for unit in units], np.int64)


def enough(values: Floats) -> Truths:
    """Which values are enough for an outcome to be named as shown."""
    named: Truths = shares(values) >= parameters().named_from
    return named


def _filters(question: PathQuestion, target: ComparedUnit) -> Filters:
    level = question.level
    if level is None and question.levels_apart is not None:
        level = target.level
    return Filters(question.countries, level, question.levels_apart or 0)


def _shares(target: ComparedUnit, weighing: dict[str, float]) -> Floats:
    return np.array([weighing[outcome.iri] for outcome in target.outcomes])


def _values(holders: OutcomeHolders, units: Integers) -> Floats:
    order = np.argsort(units, kind="stable")
    place = np.searchsorted(units[order], holders.units)
    place[place == len(units)] = 0
    there = units[order][place] == holders.units if len(units) else np.zeros(len(place), np.bool_)
    found = np.zeros((holders.outcome_count, len(units)))
    found[holders.outcomes[there], order[place[there]]] = holders.values[there]
    return found
