"""What can be asked about sets of units: a path to a target, a combination of competences, what surrounds a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fewest = Literal["units", "workload"]
"""What is kept small among sets that cover as much: the number of units, or the hours that sources state."""


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Which at most `most_units` further units cover most of `target` together with those of `have`.

    Empty `countries` or `kinds`, and a `level` of None, are any; `levels_apart` counts from `level`, or from the
    target's own level. `purpose` may be empty. `seconds` is how long is searched, `day` an ISO date for which the
    registration of the target is looked at (empty: the day of the source).
    """

    target: str
    have: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    level: int | None = None
    levels_apart: int | None = None
    most_units: int = 3
    fewest: Fewest = "units"
    purpose: str = ""
    weighting: str = "equal"
    seconds: float = 2.0
    day: str = ""


@dataclass(frozen=True, slots=True)
class CombinationQuestion:
    """Which combinations of competences some units give together."""

    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SurroundingsQuestion:
    """What stands around a unit: one level up in the same occupation, and at the same level elsewhere."""

    unit: str
    top: int = 20
