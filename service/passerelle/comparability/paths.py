"""Paths: further units that cover most of a target together with what is held, and what else the target asks for.

The set is chosen by expected values (`path_problem`, `path_solver`); its figures are those of method `coverage-1` for a
holder of all of its units. It is never the target: what else is needed is said beside, as far as sources state it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage import METHOD, covered
from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.findings import finding_of
from passerelle.comparability.index.outcome_holders import OutcomeHolders, outcome_holders
from passerelle.comparability.index.ragged import Floats, Integers
from passerelle.comparability.index.shares import shares
from passerelle.comparability.nearest import Filters, wanted
from passerelle.comparability.path_problem import NOTHING, PathProblem
from passerelle.comparability.path_requirements import requirements
from passerelle.comparability.path_solver import Selection, best_selection, search_number
from passerelle.comparability.unit_sets import taken_together
from passerelle.comparability.weightings import EQUAL, weights
from passerelle.comparability.workloads import WORKLOAD, credits_of, hours_of
from passerelle.errors import ParameterError
from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.comparison import Coverage, Finding
from passerelle.records.path import Path, PathPart, PathSearch, PathUnit
from passerelle.records.path_questions import PathQuestion
from passerelle.records.unit_tables import unit_kinds

_WHOLE = "full-qualification"
_INSTEAD_NAMED = 5
MOST_PARTS = 60
"""Parts of the target that are shown one by one; a training regulation has hundreds of components, a fiche 30 blocs."""


@dataclass(frozen=True)
class _Field:
    """A target, what is held, and the candidates (numbers in the index), most promising first."""

    target: ComparedUnit
    have: tuple[ComparedUnit, ...]
    weights: dict[str, float]
    holders: OutcomeHolders
    candidates: Integers
    all_candidates: int

    @property
    def shares(self) -> Floats:
        """The weight of each outcome, in the order of the target's outcomes."""
        return np.array([self.weights[outcome.iri] for outcome in self.target.outcomes])

    def values(self, units: Integers) -> Floats:
        """What each of these units (numbers) shows of each outcome: (outcomes, units)."""
        order = np.argsort(units, kind="stable")
        place = np.searchsorted(units[order], self.holders.units)
        place[place == len(units)] = 0
        there = units[order][place] == self.holders.units if len(units) else np.zeros(len(place), np.bool_)
        found = np.zeros((self.holders.outcome_count, len(units)))
        found[self.holders.outcomes[there], order[place[there]]] = self.holders.values[there]
        return found


def path(comparisons: Comparisons, question: PathQuestion) -> Path:
    """The answer to a question. Raises UnknownUnit, ParameterError (the target among what is held), NoComparison."""
    started = time.monotonic()
    field = _field(comparisons, question)
    problem = _problem(comparisons, field, question)
    # reading the candidates is a part of the search, as who waits for it sees it
    left = question.seconds - (time.monotonic() - started)
    found = best_selection(problem, max(left, 0.0))
    chosen = problem.ordered(found.chosen)
    units = [comparisons.unit(comparisons.index.iris[field.candidates[each]]) for each in chosen]
    return _answer(comparisons, field, problem, found, chosen, units, question)


def _field(comparisons: Comparisons, question: PathQuestion) -> _Field:
    index = comparisons.index
    target = comparisons.unit(question.target)
    have = tuple({unit.iri: unit for unit in map(comparisons.unit, question.have)}.values())
    if any(unit.iri == target.iri or unit.iri in target.wholes for unit in have):
        raise ParameterError("path-holds-target", unit=target.identifier)
    weighing = weights(target, question.weighting, comparisons.hierarchy) if target.outcomes else {}
    holders = outcome_holders(index, target.iri)
    field = _Field(target, have, weighing, holders, np.empty(0, np.int64), 0)
    held = _held(comparisons, field)
    gains = np.maximum(holders.values - held[holders.outcomes], 0.0) * field.shares[holders.outcomes]
    gained = np.bincount(holders.units, gains, minlength=len(index.iris))
    allowed = wanted(index, _filters(question, target))
    allowed[index.family_of(index.position(target.iri))] = False
    for unit in have:
        allowed[index.position(unit.iri)] = False
    places = np.flatnonzero(allowed & (gained > NOTHING))
    order = np.lexsort((places, -np.round(gained[places], 9)))
    most = int(search_number("candidates"))
    return _Field(target, have, weighing, holders, places[order][:most], len(places))


def _filters(question: PathQuestion, target: ComparedUnit) -> Filters:
    level = question.level
    if level is None and question.levels_apart is not None:
        level = target.level
    # a qualification that stands for itself is no step on a path, unless somebody asks for it
    kinds = question.kinds or tuple(kind for kind in unit_kinds() if kind != _WHOLE)
    return Filters(question.countries, level, question.levels_apart or 0, kinds)


def _held(comparisons: Comparisons, field: _Field) -> Floats:
    places = np.array([comparisons.index.position(unit.iri) for unit in field.have], np.int64)
    held: Floats = field.values(places).max(axis=1, initial=0.0)
    return held


def _problem(comparisons: Comparisons, field: _Field, question: PathQuestion) -> PathProblem:
    iris = comparisons.index.iris
    hours = np.full(len(field.candidates), np.nan)
    if question.fewest == "workload":
        # of hundreds of candidates, the workload is all that is read
        stated = [hours_of(_workload_facts(comparisons, iris[place])) for place in field.candidates.tolist()]
        hours = np.array([np.nan if each is None else each for each in stated])
    return PathProblem(
        weights=field.shares,
        held=_held(comparisons, field),
        values=field.values(field.candidates),
        hours=hours,
        most=question.most_units,
        fewest=question.fewest,
    )


def _workload_facts(comparisons: Comparisons, iri: str) -> tuple[Fact, ...]:
    return comparisons.reader.facts(iri, {WORKLOAD})


def _answer(
    comparisons: Comparisons,
    field: _Field,
    problem: PathProblem,
    found: Selection,
    chosen: tuple[int, ...],
    units: Sequence[ComparedUnit],
    question: PathQuestion,
) -> Path:
    target, everything = field.target, (*field.have, *units)
    held, whole = taken_together(field.have), taken_together(everything)
    weighed = field.weights if question.weighting != EQUAL and target.outcomes else None

    def coverage(holder: ComparedUnit, of: ComparedUnit = target) -> Coverage:
        weights_of = weighed if of is target else None
        return covered(holder, of, comparisons.hierarchy, weights_of, wordings=False)[0]

    together, evidence = covered(whole, target, comparisons.hierarchy, weighed, wordings=False)
    places = np.array([*(comparisons.index.position(unit.iri) for unit in field.have)], np.int64)
    values = np.hstack((field.values(places), problem.values[:, list(chosen)]))

    def described(place: int, unit: ComparedUnit, *, candidate: int | None) -> PathUnit:
        before = values[:, :place].max(axis=1, initial=0.0)
        others = np.delete(values, place, axis=1).max(axis=1, initial=0.0)
        own = values[:, place]
        instead = problem.instead(chosen, candidate) if candidate is not None else np.empty(0, np.int64)
        return PathUnit(
            unit=unit,
            alone=(alone := coverage(unit)),
            adds=_share(problem.weights @ np.maximum(own - before, 0.0)),
            without=_share(problem.weights @ np.maximum(own - others, 0.0)),
            shows=tuple(
                outcome.iri
                for outcome, value, other in zip(target.outcomes, own, others, strict=True)
                if value > 0 and value >= other
            ),
            hours=hours_of(unit.facts),
            credits=credits_of(unit.facts),
            finding=_finding(question.purpose, unit, target, alone),
            instead=tuple(comparisons.index.iris[field.candidates[each]] for each in instead[:_INSTEAD_NAMED]),
            instead_of_it=len(instead),
        )

    have = tuple(described(place, unit, candidate=None) for place, unit in enumerate(field.have))
    added = tuple(
        described(len(have) + place, unit, candidate=each)
        for place, (each, unit) in enumerate(zip(chosen, units, strict=True))
    )
    described_parts = (comparisons.reader.unit(iri, facts=False) for iri in target.parts[:MOST_PARTS])
    parts = [part for part in described_parts if part is not None]
    hours = [each.hours for each in added]
    return Path(
        target=target,
        have=have,
        chosen=added,
        before=coverage(held),
        together=together,
        evidence=evidence,
        parts=tuple(PathPart(part.iri, coverage(held, part), coverage(whole, part)) for part in parts),
        requirements=requirements(target, parts, everything, question.day),
        search=_search(field, found, question),
        hours=sum(each for each in hours if each is not None),
        unknown_workloads=sum(each is None for each in hours),
        purpose=question.purpose,
        method=METHOD,
    )


def _search(field: _Field, found: Selection, question: PathQuestion) -> PathSearch:
    return PathSearch(
        candidates=field.all_candidates,
        considered=len(field.candidates),
        most_units=question.most_units,
        fewest=question.fewest,
        weighting=question.weighting,
        share=_share(found.share),
        bound=_share(found.bound),
        gap=_share(found.bound - found.share) if not found.proven else 0.0,
        proven=found.proven,
        few_proven=found.few_proven,
    )


def _finding(purpose: str, unit: ComparedUnit, target: ComparedUnit, alone: Coverage) -> Finding | None:
    return finding_of(purpose, Situation(unit, target, alone)) if purpose else None


def _share(value: float) -> float:
    return float(shares(max(0.0, value)))
