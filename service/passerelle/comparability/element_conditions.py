"""The closed vocabulary of conditions of `mappings/element-rules.tsv`; `mappings/element-conditions.tsv` words each.

A condition sees one direction: the holder's unit, the target, and the coverage between them. What no source states
makes no condition true that could count against a holder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from passerelle.namespaces import VOCABULARY
from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.comparison import Coverage, OutcomeEvidence
from passerelle.records.duration import hours
from passerelle.records.text import normalised

_STATUS = f"{VOCABULARY}registration-status/"
_FIELD = "http://data.europa.eu/snb/isced-f/"
_FIELDS = ("field-of-education", "field-of-education-by-crosswalk")


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


def _same_field(situation: Situation, argument: str) -> bool:
    digits = int(argument)

    def codes(unit: ComparedUnit) -> set[str]:
        found = (value.removeprefix(_FIELD) for value in _values(unit, _FIELDS) if value.startswith(_FIELD))
        return {code[:digits] for code in found if len(code) >= digits}

    return bool(codes(situation.holder) & codes(situation.target))


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
    try:
        return Fraction(written.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None


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


CONDITIONS: dict[str, Condition] = {
    "otherwise": lambda situation, argument: True,
    "not-both-state": lambda situation, argument: not _both_state(situation, argument),
    "both-state": _both_state,
    "same-value": _same_value,
    "same-field": _same_field,
    "level-not-stated": lambda situation, argument: None in (situation.holder.level, situation.target.level),
    "level-lower-by": lambda situation, argument: _lower_by(situation) >= int(argument),
    "level-higher-by": lambda situation, argument: -_lower_by(situation) >= int(argument),
    "workload-not-comparable": lambda situation, argument: _workload_share(situation) is None,
    "workload-below": _workload_below,
    "workload-above": _workload_above,
    "target-status": lambda situation, argument: _status(situation.target) == argument,
    "holder-status": lambda situation, argument: _status(situation.holder) == argument,
    "essential-not-shown": lambda situation, argument: any(row.state == "not-shown" for row in situation.essential),
    "essential-open": lambda situation, argument: any(
        row.state in {"unlinked", "possible"} for row in situation.essential
    ),
    "coverage-at-least": _coverage_at_least,
    "coverage-below": lambda situation, argument: not _coverage_at_least(situation, argument),
}
"""Each condition by name."""
