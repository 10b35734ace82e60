"""What can be asked about units: checked once, for the command line and for the service, and sent to a process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from passerelle.comparability.repeated_values import values_of
from passerelle.errors import ParameterError
from passerelle.messages import Language
from passerelle.records.mapping_table import rows
from passerelle.records.path_questions import CombinationQuestion, PathQuestion, SurroundingsQuestion
from passerelle.records.unit_tables import countries, unit_kinds

LONGEST_NAME = 2048
"""Characters of the identifier of a unit or of an outcome; an address has no more in any browser."""
MOST_ROWS = 100
"""Rows of a list; what is further down is not near."""
USUAL_ROWS = 20
LOWEST_LEVEL, HIGHEST_LEVEL = 1, 8
STOPPED = "stopped"
"""What a process says of a question that ended it by a defect of ours."""
_LONGEST_ANALYST = 200
_LONGEST_SHOWN = 100
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class ComparisonQuestion:
    """What a holder of `first` has shown of `second`; `essential` are outcomes of the second (number, IRI or hash).

    `arithmetic`: whether each match says how its value comes about.
    """

    first: str
    second: str
    purpose: str
    essential: tuple[str, ...] = ()
    arithmetic: bool = False


@dataclass(frozen=True, slots=True)
class NearestQuestion:
    """Which units come nearest to `target`; empty `countries` or `kinds`, and a `level` of None, are any.

    `levels_apart` counts from `level`, or from the target's own level where no level is given. With `explained`, each
    row says what its holder would still lack.
    """

    target: str
    purpose: str
    countries: tuple[str, ...] = ()
    level: int | None = None
    levels_apart: int | None = None
    kinds: tuple[str, ...] = ()
    top: int = USUAL_ROWS
    explained: bool = False


@dataclass(frozen=True, slots=True)
class UnitQuestion:
    """What is known of a unit."""

    unit: str


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """A comparison as a report for printing: who answers for it, the day (ISO 8601), `html` or `pdf`."""

    comparison: ComparisonQuestion
    analyst: str
    day: str
    form: str


_Plain = ComparisonQuestion | NearestQuestion | UnitQuestion | PathQuestion | CombinationQuestion | SurroundingsQuestion
Question = _Plain | ReportQuestion
_KINDS: dict[str, type[_Plain]] = {
    "comparison": ComparisonQuestion,
    "nearest": NearestQuestion,
    "unit": UnitQuestion,
    "path": PathQuestion,
    "combination": CombinationQuestion,
    "surroundings": SurroundingsQuestion,
}


def encoded(question: Question, language: Language) -> bytes:
    """A question and the language of its answer as the content of a frame."""
    if isinstance(question, ReportQuestion):
        return json.dumps(["report", language, asdict(question)]).encode()
    kind = next(name for name, each in _KINDS.items() if isinstance(question, each))
    return json.dumps([kind, language, asdict(question)]).encode()


def decoded(content: bytes) -> tuple[Question, Language]:
    """The reverse of `encoded`."""
    kind, language, values = json.loads(content)
    if kind == "report":
        return ReportQuestion(**{**values, "comparison": ComparisonQuestion(**_tuples(values["comparison"]))}), language
    return _KINDS[kind](**_tuples(values)), language


def comparison_question(
    first: str, second: str, purpose: str, essential: Iterable[str] = (), *, arithmetic: bool = False
) -> ComparisonQuestion:
    """The question behind what a user gave. Raises ParameterError."""
    marked = tuple(unit_name(each, "essential") for each in values_of(essential, "essential"))
    return ComparisonQuestion(
        unit_name(first, "first"), unit_name(second, "second"), purpose_name(purpose), marked, arithmetic
    )


def nearest_question(
    target: str,
    purpose: str,
    *,
    given_countries: Iterable[str] = (),
    level: str = "",
    levels_apart: str = "",
    kinds: Iterable[str] = (),
    top: str = "",
    explained: bool = False,
) -> NearestQuestion:
    """The question behind what a user gave. Raises ParameterError."""
    return NearestQuestion(
        unit_name(target, "unit"),
        purpose_name(purpose),
        tuple(dict.fromkeys(_country(each) for each in values_of(given_countries, "country"))),
        _number(level, "level", LOWEST_LEVEL, HIGHEST_LEVEL),
        _number(levels_apart, "levels_apart", 0, HIGHEST_LEVEL - LOWEST_LEVEL),
        tuple(_choice(each, "kind", unit_kinds()) for each in values_of(kinds, "kind")),
        _number(top, "top", 1, MOST_ROWS) or USUAL_ROWS,
        explained,
    )


def unit_name(given: str, parameter: str) -> str:
    """The identifier or IRI of a unit as it was given. Raises ParameterError where it can be neither."""
    name = given.strip()
    if not name:
        raise ParameterError("comparison-missing", name=parameter)
    if len(name) > LONGEST_NAME or _UNPRINTABLE.search(name):
        raise ParameterError("comparison-no-name", name=parameter, value=shown(name), limit=LONGEST_NAME)
    return name


def purpose_name(given: str) -> str:
    """A purpose. Raises ParameterError with the list of them."""
    if not given.strip():
        raise ParameterError("comparison-missing-purpose", known=", ".join(purposes()))
    return _choice(given, "purpose", purposes())


def analyst_name(given: str) -> str:
    """The name of who answers for a report. Raises ParameterError where there is none: a report is somebody's."""
    name = " ".join(_UNPRINTABLE.sub(" ", given).split())
    if not name:
        raise ParameterError("comparison-analyst-missing")
    if len(name) > _LONGEST_ANALYST:
        raise ParameterError("comparison-analyst-long", limit=_LONGEST_ANALYST)
    return name


def purposes() -> tuple[str, ...]:
    """The purposes that there are rules for."""
    return tuple(row["purpose"] for row in rows("purposes.tsv"))


def purpose_labels(language: Language) -> tuple[tuple[str, str], ...]:
    """The purposes, each with what it is called."""
    return tuple((row["purpose"], row[f"label_{language}"]) for row in rows("purposes.tsv"))


def shown(value: str) -> str:
    """What a user gave, as a message may repeat it."""
    value = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    return value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…"


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _country(given: str) -> str:
    code = given.strip().upper()
    known = countries().get(code)
    if known is None:
        raise ParameterError("comparison-country", value=shown(given))
    return known.alpha2


def _choice(given: str, name: str, known: Iterable[str]) -> str:
    value = given.strip()
    if value not in known:
        raise ParameterError("comparison-choice", name=name, value=shown(value), known=", ".join(known))
    return value


def _number(given: str, name: str, minimum: int, maximum: int) -> int | None:
    if not given.strip():
        return None
    value = given.strip()
    if not re.fullmatch(r"[0-9]{1,4}", value) or not minimum <= int(value) <= maximum:
        raise ParameterError("comparison-number", name=name, value=shown(value), minimum=minimum, maximum=maximum)
    return int(value)
