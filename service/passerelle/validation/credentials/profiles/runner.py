"""Runs the shapes of one profile over the triples of a credential, and says which profile fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import Observation, Triple
from passerelle.validation.credentials.profiles.names import components, profile_folder, profile_of, specialisations
from passerelle.validation.credentials.profiles.tables import iri, table
from passerelle.validation.credentials.rules import RULES
from passerelle.validation.engine import Engine, Turbo
from passerelle.validation.report import Result, compact
from passerelle.validation.shapes import structure_of

_TYPE = expand("rdf:type")


class ShapesRunner:
    """Runs shapes whose names are codes of rules. Serves several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def observe(self, triples: Sequence[Triple]) -> list[Observation]:
        """One observation a result, in the order in which the nodes stand in `triples`, then by code."""
        results = self._engine.results(triples)
        return ordered(map(observation_of, results), triples) if results else []


class ProfileRunner(ShapesRunner):
    """Runs one profile with all that it builds on."""

    @classmethod
    @cache
    def of(cls, profile: str) -> ProfileRunner:
        """The runner of this profile, made once a process. Raises ParameterError for an unknown one."""
        return cls(Turbo(structure_of(shape_files(components(profile)))))


def shape_files(profiles: Iterable[str]) -> tuple[Path, ...]:
    """The generated shapes of these profiles."""
    return tuple(profile_folder() / f"{each}.ttl" for each in profiles)


def fitting_profile(profile: str, observations: Sequence[Observation], triples: Sequence[Triple]) -> str:
    """The narrowest profile that the credential meets, given what `profile` said of it; empty where it meets none.

    From a profile that it meets the search goes to those that add to it, else to those that it builds on; of several
    equally narrow ones the first of `PROFILES` is told. What has no class that a profile speaks of does not meet it.
    """
    classes = {value.value for _, predicate, value in triples if predicate.value == _TYPE}
    parts = components(profile)
    if not any(_targets(each) & classes for each in parts):
        return ""
    if not observations:
        narrower = _specialised(profile, classes, triples)
        return max(narrower, key=lambda each: len(components(each)), default=profile)
    broken = {profile_of(each.code) for each in observations}
    met = [each for each in parts if not broken & set(components(each))]
    return met[-1] if met else ""


def _specialised(profile: str, classes: set[str], triples: Sequence[Triple]) -> list[str]:
    """The profiles among those that add to this one that are met too, in the order of `PROFILES`."""
    able = [
        each
        for each in specialisations(profile)
        if all(_targets(part) & classes for part in components(each) if part not in components(profile))
    ]
    if not able:
        return []
    added = tuple(dict.fromkeys(part for each in able for part in components(each) if part not in components(profile)))
    broken = {profile_of(each.code) for each in _added(added).observe(triples)}
    return [each for each in able if not broken & set(components(each))]


@cache
def _added(profiles: tuple[str, ...]) -> ShapesRunner:
    return ShapesRunner(Turbo(structure_of(shape_files(profiles))))


@cache
def _targets(profile: str) -> frozenset[str]:
    """The classes that a profile itself speaks of."""
    return frozenset(iri(row.target) for row in table(profile) if row.target)


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
