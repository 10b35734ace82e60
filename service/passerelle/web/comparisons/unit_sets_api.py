"""`/api/v1`: paths, neighbours and combinations of competences, as JSON or as a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from passerelle.web.comparisons.answer_pages import Pairs, Shown, answer_page
from passerelle.web.comparisons.answer_responses import answered
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.parameters import format_of
from passerelle.web.comparisons.unit_set_answers import (
    UnitSetQuestion,
    pairs_of_combination,
    pairs_of_path,
    shown_combination,
    shown_path,
    shown_surroundings,
)
from passerelle.web.comparisons.unit_set_parameters import combination_asked, neighbours_asked, path_asked
from passerelle.web.releases.publication import Publication
from passerelle.web.responses.language import language_of

FORMATS = ("json", "html")

Asked = TypeVar("Asked", bound=UnitSetQuestion)


def unit_set_interface(publication: Publication, answers: ComparisonAnswers) -> Blueprint:
    """The blueprint of the interface for programs."""
    blueprint = Blueprint("unit_set_interface", __name__)

    def answer(
        question: Asked,
        identifier: str | None,
        show: Callable[[dict[str, Any], Asked, str | None], Shown],
        form_address: str,
        pairs: Pairs,
    ) -> Response:
        form = format_of(request.args.get("format"), request.headers.get("Accept"), FORMATS)
        served = publication.of(identifier) if identifier else publication.current()

        def write(content: bytes) -> bytes | str:
            if form == "json":
                return content
            again = f"{form_address}?{urlencode([*pairs, ('lang', language_of(request))])}"
            return answer_page(show(json.loads(content), question, identifier), again, served, identifier)

        return answered(served, question, answers, form, write, past=identifier is not None)

    @blueprint.route("/api/v1/units/<path:unit>/path")
    @blueprint.route("/releases/<identifier>/api/v1/units/<path:unit>/path")
    def path(unit: str, identifier: str | None = None) -> Response:
        question = path_asked(unit, request.args)
        pairs = [("unit", question.target), *pairs_of_path(question)]
        return answer(question, identifier, shown_path, url_for("comparisons.path"), pairs)

    @blueprint.route("/api/v1/units/<path:unit>/neighbours")
    @blueprint.route("/releases/<identifier>/api/v1/units/<path:unit>/neighbours")
    def neighbours(unit: str, identifier: str | None = None) -> Response:
        question = neighbours_asked(unit, request.args)
        pairs = [("unit", question.unit), ("top", str(question.top))]
        return answer(question, identifier, shown_surroundings, url_for("comparisons.neighbours"), pairs)

    @blueprint.route("/api/v1/combination")
    @blueprint.route("/releases/<identifier>/api/v1/combination")
    def combination(identifier: str | None = None) -> Response:
        question = combination_asked(request.args)
        pairs = pairs_of_combination(question)
        return answer(question, identifier, shown_combination, url_for("comparisons.combination"), pairs)

    return blueprint
