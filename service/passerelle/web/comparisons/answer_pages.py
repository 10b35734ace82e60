"""An answer about units as a page: the report, links to other forms of it, and what can be asked next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from passerelle.records.iri import is_iri
from passerelle.web.releases.publication import Served
from passerelle.web.responses.language import language_of

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit of a list with the address of its comparison; `about` tells units of one title apart."""

    title: str
    language: str
    about: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on a page: `title`, the sections as HTML, and the other `downloads` (format, address).

    Of a list, `pairs` are its units, each with what it is compared with.
    """

    title: str
    sections: Markup
    downloads: tuple[tuple[str, str], ...]
    pairs: tuple[Pair, ...] = ()


def shown_comparison(document: dict[str, Any], question: ComparisonQuestion, release: str | None = None) -> Shown:
    """The comparison on a page; where the address names the `release`, all links stay in it."""
    address = url_for("comparison_interface.compare", identifier=release)
    query = urlencode([*pairs_of(question), ("format", "json"), ("lang", language_of(request))])
    return shown_report(comparison_report(document), (("json", f"{address}?{query}"),), release)


def shown_neighbours(document: dict[str, Any], question: NearestQuestion, release: str | None = None) -> Shown:
    """The list on a page; where the address names the `release`, all links stay in it."""
    address = url_for("comparison_interface.nearest", unit=document["target"]["iri"], identifier=release)
    pairs = pairs_of_list(question)
    downloads = tuple(
        (name, f"{address}?{urlencode([*pairs, ('format', name), ('lang', language_of(request))])}")
        for name in ("csv", "tsv", "json")
    )
    pairs_shown = pairs_with(
        [(row, row["unit"], document["target"]["iri"]) for row in document["rows"]], question.purpose, release
    )
    return replace(shown_report(neighbours_report(document), downloads, release), pairs=pairs_shown)


def comparison_page(document: dict[str, Any], question: ComparisonQuestion, served: Served, release: str | None) -> str:
    """The page of an answer that was asked for as data, of a `release` that the address names."""
    shown = shown_comparison(document, question, release)
    again = f"{url_for('comparisons.compare')}?{urlencode([*pairs_of(question), ('lang', language_of(request))])}"
    return answer_page(shown, again, served, release)


def neighbours_page(document: dict[str, Any], question: NearestQuestion, served: Served, release: str | None) -> str:
    """The page of a list that was asked for as data, of a `release` that the address names."""
    shown = shown_neighbours(document, question, release)
    pairs = [("unit", question.target), *pairs_of_list(question), ("lang", language_of(request))]
    return answer_page(shown, f"{url_for('comparisons.nearest')}?{urlencode(pairs)}", served, release)


def pairs_of(question: ComparisonQuestion) -> Pairs:
    """A comparison as the parameters of an address."""
    asked = [("first", question.first), ("second", question.second), ("purpose", question.purpose)]
    asked += [("essential", each) for each in question.essential]
    return asked + [("arithmetic", "true")] * question.arithmetic


def pairs_of_list(question: NearestQuestion) -> Pairs:
    """A list as the parameters of an address, its target aside."""
    numbers = (("level", question.level), ("levels_apart", question.levels_apart), ("top", question.top))
    return [
        ("purpose", question.purpose),
        *(("country", each) for each in question.countries),
        *((name, str(value)) for name, value in numbers if value is not None),
        *(("kind", each) for each in question.kinds),
    ]


def pairs_with(
    units: Iterable[tuple[Mapping[str, Any], str, str]], purpose: str, release: str | None
) -> tuple[Pair, ...]:
    """By the summary of a unit, and the IRIs of what is held and of a target, the links to the comparison of the two.

    The form answers from the current release alone; of another one the interface makes the page, which needs a purpose.
    """
    if release is not None and not purpose:
        return ()
    address = url_for("comparison_interface.compare", identifier=release) if release else url_for("comparisons.compare")
    last = [("purpose", purpose)] * bool(purpose) + [("format", "html")] * bool(release)
    last.append(("lang", language_of(request)))
    return tuple(
        Pair(
            unit["title"]["text"],
            unit["title"]["language"],
            _about(unit),
            f"{address}?{urlencode([('first', first), ('second', second), *last])}",
        )
        for unit, first, second in units
    )


def _about(unit: Mapping[str, Any]) -> str:
    """The number of a French unit; the country of any other, whose identifier may be a long address."""
    identifier: str = unit["identifier"]
    if not is_iri(identifier):
        return identifier
    return unit["country"]["label"] if unit["country"] else ""


def shown_report(report: Report, downloads: tuple[tuple[str, str], ...], release: str | None) -> Shown:
    """A report on a page, its things linked to their pages."""
    language = language_of(request)
    sections = fragment(report, lambda iri: url_for("things.thing", iri=iri, release=release, lang=language))
    return Shown(report.title, Markup(sections), downloads)  # noqa: S704  # it escapes what it quotes


def answer_page(shown: Shown, again: str, served: Served, release: str | None) -> str:
    """The page of an answer; `again` is the address of its form."""
    return render_template(
        "comparison_answer.html",
        shown=shown,
        again=again,
        past=release is not None,
        release=served,
        manifest=served.manifest,
    )
