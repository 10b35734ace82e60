"""Turns results of shapes whose names are codes of rules into observations, in a stable order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from passerelle.validation.credentials.model import Observation, Triple
from passerelle.validation.credentials.rules import RULES
from passerelle.validation.report import Result, compact


def observation_of(result: Result) -> Observation:
    """A result as an observation, its rule being the shape that it comes from."""
    return Observation(
        result.shape.removeprefix(RULES),
        result.focus.node,
        "" if result.path is None else result.path.iri or result.path.text,
        "" if result.value is None else result.value.node,
        compact(result.component),
    )


def ordered(observations: Iterable[Observation], triples: Sequence[Triple]) -> list[Observation]:
    """Observations in the order in which their nodes stand in `triples`, then by code, path and value."""
    places: dict[str, int] = {}
    for subject, _, _ in triples:
        places.setdefault(subject.node, len(places))
    last = len(places)
    return sorted(
        observations, key=lambda each: (places.get(each.node, last), each.code, each.path, each.value, each.component)
    )
