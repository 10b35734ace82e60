"""Answers about sets of units as pages: paths, combinations of competences, and what stands around a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from passerelle.comparability.reports.combination_report import combination_report
from passerelle.comparability.reports.path_report import path_report
from passerelle.comparability.reports.surroundings_report import surroundings_report
from passerelle.records.path_questions import CombinationQuestion, PathQuestion, SurroundingsQuestion
from passerelle.web.comparisons.answer_pages import Pairs, Shown, pairs_with, shown_report
from passerelle.web.responses.language import language_of

UnitSetQuestion = PathQuestion | CombinationQuestion | SurroundingsQuestion


def shown_path(document: dict[str, Any], question: PathQuestion, release: str | None = None) -> Shown:
    """The path on a page; where the address names the `release`, all links stay in it."""
    target = document["target"]["iri"]
    address = url_for("unit_set_interface.path", unit=target, identifier=release)
    units = [each["unit"] for each in (*document["have"], *document["units"])]
    pairs = pairs_with([(each, each["iri"], target) for each in units], question.purpose, release)
    downloads = _downloads(address, pairs_of_path(question))
    return replace(shown_report(path_report(document), downloads, release), pairs=pairs)


def shown_combination(document: dict[str, Any], question: CombinationQuestion, release: str | None = None) -> Shown:
    """The combination on a page; where the address names the `release`, all links stay in it."""
    address = url_for("unit_set_interface.combination", identifier=release)
    return shown_report(combination_report(document), _downloads(address, pairs_of_combination(question)), release)


def shown_surroundings(document: dict[str, Any], question: SurroundingsQuestion, release: str | None = None) -> Shown:
    """What stands around a unit on a page; where the address names the `release`, all links stay in it."""
    unit = document["unit"]["iri"]
    address = url_for("unit_set_interface.neighbours", unit=unit, identifier=release)
    around = [each["unit"] for each in (*document["up"], *document["beside"], *document["elsewhere"])]
    pairs = pairs_with([(each, unit, each["iri"]) for each in around], "", release)
    downloads = _downloads(address, [("top", str(question.top))])
    return replace(shown_report(surroundings_report(document), downloads, release), pairs=pairs)


def pairs_of_path(question: PathQuestion) -> Pairs:
    """A path as the parameters of an address, its target aside."""
    numbers = (("level", question.level), ("levels_apart", question.levels_apart), ("max_units", question.most_units))
    texts = (
        ("fewest", question.fewest),
        ("purpose", question.purpose),
        ("weighting", question.weighting),
        ("time_limit", f"{question.seconds:g}"),
        ("day", question.day),
    )
    return [
        *(("have", each) for each in question.have),
        *(("country", each) for each in question.countries),
        *(("kind", each) for each in question.kinds),
        *((name, str(value)) for name, value in numbers if value is not None),
        *((name, value) for name, value in texts if value),
    ]


def pairs_of_combination(question: CombinationQuestion) -> Pairs:
    """A combination as the parameters of an address."""
    return [("unit", each) for each in question.units]


def _downloads(address: str, pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    query = urlencode([*pairs, ("format", "json"), ("lang", language_of(request))])
    return (("json", f"{address}?{query}"),)
