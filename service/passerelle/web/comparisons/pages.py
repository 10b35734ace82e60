"""`/compare`, `/nearest` and `/compare/report`: forms for comparisons, their answers, and reports for printing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for

from passerelle.comparability.questions import (
    USUAL_ROWS,
    ReportQuestion,
    UnitQuestion,
    analyst_name,
    purpose_labels,
    unit_name,
)
from passerelle.comparability.reports.html_report import POLICY
from passerelle.errors import PasserelleError, RequestError, UnknownUnit
from passerelle.messages import Language
from passerelle.records.text import outcome_hash
from passerelle.sparql.negotiate import best
from passerelle.web.comparisons.answer_pages import Shown, pairs_of, shown_comparison, shown_neighbours
from passerelle.web.comparisons.choices import FoundUnit, KindsOfUnits, units_titled
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.parameters import (
    COMPARISON,
    MEDIA_TYPES,
    NEAREST,
    Given,
    check,
    comparison_asked,
    format_of,
    nearest_asked,
)
from passerelle.web.questions.labels import CountriesOfRelease, country_name
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.entity_tags import NOT_KEPT, REVALIDATED
from passerelle.web.responses.language import ask_for, language_of
from passerelle.web.responses.streaming import describe

_REPORT_FORMATS = ("html", "pdf")
_PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Essential:
    """An outcome of the target that can be marked essential; `name` is the hash of its text.

    IRIs of some tens of outcomes would be longer than an address may be.
    """

    name: str
    text: str
    language: str
    marked: bool


def comparison_pages(publication: Publication, answers: ComparisonAnswers) -> Blueprint:
    """The blueprint of the pages."""
    blueprint = Blueprint("comparisons", __name__)
    countries = CountriesOfRelease()
    kinds = KindsOfUnits()

    @blueprint.route("/compare")
    def compare() -> Response:
        return _compare(publication.current(), answers)

    @blueprint.route("/nearest")
    def nearest() -> Response:
        return _nearest(publication.current(), answers, countries, kinds)

    @blueprint.route("/compare/report", methods=["POST"])
    def report() -> Response:
        ask_for(request.form.get("lang", ""))
        try:
            response = _report(publication.current(), answers, request.form)
        except RequestError as fault:
            if best(request.headers.get("Accept"), [_PROBLEM, "application/json", "text/html"]) != "text/html":
                raise
            # a reader sees what is wrong beside the form, and corrects it there
            response = _compare(publication.current(), answers, request.form, fault)
        response.headers["Cache-Control"] = NOT_KEPT
        return response

    return blueprint


def _compare(
    served: Served, answers: ComparisonAnswers, given: Given | None = None, fault: PasserelleError | None = None
) -> Response:
    """The form, with the answer where enough is given; `fault` is what is wrong with the form of a report."""
    language = language_of(request)
    given = request.args if given is None else given
    wanted = any(given.get(name, "").strip() for name in ("first", "second"))
    shown: Shown | None = None
    wrong: PasserelleError | None = None
    essential: tuple[Essential, ...] = ()
    found: dict[str, tuple[FoundUnit, ...]] = {}
    pairs: list[tuple[str, str]] = []
    if fault is None:
        try:
            check(given, COMPARISON)
        except RequestError as error:
            wrong = error
    if wanted and wrong is None:
        try:
            question = comparison_asked(_of(given, COMPARISON))
            document = json.loads(answers.answer(served, question, language))
            shown = shown_comparison(document, question)
            pairs = pairs_of(question)
            essential = tuple(
                Essential(
                    outcome_hash(each["text"], each["language"]) if each["text"] else each["outcome"],
                    each["text"],
                    each["language"],
                    each["essential"],
                )
                for each in document["forward"]["outcomes"]
            )
        except UnknownUnit as error:
            wrong = error
            found = _found(served, answers, given, ("first", "second"), language)
        except RequestError as error:
            wrong = error
    status = (wrong or fault).http_status if wrong or fault else HTTPStatus.OK  # type: ignore[union-attr]  # one is
    page = render_template(
        "compare.html",
        given={name: given.get(name, "") for name in ("first", "second", "purpose")},
        purposes=purpose_labels(language),
        shown=shown,
        wrong=wrong,
        fault=fault,
        found=found,
        essential=essential,
        pairs=pairs,
        choose=lambda field, unit: _with(url_for("comparisons.compare"), given, field, unit.name, language),
        swapped=_swapped(given, language) if shown else "",
        analyst=given.get("analyst", ""),
        release=served,
        manifest=served.manifest,
    )
    return _response(page, status, served)


def _nearest(
    served: Served, answers: ComparisonAnswers, countries: CountriesOfRelease, kinds: KindsOfUnits
) -> Response:
    language = language_of(request)
    given = request.args
    shown: Shown | None = None
    wrong: PasserelleError | None = None
    found: dict[str, tuple[FoundUnit, ...]] = {}
    try:
        check(given, ("unit", *NEAREST))
    except RequestError as error:
        wrong = error
    if wrong is None and given.get("unit", "").strip():
        try:
            question = nearest_asked(given.get("unit", ""), _of(given, NEAREST), explained=True)
            shown = shown_neighbours(json.loads(answers.answer(served, question, language)), question)
        except UnknownUnit as error:
            wrong = error
            found = _found(served, answers, given, ("unit",), language)
        except RequestError as error:
            wrong = error
    page = render_template(
        "nearest.html",
        given={name: given.get(name, "") for name in ("unit", "purpose", "level", "levels_apart", "top")},
        chosen={name: given.getlist(name) for name in ("country", "kind")},
        purposes=purpose_labels(language),
        countries=[(each.alpha2, country_name(each, language)) for each in countries.of(served, language)],
        kinds=kinds.of(served, language),
        usual=USUAL_ROWS,
        shown=shown,
        wrong=wrong,
        found=found,
        choose=lambda field, unit: _with(url_for("comparisons.nearest"), given, field, unit.name, language),
        release=served,
        manifest=served.manifest,
    )
    return _response(page, wrong.http_status if wrong else HTTPStatus.OK, served)


def _report(served: Served, answers: ComparisonAnswers, given: Given) -> Response:
    language = language_of(request)
    check(given, (*COMPARISON, "analyst"))
    form = format_of(given.get("format"), request.headers.get("Accept"), _REPORT_FORMATS)
    day = datetime.now(UTC).date().isoformat()
    comparison = comparison_asked(_of(given, COMPARISON))
    question = ReportQuestion(comparison, analyst_name(given.get("analyst", "")), day, form)
    content = answers.answer(served, question, language)
    charset = "; charset=utf-8" if form == "html" else ""
    response = Response(content, content_type=MEDIA_TYPES[form] + charset)
    response.headers["Content-Disposition"] = f'inline; filename="comparison-report.{form}"'
    response.headers["Content-Language"] = language
    if form == "html":
        # a document that stands alone has its style within
        response.headers["Content-Security-Policy"] = POLICY + "; frame-ancestors 'none'"
    return describe(response, served)


def _found(
    served: Served, answers: ComparisonAnswers, given: Given, fields: tuple[str, ...], language: Language
) -> dict[str, tuple[FoundUnit, ...]]:
    """By field, the units that it may mean: those titled so, where it names none."""
    found = {}
    for field in fields:
        words = given.get(field, "")
        try:
            answers.answer(served, UnitQuestion(unit_name(words, field)), language)
        except RequestError:
            found[field] = units_titled(served, words, language)
    return found


def _of(given: Given, names: tuple[str, ...]) -> Given:
    return Given([(name, value) for name, value in given.items(multi=True) if name in names])


def _with(path: str, given: Given, field: str, value: str, language: Language) -> str:
    """The address of the form with another value in one field."""
    kept = [(name, each) for name, each in given.items(multi=True) if name not in (field, "lang", "analyst", "format")]
    return f"{path}?{urlencode([*kept, (field, value), ('lang', language)])}"


def _swapped(given: Mapping[str, str], language: Language) -> str:
    pairs = [("first", given["second"]), ("second", given["first"]), ("purpose", given["purpose"]), ("lang", language)]
    return f"{url_for('comparisons.compare')}?{urlencode(pairs)}"


def _response(page: str, status: HTTPStatus, served: Served) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = REVALIDATED
    return describe(response, served)
