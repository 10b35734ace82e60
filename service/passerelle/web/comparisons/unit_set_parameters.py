"""What a client asks about sets of units: each parameter known, given once where it means one thing, and in bounds."""

from __future__ import annotations

from passerelle.comparability.path_questions import combination_question, path_question, surroundings_question
from passerelle.records.path_questions import CombinationQuestion, PathQuestion, SurroundingsQuestion
from passerelle.web.comparisons.parameters import REPEATED, Given, check

PATH = (
    "have", "country", "kind", "level", "levels_apart", "max_units", "fewest", "purpose", "weighting", "time_limit",
    "day",
)  # fmt: skip
COMBINATION = ("unit",)
NEIGHBOURS = ("top",)


def path_asked(unit: str, given: Given) -> PathQuestion:
    """The path that is asked for. Raises ParameterError."""
    check(given, PATH, {*REPEATED, "have"})
    return path_question(
        unit,
        given.getlist("have"),
        given_countries=given.getlist("country"),
        kinds=given.getlist("kind"),
        level=given.get("level", ""),
        levels_apart=given.get("levels_apart", ""),
        most_units=given.get("max_units", ""),
        fewest=given.get("fewest", ""),
        purpose=given.get("purpose", ""),
        weighting=given.get("weighting", ""),
        seconds=given.get("time_limit", ""),
        day=given.get("day", ""),
    )


def combination_asked(given: Given) -> CombinationQuestion:
    """The combination that is asked for. Raises ParameterError."""
    check(given, COMBINATION, {"unit"})
    return combination_question(given.getlist("unit"))


def neighbours_asked(unit: str, given: Given) -> SurroundingsQuestion:
    """The neighbours that are asked for. Raises ParameterError."""
    check(given, NEIGHBOURS)
    return surroundings_question(unit, given.get("top", ""))
