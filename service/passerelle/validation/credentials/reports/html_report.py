"""The report as HTML: a fragment for the page of the service, and a document of its own for the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from passerelle.messages import Language, message
from passerelle.validation.credentials.model import CredentialReport, Verdict
from passerelle.validation.credentials.reports import phrases
from passerelle.validation.credentials.reports.summary import Summary

_CODE = re.compile(r"`([^`]+)`")
_TEMPLATES = Path(__file__).parent / "templates"


def fragment(
    report: CredentialReport,
    language: Language,
    rules_base: str = "",
    *,
    rules_query: str = "",
    level: int = 2,
    anchor: str = "",
) -> str:
    """The report about one file without the page around it.

    Codes link to `rules_base` + code + `rules_query` where the base is given. `level` is that of its headings; `anchor`
    starts the ids of its elements, so that several fit into one page.
    """
    return _render(
        "fragment.html",
        language,
        report=report,
        rules_base=rules_base,
        rules_query=rules_query,
        level=level,
        anchor=anchor,
        verdict=phrases.verdict(report, language),
        official=phrases.official(report, language),
        difference=phrases.difference(report, language),
        shapes=[phrases.shapes(each, language) for each in report.shapes],
        hint=phrases.hint(report, language),
        seal_known=bool(report.seals or report.triples),
        found=phrases.divided(report),
        says_micro=phrases.says_micro_credential(report),
        seals=[
            {
                "status": each.status,
                "sentence": phrases.seal_state(each, language),
                "facts": list(phrases.seal_facts(each, language)),
                "not_checked": [phrases.reason(identifier, language) for identifier in each.not_checked],
            }
            for each in report.seals
        ],
        annex_counts=phrases.annex_counts(report.micro_credential, language),
        about=list(phrases.about(report, language)),
    )


def write(reports: Iterable[CredentialReport], language: Language, rules_base: str = "") -> str:
    """A document that stands alone: style within, no scripts, nothing loaded from elsewhere."""
    return "".join(chunks(reports, language, rules_base))


def chunks(reports: Iterable[CredentialReport], language: Language, rules_base: str = "") -> Iterator[str]:
    """The same piece by piece, holding one report at a time."""
    summary = Summary()
    waiting: CredentialReport | None = None
    for report in reports:
        if waiting is not None:
            if summary.files == 1:
                yield _start(message("credential-reports-title").what(language), language)
            yield _section(waiting, summary.files, language, rules_base)
        summary.add(report)
        waiting = report
    if waiting is None:
        yield _start(message("credential-reports-title").what(language), language)
    elif summary.files == 1:
        name = phrases.name_of(waiting, language)
        yield _start(message("credential-report-of").what(language, name=name), language)
        yield _clean(fragment(waiting, language, rules_base))
    else:
        yield _section(waiting, summary.files, language, rules_base)
    yield _end(summary if summary.files != 1 else None, language, rules_base)


def style() -> str:
    """The style sheet of the document; the part behind `/* report */` is what a page around a fragment needs."""
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


def _section(report: CredentialReport, number: int, language: Language, rules_base: str) -> str:
    anchor = f"file-{number}-"
    heading = Markup('<section class="file" aria-labelledby="{0}name">\n<h2 id="{0}name">{1}</h2>\n').format(
        anchor, phrases.name_of(report, language)
    )
    body = fragment(report, language, rules_base, level=3, anchor=anchor)
    return _clean(f"{heading}{body}\n</section>\n")


def _start(title: str, language: Language) -> str:
    return _clean(_render("document_start.html", language, title=title, style=Markup(style())))  # noqa: S704 (our own file)


def _end(summary: Summary | None, language: Language, rules_base: str) -> str:
    verdicts: list[tuple[str, int]] = []
    if summary is not None:
        verdicts = [
            *((message(f"credential-word-{each}").what(language), summary.verdicts[each]) for each in Verdict),
            (message("credential-summary-all").what(language), summary.files),
            (message("credential-summary-missed").what(language), summary.missed),
        ]
    codes = [] if summary is None else summary.most_frequent()
    return _render(
        "document_end.html",
        language,
        summary=summary is not None,
        verdicts=verdicts,
        codes=codes,
        rules_base=rules_base,
    )


def _clean(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode()


def _render(template: str, language: Language, **values: Any) -> str:
    def text(identifier: str, **parameters: object) -> str:
        return message(identifier).what(language, **parameters)

    in_language = {
        name: partial(function, language=language)
        for name, function in (
            ("severity", phrases.severity),
            ("sentence", phrases.sentence),
            ("advice", phrases.advice),
            ("value", phrases.value),
            ("source", phrases.source),
            ("path", phrases.path),
            ("place", phrases.spot),
            ("layer", phrases.layer),
            ("layer_state", phrases.layer_state),
            ("annex_state", phrases.annex_state),
            ("annex_found", phrases.annex_found),
            ("figure", phrases.figure),
        )
    }
    return _environment().get_template(template).render(language=language, text=text, **in_language, **values)


def _marked(sentence: str) -> Markup:
    """The sentence with what stands between grave accents as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(sentence))))  # noqa: S704 (escaped)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["marked"] = _marked
    environment.tests["web_address"] = lambda address: str(address).startswith(("https://", "http://"))
    return environment
