"""An answer about units as a page: the report, links to other forms of it, and what can be asked next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from markupsafe import Markup

from passerelle.comparability.questions import ComparisonQuestion, NearestQuestion
from passerelle.comparability.reports.blocks import Report
from passerelle.comparability.reports.contents import comparison_report
from passerelle.comparability.reports.html_report import fragment
from passerelle.comparability.reports.neighbours import neighbours_report
from passerelle.web.releases.publication import Served
from passerelle.web.responses.language import language_of

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on a page: `title`, the sections as HTML, and the other `downloads` (format, address).

    Of a list, `pairs` are its units with their target (title, language, address of the comparison).
    """

    title: str
    sections: Markup
    downloads: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str, str], ...] = ()


def shown_comparison(document: dict[str, Any], question: ComparisonQuestion, release: str | None = None) -> Shown:
    """The comparison on a page; where the address names the `release`, all links stay in it."""
    address = url_for("comparison_interface.compare", identifier=release)
    query = urlencode([*pairs_of(question), ("format", "json"), ("lang", language_of(request))])
    return _shown(comparison_report(document), (("json", f"{address}?{query}"),), release)


def shown_neighbours(document: dict[str, Any], question: NearestQuestion, release: str | None = None) -> Shown:
    """The list on a page; where the address names the `release`, all links stay in it."""
    address = url_for("comparison_interface.nearest", unit=document["target"]["iri"], identifier=release)
    pairs = pairs_of_list(question)
    downloads = tuple(
        (name, f"{address}?{urlencode([*pairs, ('format', name), ('lang', language_of(request))])}")
        for name in ("csv", "tsv", "json")
    )
    # the form answers from the current release alone; of another one the interface makes the page
    compared = (
        url_for("comparison_interface.compare", identifier=release) if release else url_for("comparisons.compare")
    )
    form = [("format", "html")] if release else []
    pairs_shown = tuple(
        (
            row["title"]["text"],
            row["title"]["language"],
            f"{compared}?{urlencode([('first', row['unit']), ('second', document['target']['iri']), *last])}",
        )
        for row in document["rows"]
        for last in ([("purpose", question.purpose), *form, ("lang", language_of(request))],)
    )
    return replace(_shown(neighbours_report(document), downloads, release), pairs=pairs_shown)


def comparison_page(document: dict[str, Any], question: ComparisonQuestion, served: Served, release: str | None) -> str:
    """The page of an answer that was asked for as data, of a `release` that the address names."""
    shown = shown_comparison(document, question, release)
    again = f"{url_for('comparisons.compare')}?{urlencode([*pairs_of(question), ('lang', language_of(request))])}"
    return _page(shown, again, served, release)


def neighbours_page(document: dict[str, Any], question: NearestQuestion, served: Served, release: str | None) -> str:
    """The page of a list that was asked for as data, of a `release` that the address names."""
    shown = shown_neighbours(document, question, release)
    pairs = [("unit", question.target), *pairs_of_list(question), ("lang", language_of(request))]
    return _page(shown, f"{url_for('comparisons.nearest')}?{urlencode(pairs)}", served, release)


def pairs_of(question: ComparisonQuestion) -> Pairs:
    """A comparison as the parameters of an address."""
    asked = [("first", question.first), ("second", question.second), ("purpose", question.purpose)]
    return asked + [("essential", each) for each in question.essential]


def pairs_of_list(question: NearestQuestion) -> Pairs:
    """A list as the parameters of an address, its target aside."""
    numbers = (("level", question.level), ("levels_apart", question.levels_apart), ("top", question.top))
    return [
        ("purpose", question.purpose),
        *(("country", each) for each in question.countries),
        *((name, str(value)) for name, value in numbers if value is not None),
        *(("kind", each) for each in question.kinds),
    ]


def _shown(report: Report, downloads: tuple[tuple[str, str], ...], release: str | None) -> Shown:
    language = language_of(request)
    sections = fragment(report, lambda iri: url_for("things.thing", iri=iri, release=release, lang=language))
    return Shown(report.title, Markup(sections), downloads)  # noqa: S704  # it escapes what it quotes


def _page(shown: Shown, again: str, served: Served, release: str | None) -> str:
    return render_template(
        "comparison_answer.html",
        shown=shown,
        again=again,
        past=release is not None,
        release=served,
        manifest=served.manifest,
    )
