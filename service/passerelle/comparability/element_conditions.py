"""The closed vocabulary of conditions of `mappings/element-rules.tsv`; `mappings/element-conditions.tsv` words each.

A condition sees one direction: the holder's unit, the target, and the coverage between them. What no source states
makes no condition true that could count against a holder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from passerelle.comparability.outcome_states import Group, states_in
from passerelle.namespaces import VOCABULARY
from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.comparison import Coverage, OutcomeEvidence
from passerelle.records.duration import hours
from passerelle.records.text import normalised

_STATUS = f"{VOCABULARY}registration-status/"
_FIELD = "http://data.europa.eu/snb/isced-f/"
_STATED_FIELD = ("field-of-education",)
_FIELDS = ("field-of-education", "field-of-education-by-crosswalk")
_NO_FIELD = frozenset({"00", "99"})
"""Broad fields of ISCED-F 2013 that name none: generic programmes, and unknown."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}([.,][0-9]{1,6})?")
"""Numbers of credits that are read; what is written otherwise (an exponent of a million digits) is none."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a condition is asked about. `shift` moves every share of the coverage (`mappings/sensitivity.tsv`)."""

    holder: ComparedUnit
    target: ComparedUnit
    coverage: Coverage
    essential: Sequence[OutcomeEvidence] = ()
    shift: float = 0.0


Condition = Callable[[Situation, str], bool]


def share(written: str, shift: float) -> float:
    """A share of a rule, moved by `shift`, within [0, 1].

    >>> share("0.9", 0.1), share("0.95", 0.1), share("0.6", -0.1)
    (1.0, 1.0, 0.5)
    """
    return min(1.0, max(0.0, round(float(written) + shift, 6)))


def _values(unit: ComparedUnit, names: Iterable[str]) -> set[str]:
    """The values of some facts; texts as `records.text.normalised` folds them."""
    wanted = set(names)
    return {normalised(fact.value) if fact.language else fact.value for fact in unit.facts if fact.name in wanted}


def _both_state(situation: Situation, argument: str) -> bool:
    names = argument.split()
    return bool(_values(situation.holder, names)) and bool(_values(situation.target, names))


def _same_value(situation: Situation, argument: str) -> bool:
    # fact by fact: a year and a number of credits may read alike
    return any(_values(situation.holder, (name,)) & _values(situation.target, (name,)) for name in argument.split())


def _states_all(situation: Situation, argument: str) -> bool:
    asked = {name: _values(situation.target, (name,)) for name in argument.split()}
    return any(asked.values()) and all(each <= _values(situation.holder, (name,)) for name, each in asked.items())


def _codes(unit: ComparedUnit, digits: int, names: Iterable[str] = _FIELDS) -> set[str]:
    """The first digits of the fields of education that say something, so far as they can be read."""
    found = (value.removeprefix(_FIELD) for value in _values(unit, names) if value.startswith(_FIELD))
    known = (code for code in found if re.fullmatch("[0-9]{2,4}", code) and code[:2] not in _NO_FIELD)
    return {code[:digits] for code in known if len(code) >= digits}


def _same_field(situation: Situation, argument: str) -> bool:
    return bool(_codes(situation.holder, int(argument)) & _codes(situation.target, int(argument)))


def _no_field(situation: Situation, argument: str) -> bool:
    return not (_codes(situation.holder, int(argument)) and _codes(situation.target, int(argument)))


def _other_field(situation: Situation, argument: str) -> bool:
    stated = (_codes(unit, int(argument), _STATED_FIELD) for unit in (situation.holder, situation.target))
    return all(stated) and not _same_field(situation, argument)


def _lower_by(situation: Situation) -> int:
    if situation.holder.level is None or situation.target.level is None:
        return 0
    return situation.target.level - situation.holder.level


def _workload(unit: ComparedUnit) -> dict[str, Fraction]:
    """The largest stated workload in each measure: hours (an empty name), and each credit system."""
    found: dict[str, Fraction] = {}
    for fact in unit.facts:
        size, measure = None, ""
        if fact.name == "volume-of-learning":
            size = hours(fact.value)
        elif fact.name == "credits" and fact.qualifier:
            size, measure = _number(fact.value), fact.qualifier
        if size is not None and size > 0:
            found[measure] = max(size, found.get(measure, size))
    return found


def _number(written: str) -> Fraction | None:
    digits = written.strip()
    return Fraction(digits.replace(",", ".")) if _NUMBER.fullmatch(digits) else None


def _workload_share(situation: Situation) -> Fraction | None:
    """The holder's workload as a share of the target's; by hours where both state them, else by a system of credits."""
    holder, target = _workload(situation.holder), _workload(situation.target)
    return next((holder[measure] / target[measure] for measure in sorted(holder) if measure in target), None)


def _workload_below(situation: Situation, argument: str) -> bool:
    found = _workload_share(situation)
    return found is not None and found < Fraction(argument)


def _workload_above(situation: Situation, argument: str) -> bool:
    found = _workload_share(situation)
    return found is not None and found > Fraction(argument)


def _status(unit: ComparedUnit) -> str:
    """The status on the day of the newest source; empty where none is known."""
    facts: list[Fact] = [fact for fact in unit.facts if fact.name == "registration-status"]
    newest = max(facts, key=lambda fact: (fact.qualifier, fact.source), default=None)
    return newest.value.removeprefix(_STATUS) if newest else ""


def _coverage_at_least(situation: Situation, argument: str) -> bool:
    number, _, least = argument.partition(" ")
    return bool(getattr(situation.coverage, number) >= share(least, situation.shift))


def _missing_at_best(situation: Situation, argument: str) -> bool:
    # what counts against a holder must hold whatever a machine says
    best, assessed = (share(each, situation.shift) for each in argument.split())
    return situation.coverage.upper_at_most < best and situation.coverage.assessed_firmly >= assessed


def _any_essential(situation: Situation, group: Group) -> bool:
    return any(row.state in states_in(group) for row in situation.essential)


CONDITIONS: dict[str, Condition] = {
    "otherwise": lambda situation, argument: True,
    "not-both-state": lambda situation, argument: not _both_state(situation, argument),
    "both-state": _both_state,
    "same-value": _same_value,
    "states-all": _states_all,
    "same-field": _same_field,
    "no-field": _no_field,
    "other-field": _other_field,
    "level-not-stated": lambda situation, argument: None in (situation.holder.level, situation.target.level),
    "level-lower-by": lambda situation, argument: _lower_by(situation) >= int(argument),
    "level-higher-by": lambda situation, argument: -_lower_by(situation) >= int(argument),
    "workload-not-comparable": lambda situation, argument: _workload_share(situation) is None,
    "workload-below": _workload_below,
    "workload-above": _workload_above,
    "target-status": lambda situation, argument: _status(situation.target) == argument,
    "holder-status": lambda situation, argument: _status(situation.holder) == argument,
    "essential-not-shown": lambda situation, argument: _any_essential(situation, "lacking"),
    "essential-open": lambda situation, argument: _any_essential(situation, "open"),
    "coverage-at-least": _coverage_at_least,
    "coverage-below": lambda situation, argument: not _coverage_at_least(situation, argument),
    "missing-at-best": _missing_at_best,
    "indistinct-from": lambda situation, argument: situation.coverage.indistinct >= share(argument, situation.shift),
    "machine-share-above": lambda situation, argument: (
        situation.coverage.machine_share > share(argument, situation.shift)
    ),
}
"""Each condition by name."""
