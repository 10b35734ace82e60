"""The workload of a unit as its source states it: hours, and credit points, which are never turned into hours."""

from __future__ import annotations

from collections.abc import Iterable

from passerelle.records.compared_unit import Fact
from passerelle.records.duration import hours

WORKLOAD = "workload"
"""The element of a comparison that these facts belong to."""
_HOURS, _CREDITS = "volume-of-learning", "credits"


def hours_of(facts: Iterable[Fact]) -> float | None:
    """The hours that the facts of a unit state; the fewest where sources differ, None where none is stated."""
    found = (hours(fact.value) for fact in facts if fact.name == _HOURS)
    stated = [float(each) for each in found if each is not None]
    return min(stated, default=None)


def credits_of(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The stated credit points; `qualifier` of each is its credit system."""
    return tuple(fact for fact in facts if fact.name == _CREDITS)
