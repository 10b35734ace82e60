"""Questions about sets of units, checked once for the command line and for the service."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import get_args

from passerelle.comparability.questions import USUAL_ROWS, nearest_question, purpose_name, purposes, shown, unit_name
from passerelle.comparability.repeated_values import values_of
from passerelle.comparability.weightings import EQUAL, weightings
from passerelle.errors import ParameterError
from passerelle.records.path_questions import CombinationQuestion, Fewest, PathQuestion, SurroundingsQuestion

MOST_UNITS = 10
"""Units that a path can propose; longer ones nobody follows."""
USUAL_UNITS = 3
MOST_SECONDS = 60.0
"""Longest search on the command line."""
SERVED_SECONDS = 2.0
"""Longest search for a client of the service, and the usual one."""
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?")


def path_question(
    target: str,
    have: Iterable[str] = (),
    *,
    given_countries: Iterable[str] = (),
    kinds: Iterable[str] = (),
    level: str = "",
    levels_apart: str = "",
    most_units: str = "",
    fewest: str = "",
    purpose: str = "",
    weighting: str = "",
    seconds: str = "",
    most_seconds: float = SERVED_SECONDS,
    day: str = "",
) -> PathQuestion:
    """The question behind what a user gave. Raises ParameterError."""
    # countries, level and kinds mean what they mean for a list of nearest units
    filters = nearest_question(
        target,
        purposes()[0],
        given_countries=given_countries,
        level=level,
        levels_apart=levels_apart,
        kinds=kinds,
    )
    return PathQuestion(
        target=filters.target,
        have=_names(have, "have"),
        countries=filters.countries,
        kinds=filters.kinds,
        level=filters.level,
        levels_apart=filters.levels_apart,
        most_units=_units(most_units),
        fewest=_fewest(fewest),
        purpose=purpose_name(purpose) if purpose.strip() else "",
        weighting=_one_of(weighting, "weighting", weightings()) or EQUAL,
        seconds=_seconds(seconds, most_seconds),
        day=_day(day),
    )


def combination_question(units: Iterable[str]) -> CombinationQuestion:
    """The question behind what a user gave. Raises ParameterError, also where no unit is named."""
    names = _names(units, "unit")
    if not names:
        raise ParameterError("comparison-missing", name="unit")
    return CombinationQuestion(names)


def surroundings_question(unit: str, top: str = "") -> SurroundingsQuestion:
    """The question behind what a user gave. Raises ParameterError."""
    found = nearest_question(unit, purposes()[0], top=top)
    return SurroundingsQuestion(found.target, found.top or USUAL_ROWS)


def _names(given: Iterable[str], parameter: str) -> tuple[str, ...]:
    return tuple(unit_name(each, parameter) for each in values_of(given, parameter))


def _units(given: str) -> int:
    value = given.strip()
    if not value:
        return USUAL_UNITS
    if not re.fullmatch(r"[0-9]{1,2}", value) or not 1 <= int(value) <= MOST_UNITS:
        raise ParameterError("comparison-number", name="max_units", value=shown(value), minimum=1, maximum=MOST_UNITS)
    return int(value)


def _seconds(given: str, most: float) -> float:
    value = given.strip()
    if not value:
        return min(SERVED_SECONDS, most)
    if not _NUMBER.fullmatch(value) or not 0 < float(value) <= most:
        raise ParameterError("path-seconds", value=shown(value), maximum=f"{most:g}")
    return float(value)


def _fewest(given: str) -> Fewest:
    found = _one_of(given, "fewest", get_args(Fewest))
    return "workload" if found == "workload" else "units"


def _one_of(given: str, name: str, known: Iterable[str]) -> str:
    value = given.strip()
    if value and value not in known:
        raise ParameterError("comparison-choice", name=name, value=shown(value), known=", ".join(known))
    return value


def _day(given: str) -> str:
    value = given.strip()
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ParameterError("path-day", value=shown(value)) from None
