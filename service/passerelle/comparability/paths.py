"""Paths: further units that cover most of a target together with what is held, and what else the target asks for.

The set is chosen by expected values (`path_problem`, `path_solver`), of which faint ones are no reason to take a unit;
its figures are those of method `coverage-1` for a holder of all of its units. It is never the target: what else is
needed is said beside, as far as sources state it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage import METHOD, covered
from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.findings import finding_of
from passerelle.comparability.index.shares import shares
from passerelle.comparability.path_field import PathField, enough, numbers_of, path_field
from passerelle.comparability.path_problem import PathProblem
from passerelle.comparability.path_requirements import requirements
from passerelle.comparability.path_solver import Selection, best_selection
from passerelle.comparability.unit_sets import taken_together
from passerelle.comparability.weightings import EQUAL
from passerelle.comparability.workloads import WORKLOAD, credits_of, hours_of
from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.comparison import Coverage, Finding
from passerelle.records.path import Path, PathPart, PathSearch, PathUnit
from passerelle.records.path_questions import PathQuestion

_INSTEAD_NAMED = 5
MOST_PARTS = 60
"""Parts of the target that are shown one by one; a training regulation has hundreds of components, a fiche 30 blocs."""


def path(comparisons: Comparisons, question: PathQuestion) -> Path:
    """The answer to a question. Raises UnknownUnit, ParameterError (the target among what is held), NoComparison."""
    started = time.monotonic()
    field = path_field(comparisons, question)
    problem = _problem(comparisons, field, question)
    # reading the candidates is a part of the search, as who waits for it sees it
    left = question.seconds - (time.monotonic() - started)
    found = best_selection(problem, max(left, 0.0))
    # fainter guesses were no reason to choose a unit, and still are a part of what it adds
    chosen = replace(problem, values=field.values(field.candidates)).ordered(found.chosen)
    units = [comparisons.unit(comparisons.index.iris[field.candidates[each]]) for each in chosen]
    return _answer(comparisons, field, problem, found, chosen, units, question)


def _problem(comparisons: Comparisons, field: PathField, question: PathQuestion) -> PathProblem:
    iris = comparisons.index.iris
    hours = np.full(len(field.candidates), np.nan)
    if question.fewest == "workload":
        # of hundreds of candidates, the workload is all that is read
        stated = [hours_of(_workload_facts(comparisons, iris[place])) for place in field.candidates.tolist()]
        hours = np.array([np.nan if each is None else each for each in stated])
    held, shown = (field.values(units) for units in (numbers_of(comparisons.index, field.have), field.candidates))
    return PathProblem(
        weights=field.shares,
        held=held.max(axis=1, initial=0.0),
        values=np.where(enough(shown), shown, 0.0),
        hours=hours,
        most=question.most_units,
        fewest=question.fewest,
    )


def _workload_facts(comparisons: Comparisons, iri: str) -> tuple[Fact, ...]:
    return comparisons.reader.facts(iri, {WORKLOAD})


def _answer(
    comparisons: Comparisons,
    field: PathField,
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
    values = field.values(np.concatenate((numbers_of(comparisons.index, field.have), field.candidates[list(chosen)])))

    def described(place: int, unit: ComparedUnit, *, candidate: int | None) -> PathUnit:
        before = values[:, :place].max(axis=1, initial=0.0)
        others = np.delete(values, place, axis=1).max(axis=1, initial=0.0)
        own = values[:, place]
        most = (own > 0) & (own >= others)
        instead = problem.instead(chosen, candidate) if candidate is not None else np.empty(0, np.int64)
        return PathUnit(
            unit=unit,
            alone=(alone := coverage(unit)),
            adds=_share(problem.weights @ np.maximum(own - before, 0.0)),
            without=_share(problem.weights @ np.maximum(own - others, 0.0)),
            shows=tuple(target.outcomes[each].iri for each in np.flatnonzero(most & enough(own))),
            touches=tuple(target.outcomes[each].iri for each in np.flatnonzero(most & ~enough(own))),
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


def _search(field: PathField, found: Selection, question: PathQuestion) -> PathSearch:
    return PathSearch(
        candidates=field.candidates_in_all,
        considered=len(field.candidates),
        most_units=question.most_units,
        fewest=question.fewest,
        weighting=question.weighting,
        share=_share(found.share),
        bound=_share(found.bound),
        gap=_share(found.bound - found.share) if not found.proven else 0.0,
        proven=found.proven,
        few_proven=found.few_proven,
        left_out=field.left_out,
    )


def _finding(purpose: str, unit: ComparedUnit, target: ComparedUnit, alone: Coverage) -> Finding | None:
    return finding_of(purpose, Situation(unit, target, alone)) if purpose else None


def _share(value: float) -> float:
    return float(shares(max(0.0, value)))
