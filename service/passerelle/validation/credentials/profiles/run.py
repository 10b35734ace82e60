"""Checks triples against a profile, its repairs and the profiles that add to it: one run of the engine for all.

To load the triples is a good part of a run, so one run takes half the time of three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import Observation, Triple
from passerelle.validation.credentials.profiles.names import (
    components,
    profile_folder,
    profile_of,
    specialisations,
)
from passerelle.validation.credentials.profiles.repaired import FILE, repairs
from passerelle.validation.credentials.profiles.results import observation_of, ordered
from passerelle.validation.credentials.profiles.tables import iri, table
from passerelle.validation.credentials.rules import RULES
from passerelle.validation.engine import Turbo
from passerelle.validation.report import Result
from passerelle.validation.shapes import structure_of

_TYPE = expand("rdf:type")
_SUBCLASS = expand("rdfs:subClassOf")
_ONTOLOGY_WITHIN = "ELM-REPAIRED-ONTOLOGY-WITHIN"
_REPAIRS = ""
"""What stands for a profile with rules of no profile."""

_Results = Mapping[str, Sequence[Result]]


@dataclass(frozen=True, slots=True)
class ProfileOutcome:
    """What a profile says of a credential, in the order of the nodes; what its repairs say; which profile fits.

    `official` is what the official profile says, whatever is set aside. `fitting` is the narrowest profile that the
    credential meets, empty where it meets none.
    """

    official: Sequence[Observation]
    observations: Sequence[Observation]
    repaired: Sequence[Observation]
    fitting: str


class ProfileRun:
    """The shapes of a profile, of those that it builds on and that add to it, and of the repairs, compiled as one."""

    @classmethod
    @cache
    def of(cls, profile: str) -> ProfileRun:
        """The run of this profile, made once a process. Raises ParameterError for an unknown one."""
        return cls(profile)

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._parts = components(profile)
        # of each profile that adds to this one, what it adds; the near ones first
        self._narrower = {
            each: [part for part in components(each) if part not in self._parts] for each in specialisations(profile)
        }
        self._repairs = {each.code for each in repairs(self._parts)}
        profiles = dict.fromkeys((*self._parts, *(part for added in self._narrower.values() for part in added)))
        self._engine = Turbo(structure_of((*shape_files(profiles), FILE)))

    def check(self, triples: Sequence[Triple]) -> ProfileOutcome:
        """What the profile says, with what it says only because of class axioms within the data set aside.

        Its closed shapes hold for superclasses too: as soon as a file brings the model's `rdfs:subClassOf` along, every
        qualification fails (domain: official validation, fault 8). So our verdict is about the rest of the file, and
        the official one about the whole.
        """
        results = self._results(triples)
        official = observations = self._of_profile(results, triples)
        notices = []
        plain = [each for each in triples if each[1].value != _SUBCLASS]
        if len(plain) < len(triples):
            results = self._results(plain)
            kept = self._of_profile(results, plain)
            keys = {_key(each) for each in kept}
            aside = (replace(each, set_aside_by=_ONTOLOGY_WITHIN) for each in official if _key(each) not in keys)
            observations = [*kept, *aside]
            notices = [Observation(_ONTOLOGY_WITHIN)]
        repaired = ordered(map(observation_of, results.get(_REPAIRS, ())), triples)
        return ProfileOutcome(
            official,
            observations,
            [*notices, *(each for each in repaired if each.code in self._repairs)],
            self._fitting(results, plain),
        )

    def _results(self, triples: Sequence[Triple]) -> _Results:
        """The results of each profile."""
        found: dict[str, list[Result]] = defaultdict(list)
        for each in self._engine.results(triples):
            found[profile_of(each.shape.removeprefix(RULES))].append(each)
        return found

    def _of_profile(self, results: _Results, triples: Sequence[Triple]) -> list[Observation]:
        return ordered((observation_of(each) for part in self._parts for each in results.get(part, ())), triples)

    def _fitting(self, results: _Results, triples: Iterable[Triple]) -> str:
        """The narrowest profile that is met: one of those that add to a profile that is met, else that it builds on.

        Of several equally narrow ones the first of `PROFILES` is told. What has no class that a profile speaks of does
        not meet it.
        """
        classes = {value.value for _, predicate, value in triples if predicate.value == _TYPE}
        if all(_targets(each).isdisjoint(classes) for each in self._parts):
            return ""
        met = [each for each in self._parts if results.keys().isdisjoint(components(each))]
        if self._profile not in met:
            return met[-1] if met else ""
        narrower = [
            each
            for each, added in self._narrower.items()
            if results.keys().isdisjoint(added) and not any(_targets(part).isdisjoint(classes) for part in added)
        ]
        return max(narrower, key=lambda each: len(self._narrower[each]), default=self._profile)


def shape_files(profiles: Iterable[str]) -> tuple[Path, ...]:
    """The generated shapes of these profiles."""
    return tuple(profile_folder() / f"{each}.ttl" for each in profiles)


def _key(each: Observation) -> tuple[str, ...]:
    return each.code, each.node, each.path, each.value, each.component


@cache
def _targets(profile: str) -> frozenset[str]:
    """The classes that a profile itself speaks of."""
    return frozenset(iri(row.target) for row in table(profile) if row.target)
