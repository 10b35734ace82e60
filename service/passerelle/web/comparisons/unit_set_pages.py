"""`/path`, `/combination` and `/neighbours`: forms that ask about sets of units, with their answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from passerelle.comparability.path_questions import MOST_UNITS, USUAL_UNITS
from passerelle.comparability.questions import USUAL_ROWS, purpose_labels
from passerelle.messages import Language
from passerelle.records.mapping_table import rows
from passerelle.records.path_questions import CombinationQuestion, PathQuestion, SurroundingsQuestion
from passerelle.web.comparisons.choices import CountryChoices, KindsOfUnits
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.forms import Answered, answered, page_of, unit_field, unit_fields
from passerelle.web.comparisons.parameters import REPEATED, check, of_names
from passerelle.web.comparisons.unit_set_answers import shown_combination, shown_path, shown_surroundings
from passerelle.web.comparisons.unit_set_parameters import (
    COMBINATION,
    NEIGHBOURS,
    PATH,
    combination_asked,
    neighbours_asked,
    path_asked,
)
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.language import language_of


def add_unit_set_pages(
    blueprint: Blueprint,
    publication: Publication,
    answers: ComparisonAnswers,
    countries: CountryChoices,
    kinds: KindsOfUnits,
) -> None:
    """Add the pages to those about comparisons."""

    @blueprint.route("/path")
    def path() -> Response:
        return _path(publication.current(), answers, countries, kinds)

    @blueprint.route("/combination")
    def combination() -> Response:
        return _combination(publication.current(), answers)

    @blueprint.route("/neighbours")
    def neighbours() -> Response:
        return _neighbours(publication.current(), answers)


def _path(served: Served, answers: ComparisonAnswers, countries: CountryChoices, kinds: KindsOfUnits) -> Response:
    language = language_of(request)
    given = request.args

    def ask() -> PathQuestion | None:
        check(given, ("unit", *PATH), {*REPEATED, "have"})
        # a unit alone is how other pages lead to the form: a search takes seconds, so it is made for who asks for it
        if "unit" not in given or not any(name in given for name in PATH):
            return None
        return path_asked(given["unit"], of_names(given, PATH))

    answer = answered(served, answers, given, ("unit", "have"), ask, shown_path)
    return _page(
        "path.html",
        served,
        answer,
        field=unit_field(given, "unit", answer),
        held=unit_fields(given, "have", answer, required=False),
        purposes=purpose_labels(language),
        countries=countries.of(served, language),
        kinds=kinds.of(served, language),
        weightings=_weightings(language),
        usual=USUAL_UNITS,
        most=MOST_UNITS,
    )


def _combination(served: Served, answers: ComparisonAnswers) -> Response:
    given = request.args

    def ask() -> CombinationQuestion | None:
        check(given, COMBINATION, {"unit"})
        return combination_asked(of_names(given, COMBINATION)) if "unit" in given else None

    answer = answered(served, answers, given, ("unit",), ask, shown_combination)
    fields = unit_fields(given, "unit", answer, required=True)
    return _page("combination.html", served, answer, fields=fields)


def _neighbours(served: Served, answers: ComparisonAnswers) -> Response:
    given = request.args

    def ask() -> SurroundingsQuestion | None:
        check(given, ("unit", *NEIGHBOURS))
        return neighbours_asked(given["unit"], of_names(given, NEIGHBOURS)) if "unit" in given else None

    answer = answered(served, answers, given, ("unit",), ask, shown_surroundings)
    return _page("neighbours.html", served, answer, field=unit_field(given, "unit", answer), usual=USUAL_ROWS)


def _page(template: str, served: Served, answer: Answered, **values: Any) -> Response:
    page = render_template(
        template,
        given=request.args,
        shown=answer.shown,
        wrong=answer.wrong,
        release=served,
        manifest=served.manifest,
        **values,
    )
    return page_of(page, answer.status, served)


def _weightings(language: Language) -> tuple[tuple[str, str], ...]:
    return tuple((row["weighting"], row[f"label_{language}"]) for row in rows("weightings.tsv"))
