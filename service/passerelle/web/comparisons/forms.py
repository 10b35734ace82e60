"""Forms that ask about units: what was given, what is wrong with it, and the units that a field may mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, make_response, request, url_for

from passerelle.comparability.questions import Question, UnitQuestion, unit_name
from passerelle.comparability.repeated_values import MOST_HELD
from passerelle.errors import PasserelleError, RequestError, UnknownUnit
from passerelle.messages import Language
from passerelle.web.comparisons.answer_pages import Shown
from passerelle.web.comparisons.choices import FoundUnit, units_titled
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.parameters import Given
from passerelle.web.releases.publication import Served
from passerelle.web.responses.entity_tags import REVALIDATED
from passerelle.web.responses.language import language_of
from passerelle.web.responses.streaming import describe

_OF_REPORTS = frozenset({"analyst", "format"})
"""Fields of the form of a report; they stand in no address."""

Asked = TypeVar("Asked", bound=Question)
Meant = Mapping[tuple[str, str], tuple[FoundUnit, ...]]
"""By name and value of a field that names no unit, the units that it may mean."""
MOST_SOUGHT = 3
"""Fields of a form that units are sought for by their titles; the next ones once these are right."""
FIELDS_SHOWN = 3
"""Fields for units of a set that an empty form has; one more than are given, after that."""


@dataclass(frozen=True, slots=True)
class UnitField:
    """A field that names a unit.

    `place` counts the fields of the same name from 0. `offers` are the units that are titled as given, each with the
    address of the form where it is chosen; None where nothing is wrong with the field.
    """

    name: str
    place: int
    value: str
    required: bool
    offers: tuple[tuple[FoundUnit, str], ...] | None

    @property
    def identifier(self) -> str:
        """What tells it apart on its page."""
        return f"{self.name}-{self.place}" if self.place else self.name


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a form: the document and how it is shown, or what is `wrong`, or neither for an empty form."""

    document: Mapping[str, Any] | None = None
    shown: Shown | None = None
    wrong: PasserelleError | None = None
    meant: Meant | None = None

    @property
    def status(self) -> HTTPStatus:
        """The status of the page."""
        return self.wrong.http_status if self.wrong else HTTPStatus.OK


def answered(
    served: Served,
    answers: ComparisonAnswers,
    given: Given,
    units: Sequence[str],
    ask: Callable[[], Asked | None],
    show: Callable[[dict[str, Any], Asked], Shown],
) -> Answered:
    """The answer to a form whose fields `units` name units; `ask` gives no question where too little is given.

    Raises what `ComparisonAnswers.answer` raises, but for what is wrong with the question.
    """
    language = language_of(request)
    try:
        question = ask()
        if question is None:
            return Answered()
        document = json.loads(answers.answer(served, question, language))
        return Answered(document, show(document, question))
    except UnknownUnit as error:
        return Answered(wrong=error, meant=_meant(served, answers, given, units, language))
    except RequestError as error:
        return Answered(wrong=error)


def unit_field(given: Given, name: str, answer: Answered) -> UnitField:
    """The field of a unit without which there is no question."""
    return _fields(name, [*_values(given, name), ""][:1], given, answer, required=True)[0]


def unit_fields(given: Given, name: str, answer: Answered, *, required: bool) -> list[UnitField]:
    """The fields of a set of units, each unit once; only the first is ever required."""
    values = _values(given, name)
    shown = min(max(FIELDS_SHOWN, len(values) + 1), MOST_HELD)
    return _fields(name, [*values, *[""] * (shown - len(values))], given, answer, required=required)


def page_of(page: str, status: HTTPStatus, served: Served) -> Response:
    """The response with a page; a browser asks again whether it still holds."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = REVALIDATED
    # the same for everybody, so that it can be told again without a process; a form that was posted never is
    request.environ["passerelle.keep"] = status is HTTPStatus.OK
    return describe(response, served)


def _fields(name: str, values: Sequence[str], given: Given, answer: Answered, *, required: bool) -> list[UnitField]:
    fields = []
    for place, value in enumerate(values):
        meant = (answer.meant or {}).get((name, value))
        offers = None if meant is None else tuple((unit, _choosing(given, name, value, unit.name)) for unit in meant)
        fields.append(UnitField(name, place, value, required and not place, offers))
    return fields


def _values(given: Given, name: str) -> list[str]:
    """What was given under a name, each value once, and no more than any question takes."""
    values = (each.strip() for each in given.getlist(name))
    return list(dict.fromkeys(value for value in values if value))[:MOST_HELD]


def _meant(
    served: Served, answers: ComparisonAnswers, given: Given, names: Sequence[str], language: Language
) -> dict[tuple[str, str], tuple[FoundUnit, ...]]:
    """What the fields may mean that name no unit: each costs a search, so it is the first MOST_SOUGHT of them."""
    found: dict[tuple[str, str], tuple[FoundUnit, ...]] = {}
    for name in names:
        for words in _values(given, name):
            if len(found) == MOST_SOUGHT:
                return found
            try:
                answers.answer(served, UnitQuestion(unit_name(words, name)), language)
            except RequestError:
                found[name, words] = units_titled(served, words, language)
    return found


def _choosing(given: Given, name: str, value: str, chosen: str) -> str:
    """The address of the form with a unit in place of what one field had, everything in it once."""
    pairs = (
        (each, chosen if (each, old.strip()) == (name, value) else old)
        for each, old in given.items(multi=True)
        if each != "lang" and each not in _OF_REPORTS
    )
    return f"{url_for(_form())}?{urlencode([*dict.fromkeys(pairs), ('lang', language_of(request))])}"


def _form() -> str:
    """The form of this page; what is wrong with a report is shown beside the form of the comparison."""
    endpoint = request.endpoint or ""
    return "comparisons.compare" if endpoint == "comparisons.report" else endpoint
