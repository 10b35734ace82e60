"""`/api/v1`: paths, neighbours and combinations of competences, as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, request

from passerelle.comparability.questions import Question
from passerelle.web.comparisons.answer_responses import answered
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.parameters import format_of
from passerelle.web.comparisons.unit_set_parameters import combination_asked, neighbours_asked, path_asked
from passerelle.web.releases.publication import Publication


def unit_set_interface(publication: Publication, answers: ComparisonAnswers) -> Blueprint:
    """The blueprint of the interface for programs."""
    blueprint = Blueprint("unit_set_interface", __name__)

    def answer(question: Question, identifier: str | None) -> Response:
        form = format_of(request.args.get("format"), request.headers.get("Accept"), ("json",))
        served = publication.of(identifier) if identifier else publication.current()
        return answered(served, question, answers, form, lambda content: content, past=identifier is not None)

    @blueprint.route("/api/v1/units/<path:unit>/path")
    @blueprint.route("/releases/<identifier>/api/v1/units/<path:unit>/path")
    def path(unit: str, identifier: str | None = None) -> Response:
        return answer(path_asked(unit, request.args), identifier)

    @blueprint.route("/api/v1/units/<path:unit>/neighbours")
    @blueprint.route("/releases/<identifier>/api/v1/units/<path:unit>/neighbours")
    def neighbours(unit: str, identifier: str | None = None) -> Response:
        return answer(neighbours_asked(unit, request.args), identifier)

    @blueprint.route("/api/v1/combination")
    @blueprint.route("/releases/<identifier>/api/v1/combination")
    def combination(identifier: str | None = None) -> Response:
        return answer(combination_asked(request.args), identifier)

    return blueprint
