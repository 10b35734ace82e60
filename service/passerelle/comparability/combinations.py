"""Combinations of competences that a set of units gives: which skills occur together, by activity and by occupation.

ESCO carries no combination: that skills stand in one bloc is said by the bloc. Which skills an occupation needs is said
by ESCO, of the occupation in general. Units are described here, never persons, and nothing is added up to a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.link_values import best_link
from passerelle.comparability.matches import Holder
from passerelle.comparability.unit_sets import taken_together
from passerelle.graph.occupations import OccupationGraph, ReachedOccupation
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit, Fact, OutcomeLink
from passerelle.records.comparison import Match
from passerelle.records.crosswalk import MAPPING_RELATIONS
from passerelle.records.path_questions import CombinationQuestion

MOST_OCCUPATIONS = 20
"""Occupations of an answer; a ROME code leads to dozens, most of them by loose relations."""
_WAYS = 3
_COMBINATION = "combination"


@dataclass(frozen=True, slots=True)
class Activity:
    """A bloc, or another unit that states outcomes: the best link of each outcome, and what its source says of them.

    `links` are pairs of an outcome and its best link, None where it has none; the skills in them occur together.
    """

    unit: ComparedUnit
    links: tuple[tuple[ComparedOutcome, OutcomeLink | None], ...]
    stated: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class SkillShown:
    """A skill (IRI) that an occupation needs, and the best ways in which outcomes of the units show it; maybe none.

    Each way comes with the units (IRIs) that state its outcome.
    """

    skill: str
    ways: tuple[tuple[Match, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class OccupationCombination:
    """An ESCO occupation (IRI) with what the units show of what it needs.

    `reached` says how it was reached from which occupation (IRI) of which units (IRIs). Of `optional_in_all` optional
    skills those that are shown are named.
    """

    occupation: str
    reached: tuple[tuple[str, ReachedOccupation, tuple[str, ...]], ...]
    essential: tuple[SkillShown, ...]
    optional: tuple[SkillShown, ...]
    optional_in_all: int


@dataclass(frozen=True, slots=True)
class Combination:
    """The answer; `without_occupation` are units for which no source names an occupation.

    `reached_in_all` counts the ESCO occupations that were reached, of which the closest are given.
    """

    units: tuple[ComparedUnit, ...]
    activities: tuple[Activity, ...]
    occupations: tuple[OccupationCombination, ...]
    reached_in_all: int
    without_occupation: tuple[str, ...]


def combination(comparisons: Comparisons, question: CombinationQuestion) -> Combination:
    """What the units of a question give together. Raises UnknownUnit."""
    units = tuple({unit.iri: unit for unit in map(comparisons.unit, question.units)}.values())
    graph = OccupationGraph(comparisons.reader.store)
    reached = _reached(units, graph)
    together = taken_together(units)
    holder = Holder(together.outcomes, comparisons.hierarchy)
    stating: dict[str, set[str]] = {}
    for unit in units:
        for outcome in unit.outcomes:
            stating.setdefault(outcome.iri, set()).add(unit.iri)

    def shown(skill: str) -> SkillShown:
        # what the occupation needs is the skill itself, so it is asked for like an outcome that is the skill
        asked = ComparedOutcome(skill, skill, (), (OutcomeLink(skill, "official", "skos:exactMatch"),))
        best = [meeting.record() for meeting in holder.meetings(asked, _WAYS)]
        return SkillShown(skill, tuple((match, tuple(sorted(stating[match.outcome]))) for match in best))

    occupations = []
    for iri in list(reached)[:MOST_OCCUPATIONS]:
        needs = graph.needs(iri)
        optional = (each for each in map(shown, needs.optional) if each.ways)
        occupations.append(
            OccupationCombination(
                iri, reached[iri], tuple(map(shown, needs.essential)), tuple(optional), len(needs.optional)
            )
        )
    return Combination(
        units=units,
        activities=_activities(comparisons, units),
        occupations=tuple(occupations),
        reached_in_all=len(reached),
        without_occupation=tuple(unit.iri for unit in units if not unit.occupations),
    )


def _reached(
    units: Sequence[ComparedUnit], graph: OccupationGraph
) -> dict[str, tuple[tuple[str, ReachedOccupation, tuple[str, ...]], ...]]:
    """By ESCO occupation how it was reached: the closest relations first, then those of most appellations."""
    aiming: dict[str, list[str]] = {}
    for unit in units:
        for occupation in unit.occupations:
            aiming.setdefault(occupation, []).append(unit.iri)
    found: dict[str, list[tuple[str, ReachedOccupation, tuple[str, ...]]]] = {}
    for occupation, whose in sorted(aiming.items()):
        for reached in graph.reached(occupation):
            found.setdefault(reached.iri, []).append((occupation, reached, tuple(sorted(whose))))

    def closeness(iri: str) -> tuple[int, int, str]:
        return min((MAPPING_RELATIONS.index(each.relation), -each.appellations, iri) for _, each, _ in found[iri])

    return {iri: tuple(found[iri]) for iri in sorted(found, key=closeness)}


def _activities(comparisons: Comparisons, units: Sequence[ComparedUnit]) -> tuple[Activity, ...]:
    """For each unit that states outcomes, once: those outcomes with their best links."""
    found: dict[str, Activity] = {}
    for unit in units:
        groups: dict[str, list[ComparedOutcome]] = {}
        for outcome in unit.outcomes:
            groups.setdefault(outcome.unit, []).append(outcome)
        for iri, outcomes in groups.items():
            if iri not in found:
                stating = unit if iri == unit.iri else comparisons.unit(iri)
                links = tuple((outcome, best_link(outcome)) for outcome in outcomes)
                stated = tuple(fact for fact in stating.facts if fact.name == _COMBINATION)
                found[iri] = Activity(stating, links, stated)
    return tuple(found.values())
