"""The report as plain text for a terminal or a mail: verdict first, then what to change, no colours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from passerelle.messages import Language, message
from passerelle.validation.credentials.model import CredentialFinding, CredentialReport, Spot, Verdict
from passerelle.validation.credentials.reports import phrases
from passerelle.validation.credentials.reports.summary import Summary
from passerelle.validation.credentials.wording import shown

WIDTH = 100
_INDENT = "   "
_SHOWN_SPOTS = 5


def write(reports: Iterable[CredentialReport], language: Language) -> str:
    """The reports one after the other; of several only what is to be changed, and a summary at the end."""
    return "".join(chunks(reports, language))


def chunks(reports: Iterable[CredentialReport], language: Language) -> Iterator[str]:
    """The same piece by piece, holding one report at a time."""
    summary = Summary()
    waiting: CredentialReport | None = None
    for report in reports:
        summary.add(report)
        if waiting is not None:
            yield _text(_brief(waiting, language))
        waiting = report
    if waiting is None:
        return
    if summary.files == 1:
        yield _text(full(waiting, language))
        return
    yield _text(_brief(waiting, language))
    yield _text(_summary(summary, language))


def full(report: CredentialReport, language: Language) -> Iterator[str]:
    """The lines of the whole report about one file."""
    yield from _brief(report, language)
    yield from _heading("credential-seal", language)
    if not report.seals:
        yield _INDENT + message("credential-seal-none").what(language)
    for seal in report.seals:
        yield from _wrapped(message(f"credential-seal-{seal.status}").what(language), _INDENT)
        for name, text in phrases.seal_facts(seal, language):
            yield from _named(name, text)
        for each in seal.not_checked:
            yield from _named(message("credential-seal-not-checked").what(language), phrases.reason(each, language))
    if report.micro_credential:
        yield from _heading("credential-micro", language)
        yield from _annex(report, language)
    if report.layers:
        yield from _heading("credential-layers", language)
        yield from _layers(report, language)
    yield from _heading("credential-about", language)
    for name, text in phrases.about(report, language):
        yield from _named(name, text)
    yield ""
    yield from _wrapped(message("credential-caution").what(language))


def _brief(report: CredentialReport, language: Language) -> Iterator[str]:
    """The verdict and the findings."""
    yield from _wrapped(f"{phrases.name_of(report, language)}: {phrases.verdict(report, language)}")
    for text in (phrases.official(report, language), phrases.difference(report, language)):
        if text:
            yield from _wrapped(text)
    for verdict in report.shapes:
        yield from _wrapped(phrases.shapes(verdict, language))
    for number, each in enumerate(report.findings, 1):
        yield ""
        yield from _finding(number, each, report, language)
    if report.omitted:
        yield ""
        yield from _wrapped(
            message("credential-omitted").what(language, number=phrases.figure(report.omitted, language))
        )


def _finding(number: int, each: CredentialFinding, report: CredentialReport, language: Language) -> Iterator[str]:
    times = ""
    if each.count > 1:
        times = f" ({message('credential-times').what(language, number=phrases.figure(each.count, language))})"
    start = f"{number}. {phrases.severity(each, language)}: "
    yield from _wrapped(start + shown(phrases.sentence(each, language), 1000) + times, "", _INDENT)
    if each.set_aside_by:
        yield from _wrapped(message("credential-set-aside").what(language, code=each.set_aside_by), _INDENT)
    name = phrases.name_of(report, language)
    for spot in each.spots[:_SHOWN_SPOTS]:
        yield from _named(message("credential-place").what(language), _place(name, spot))
    if each.count > _SHOWN_SPOTS and len(each.spots) > 1:
        more = phrases.figure(each.count - min(len(each.spots), _SHOWN_SPOTS), language)
        yield from _named("", message("credential-more-places").what(language, number=more))
    for identifier, text in (
        ("credential-path", phrases.path(each, language)),
        ("credential-value", each.value),
        ("credential-to-do", phrases.remedy(each, language)),
        ("credential-rule", each.code),
        ("credential-source", f"{phrases.source(each, language)} {each.link}".strip()),
    ):
        if text:
            yield from _named(message(identifier).what(language), text)
    for consequence in each.consequences:
        text = f"{phrases.sentence(consequence, language)} [{consequence.code}]"
        if consequence.count > 1:
            times = message("credential-times").what(language, number=phrases.figure(consequence.count, language))
            text += f" ({times})"
        yield from _named(message("credential-follows").what(language), shown(text, 1000))


def _place(name: str, spot: Spot) -> str:
    """`file:line:column`, as editors and terminals make it a link, and the pointer."""
    text = f"{name}:{spot.line}:{max(spot.column, 1)}" if spot.line else name
    return f"{text}  {shown(spot.pointer, phrases.LONGEST_NAME)}" if spot.pointer else text


def _annex(report: CredentialReport, language: Language) -> Iterator[str]:
    yield from _wrapped(message("credential-micro-caption").what(language), _INDENT)
    yield from _wrapped(phrases.annex_counts(report.micro_credential, language), _INDENT)
    rows = [
        (
            phrases.annex_state(each, language),
            each.label_fr if language == "fr" else each.label_en,
            message("credential-micro-mandatory" if each.mandatory else "credential-micro-optional").what(language),
            phrases.annex_found(each, language),
        )
        for each in report.micro_credential
    ]
    yield from _table(rows)


def _layers(report: CredentialReport, language: Language) -> Iterator[str]:
    rows = []
    for each in report.layers:
        numbers = phrases.layer_counts(each, language)
        rows.append((phrases.layer(each, language), ", ".join([*numbers, phrases.layer_state(each, language)])))
    yield from _table(rows)


def _summary(summary: Summary, language: Language) -> Iterator[str]:
    yield from _heading("credential-summary", language)
    rows = [
        (phrases.figure(summary.verdicts[each], language), message(f"credential-word-{each}").what(language))
        for each in Verdict
    ]
    rows.append((phrases.figure(summary.files, language), message("credential-summary-all").what(language)))
    rows.append((phrases.figure(summary.missed, language), message("credential-summary-missed").what(language)))
    yield from _table(rows, numbers=True)
    if summary.files_with:
        yield from _heading("credential-summary-codes", language)
        codes = [
            (
                phrases.figure(files, language),
                code,
                message(f"credential-severity-{summary.severities[code].lower()}").what(language),
            )
            for code, files in summary.most_frequent()
        ]
        yield from _table(codes, numbers=True)
    yield ""
    yield from _wrapped(message("credential-caution").what(language))


def _heading(identifier: str, language: Language) -> Iterator[str]:
    yield ""
    yield message(identifier).what(language)


def _named(name: str, text: str) -> Iterator[str]:
    start = f"{_INDENT}{name}: " if name else f"{_INDENT}"
    yield from _wrapped(start + text, "", _INDENT * 2)


def _wrapped(text: str, first: str = "", rest: str | None = None) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _table(rows: Sequence[tuple[str, ...]], *, numbers: bool = False) -> Iterator[str]:
    """Columns side by side, the last one open; `numbers`: the first one is flush right."""
    if not rows:
        return
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    for row in rows:
        cells = [
            cell.rjust(width) if numbers and not place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        yield (_INDENT + "  ".join([*cells, row[-1]])).rstrip()


def _text(lines: Iterable[str]) -> str:
    """Lines with a blank one behind; what UTF-8 cannot write is replaced."""
    text = "".join(f"{line}\n" for line in lines) + "\n"
    return text.encode("utf-8", "replace").decode()
