"""`/api/v1`: comparisons, lists of nearest units and units as JSON (or as a page, or as a table for lists)."""

from __future__ import annotations

import json

from flask import Blueprint, Response, make_response, redirect, request, url_for

from passerelle.comparability.questions import UnitQuestion, unit_name
from passerelle.comparability.reports.neighbours import neighbours_table
from passerelle.web.comparisons.answer_pages import comparison_page, neighbours_page
from passerelle.web.comparisons.answer_responses import answered
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.parameters import check, comparison_asked, format_of, nearest_asked
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.language import language_of

_OF_ONE = ("json", "html")
_OF_LISTS = ("json", "csv", "tsv", "html")


def comparison_interface(publication: Publication, answers: ComparisonAnswers) -> Blueprint:
    """The blueprint of the interface for programs."""
    blueprint = Blueprint("comparison_interface", __name__)

    def served_by(identifier: str | None) -> Served:
        return publication.of(identifier) if identifier else publication.current()

    @blueprint.route("/api/v1/compare")
    @blueprint.route("/releases/<identifier>/api/v1/compare")
    def compare(identifier: str | None = None) -> Response:
        question = comparison_asked(request.args)
        form = _form(_OF_ONE)
        served = served_by(identifier)

        def write(content: bytes) -> bytes | str:
            return content if form == "json" else comparison_page(json.loads(content), question, served, identifier)

        return answered(served, question, answers, form, write, past=identifier is not None)

    @blueprint.route("/api/v1/units/<path:unit>/nearest")
    @blueprint.route("/releases/<identifier>/api/v1/units/<path:unit>/nearest")
    def nearest(unit: str, identifier: str | None = None) -> Response:
        form = _form(_OF_LISTS)
        question = nearest_asked(unit, request.args, explained=form == "html")
        served = served_by(identifier)

        def write(content: bytes) -> bytes | str:
            if form == "json":
                return content
            document = json.loads(content)
            if form == "html":
                return neighbours_page(document, question, served, identifier)
            return neighbours_table(document, "csv" if form == "csv" else "tsv")

        response = answered(served, question, answers, form, write, past=identifier is not None)
        if form in ("csv", "tsv") and response.status_code == 200:
            response.headers["Content-Disposition"] = f'attachment; filename="nearest-units.{form}"'
        return response

    @blueprint.route("/api/v1/units/<path:unit>")
    @blueprint.route("/releases/<identifier>/api/v1/units/<path:unit>")
    def unit(unit: str, identifier: str | None = None) -> Response:
        check(request.args, ())
        question = UnitQuestion(unit_name(unit, "unit"))
        form = _form(_OF_ONE)
        served = served_by(identifier)

        if form == "html":
            # what each source states of it has a page already
            iri = json.loads(answers.answer(served, question, language_of(request)))["unit"]["iri"]
            address = url_for("things.thing", iri=iri, release=identifier, lang=language_of(request))
            return make_response(redirect(address, 303))
        return answered(served, question, answers, form, lambda content: content, past=identifier is not None)

    return blueprint


def _form(offered: tuple[str, ...]) -> str:
    return format_of(request.args.get("format"), request.headers.get("Accept"), offered)
