"""`/compare`, `/nearest` and `/compare/report`: forms for comparisons, their answers, and reports for printing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from passerelle.comparability.questions import (
    USUAL_ROWS,
    ComparisonQuestion,
    NearestQuestion,
    ReportQuestion,
    analyst_name,
    purpose_labels,
)
from passerelle.comparability.reports.html_report import POLICY
from passerelle.errors import PasserelleError, RequestError
from passerelle.messages import Language
from passerelle.records.text import outcome_hash
from passerelle.sparql.negotiate import best
from passerelle.web.comparisons.answer_pages import pairs_of, shown_comparison, shown_neighbours
from passerelle.web.comparisons.choices import CountryChoices, KindsOfUnits
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.forms import Answered, answered, page_of, unit_field
from passerelle.web.comparisons.parameters import (
    COMPARISON,
    MEDIA_TYPES,
    NEAREST,
    Given,
    check,
    comparison_asked,
    format_of,
    nearest_asked,
    of_names,
)
from passerelle.web.comparisons.unit_set_pages import add_unit_set_pages
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.entity_tags import NOT_KEPT
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
    """The blueprint of the pages, those about sets of units included."""
    blueprint = Blueprint("comparisons", __name__)
    countries = CountryChoices()
    kinds = KindsOfUnits()

    @blueprint.route("/compare")
    def compare() -> Response:
        return _compare(publication.current(), answers, request.args)

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

    @blueprint.route("/compare/report", methods=["GET"])
    def report_form() -> Response:
        # a name never stands in an address: the form takes it
        pairs = list(of_names(request.args, (*COMPARISON, "lang")).items(multi=True))
        address = url_for("comparisons.compare") + (f"?{urlencode(pairs)}" if pairs else "")
        return make_response(redirect(address, HTTPStatus.SEE_OTHER))

    add_unit_set_pages(blueprint, publication, answers, countries, kinds)
    return blueprint


def _compare(
    served: Served, answers: ComparisonAnswers, given: Given, fault: PasserelleError | None = None
) -> Response:
    """The form, with the answer where all fields were sent; `fault` is what is wrong with the form of a report."""
    language = language_of(request)

    def ask() -> ComparisonQuestion | None:
        if fault is None:
            check(given, COMPARISON)
        sent = all(name in given for name in ("first", "second", "purpose"))
        return comparison_asked(of_names(given, COMPARISON)) if sent else None

    answer = answered(served, answers, given, ("first", "second"), ask, shown_comparison)
    question = comparison_asked(of_names(given, COMPARISON)) if answer.shown else None
    page = render_template(
        "compare.html",
        fields={name: unit_field(given, name, answer) for name in ("first", "second")},
        purpose=given.get("purpose", ""),
        arithmetic=question is not None and question.arithmetic,
        purposes=purpose_labels(language),
        shown=answer.shown,
        wrong=answer.wrong,
        fault=fault,
        essential=_essential(answer),
        pairs=pairs_of(question) if question is not None else [],
        swapped=_swapped(given, language) if answer.shown else "",
        completed=_completed(given, language) if answer.shown else "",
        analyst=given.get("analyst", ""),
        release=served,
        manifest=served.manifest,
    )
    status = fault.http_status if fault is not None and answer.wrong is None else answer.status
    return page_of(page, status, served)


def _essential(answer: Answered) -> tuple[Essential, ...]:
    rows: list[dict[str, Any]] = answer.document["forward"]["outcomes"] if answer.document else []
    return tuple(
        Essential(
            outcome_hash(each["text"], each["language"]) if each["text"] else each["outcome"],
            each["text"],
            each["language"],
            each["essential"],
        )
        for each in rows
    )


def _nearest(served: Served, answers: ComparisonAnswers, countries: CountryChoices, kinds: KindsOfUnits) -> Response:
    language = language_of(request)
    given = request.args

    def ask() -> NearestQuestion | None:
        check(given, ("unit", *NEAREST))
        if "unit" not in given or "purpose" not in given:
            return None
        return nearest_asked(given["unit"], of_names(given, NEAREST), explained=True)

    answer = answered(served, answers, given, ("unit",), ask, shown_neighbours)
    page = render_template(
        "nearest.html",
        field=unit_field(given, "unit", answer),
        given=given,
        purposes=purpose_labels(language),
        countries=countries.of(served, language),
        kinds=kinds.of(served, language),
        usual=USUAL_ROWS,
        shown=answer.shown,
        wrong=answer.wrong,
        release=served,
        manifest=served.manifest,
    )
    return page_of(page, answer.status, served)


def _report(served: Served, answers: ComparisonAnswers, given: Given) -> Response:
    language = language_of(request)
    check(given, (*COMPARISON, "analyst"))
    form = format_of(given.get("format"), request.headers.get("Accept"), _REPORT_FORMATS)
    day = datetime.now(UTC).date().isoformat()
    comparison = comparison_asked(of_names(given, COMPARISON))
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


def _swapped(given: Mapping[str, str], language: Language) -> str:
    pairs = [("first", given["second"]), ("second", given["first"]), ("purpose", given["purpose"]), ("lang", language)]
    return f"{url_for('comparisons.compare')}?{urlencode(pairs)}"


def _completed(given: Mapping[str, str], language: Language) -> str:
    """Which further units cover most of the target, together with the one that is held."""
    pairs = [("unit", given["second"]), ("have", given["first"]), ("purpose", given["purpose"]), ("lang", language)]
    return f"{url_for('comparisons.path')}?{urlencode(pairs)}"
