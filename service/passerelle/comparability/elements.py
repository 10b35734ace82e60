"""The elements of a comparison: what each unit states, and the grade that a rule gives in view of a purpose.

Rules are rows of `mappings/element-rules.tsv`; the first that fits decides. The elements are those of recognition
practice (EAR manual), with autonomy and responsibility (EQF) beside them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import cast

from passerelle.comparability.element_conditions import CONDITIONS, Condition, Situation
from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.comparison import ElementRow, Grade, Purpose
from passerelle.records.mapping_table import rows

POTENTIALLY_SUBSTANTIAL: Grade = "potentially-substantial"
ANY = "*"


@dataclass(frozen=True, slots=True)
class ElementRule:
    """A row of the table that fits one purpose."""

    name: str
    element: str
    holds: Condition
    argument: str
    grade: Grade


@cache
def elements() -> tuple[str, ...]:
    """The elements in the order of the table."""
    return tuple(dict.fromkeys(row["element"] for row in rows("element-rules.tsv")))


@cache
def element_rules(purpose: Purpose) -> dict[str, tuple[ElementRule, ...]]:
    """The rules that fit a purpose, by element, in their order."""
    found: dict[str, list[ElementRule]] = {}
    for row in rows("element-rules.tsv"):
        if row["purpose"] == ANY or purpose in row["purpose"].split():
            holds, grade = CONDITIONS[row["condition"]], cast("Grade", row["grade"])
            rule = ElementRule(row["rule"], row["element"], holds, row["argument"], grade)
            found.setdefault(row["element"], []).append(rule)
    return {element: tuple(rules) for element, rules in found.items()}


def element_rows(purpose: Purpose, situation: Situation, only: Collection[str] | None = None) -> tuple[ElementRow, ...]:
    """A row for each element (or for those in `only`), in the order of the table. Raises KeyError: unknown purpose."""
    rules = element_rules(purpose)
    return tuple(_row(element, rules[element], situation) for element in elements() if only is None or element in only)


def _row(element: str, rules: tuple[ElementRule, ...], situation: Situation) -> ElementRow:
    rule = next(each for each in rules if each.holds(situation, each.argument))
    holder, target = _facts(situation.holder, element), _facts(situation.target, element)
    return ElementRow(element, rule.grade, rule.name, holder, target)


def _facts(unit: ComparedUnit, element: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in unit.facts if fact.element == element)
