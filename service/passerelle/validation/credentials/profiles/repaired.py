"""Runs the repairs of the official profiles: `shapes/credential/repaired.ttl`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from passerelle.resources import folder
from passerelle.validation.credentials.model import BLANK, Observation, Triple
from passerelle.validation.credentials.profiles.names import components, profile_of
from passerelle.validation.credentials.profiles.runner import ShapesRunner
from passerelle.validation.credentials.rules import CredentialRule, rules_of
from passerelle.validation.engine import Turbo
from passerelle.validation.shapes import structure_of

_FILE = folder("shapes") / "credential" / "repaired.ttl"


def observe(profile: str, triples: Sequence[Triple]) -> list[Observation]:
    """What the repairs of this profile and of those that it builds on find. Raises ParameterError."""
    runner = _runner(components(profile))
    return runner.observe(triples) if runner is not None else []


def repairs(profiles: Sequence[str]) -> list[CredentialRule]:
    """The repairs that replace a rule of any of these profiles."""
    return [rule for rule in rules_of(_FILE).values() if any(profile_of(code) in profiles for code in rule.sets_aside)]


@cache
def _runner(profiles: tuple[str, ...]) -> ShapesRunner | None:
    wanted = {rule.iri for rule in repairs(profiles)}
    return ShapesRunner(Turbo(_shapes(wanted))) if wanted else None


def _shapes(wanted: set[str]) -> Iterator[Triple]:
    """The statements of these shapes, with the blank nodes that they are made of."""
    by_subject: dict[str, list[Triple]] = {}
    for triple in structure_of((_FILE,)):
        by_subject.setdefault(triple[0].node, []).append(triple)
    pending = sorted(wanted)
    seen = set(pending)
    while pending:
        for triple in by_subject.get(pending.pop(), ()):
            yield triple
            value = triple[2]
            if value.kind == BLANK and value.node not in seen:
                seen.add(value.node)
                pending.append(value.node)
