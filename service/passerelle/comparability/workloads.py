"""The workload of a unit as its source states it: hours, and credit points, which are never turned into hours."""

from __future__ import annotations

from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.duration import hours

_HOURS, _CREDITS = "volume-of-learning", "credits"


def hours_of(unit: ComparedUnit) -> float | None:
    """The stated hours; the fewest where sources differ, None where none is stated in hours."""
    found = (hours(fact.value) for fact in unit.facts if fact.name == _HOURS)
    stated = [float(each) for each in found if each is not None]
    return min(stated, default=None)


def credits_of(unit: ComparedUnit) -> tuple[Fact, ...]:
    """The stated credit points; `qualifier` of each is its credit system."""
    return tuple(fact for fact in unit.facts if fact.name == _CREDITS)
