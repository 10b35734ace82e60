"""How much each outcome of the target weighs: the weightings of `mappings/weightings.tsv`.

Weights belong to outcomes, never to links, so that unlinked outcomes stay in the denominator (design, "Comparing").
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

from passerelle.comparability.link_values import best_link, is_linked
from passerelle.comparability.proximity import Proximity
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.mapping_table import rows

EQUAL = "equal"

_Masses = Callable[[ComparedUnit, Proximity], dict[str, float]]


def weightings() -> tuple[str, ...]:
    """The names of the weightings, the usual one first."""
    return tuple(row["weighting"] for row in rows("weightings.tsv"))


def weights(target: ComparedUnit, weighting: str, proximity: Proximity) -> dict[str, float]:
    """The share of each outcome (IRI) of `target`; they add up to 1. Raises KeyError for an unknown weighting."""
    masses = _MASSES[weighting](target, proximity)
    total = math.fsum(masses.values())
    return {outcome: mass / total for outcome, mass in masses.items()}


def _equal(target: ComparedUnit, _proximity: Proximity) -> dict[str, float]:
    return {outcome.iri: 1.0 for outcome in target.outcomes}


def _information_content(target: ComparedUnit, proximity: Proximity) -> dict[str, float]:
    found: dict[str, float] = {}
    for outcome in target.outcomes:
        link = best_link(outcome)
        content = None if link is None else proximity.information(link.skill)
        if content is not None:
            found[outcome.iri] = content
    mean = math.fsum(found.values()) / len(found) if found else 0.0
    # only the root of everything says nothing; were all of a unit's skills such, none would be above another
    return (
        {outcome.iri: found.get(outcome.iri, mean) for outcome in target.outcomes}
        if mean
        else _equal(target, proximity)
    )


def _by_part(target: ComparedUnit, _proximity: Proximity) -> dict[str, float]:
    sizes = Counter(outcome.unit for outcome in target.outcomes)
    return {outcome.iri: 1 / sizes[outcome.unit] for outcome in target.outcomes}


def _distinct_skills(target: ComparedUnit, _proximity: Proximity) -> dict[str, float]:
    best = {outcome.iri: best_link(outcome) for outcome in target.outcomes}
    sharing = Counter(link.skill for link in best.values() if link is not None)
    return {iri: 1.0 if link is None else 1 / sharing[link.skill] for iri, link in best.items()}


def _unlinked_half(target: ComparedUnit, _proximity: Proximity) -> dict[str, float]:
    return {outcome.iri: 1.0 if is_linked(outcome) else 0.5 for outcome in target.outcomes}


_MASSES: dict[str, _Masses] = {
    EQUAL: _equal,
    "information-content": _information_content,
    "by-part": _by_part,
    "distinct-skills": _distinct_skills,
    "unlinked-half": _unlinked_half,
}
