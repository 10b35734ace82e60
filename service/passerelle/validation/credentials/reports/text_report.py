"""The report as plain text for a terminal or a mail: verdict first, then what to change, no colours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from passerelle.messages import Language, message
from passerelle.validation.credentials.model import CredentialFinding, CredentialReport, Layer, Spot, Verdict
from passerelle.validation.credentials.reports import phrases
from passerelle.validation.credentials.reports.summary import Summary
from passerelle.validation.credentials.wording import shown, shown_pointer

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
    after_line = False
    for report in reports:
        summary.add(report)
        if waiting is not None:
            yield _text(_brief(waiting, language, after_line))
            after_line = _is_good(waiting)
        waiting = report
    if waiting is None:
        return
    if summary.files == 1:
        yield _text(full(waiting, language))
        return
    yield _text(_brief(waiting, language, after_line))
    yield _text(_summary(summary, language))


def full(report: CredentialReport, language: Language) -> Iterator[str]:
    """The lines of the whole report about one file; JSON and HTML tell more of what was checked and found present."""
    yield from _verdicts(report, language)
    found = phrases.divided(report)
    yield from _numbered([*found.errors, *found.warnings], report, language)
    if found.shapes:
        yield from _heading("credential-layer-name-shapes", language)
        for number, each in enumerate(found.shapes, 1):
            yield from _finding(number, each, report, language)
    if found.notes:
        yield from _heading("credential-remarks", language)
        for each in found.notes:
            yield from _line(each, language)
    yield from _omitted(report, language)
    yield from _seals(report, language)
    if phrases.says_micro_credential(report):
        yield from _heading("credential-micro", language)
        yield from _annex(report, language)
    yield from _left_out(report, language)
    yield ""
    yield from _wrapped(
        phrases.listed((phrases.named(*each, language) for each in phrases.about_briefly(report, language)), language)
    )
    if report.release:
        yield from _wrapped(message("credential-licence-release").what(language))
    yield from _wrapped(message("credential-caution").what(language))
    yield ""


def _is_good(report: CredentialReport) -> bool:
    """Whether one line tells enough, the warnings aside."""
    return report.verdict is Verdict.VALID and not report.shapes


def _brief(report: CredentialReport, language: Language, after_line: bool) -> Iterator[str]:
    """One line about a good file; of any other what is to be changed, between blank lines."""
    found = phrases.divided(report)
    if _is_good(report):
        yield from _wrapped(_first(report, language), "", _INDENT)
        for each in found.warnings:
            yield from _line(each, language)
        return
    if after_line:
        yield ""
    yield from _verdicts(report, language)
    yield from _numbered([*found.errors, *found.warnings, *found.shapes], report, language)
    yield from _omitted(report, language)
    yield ""


def _first(report: CredentialReport, language: Language) -> str:
    return phrases.named(phrases.name_of(report, language), phrases.verdict(report, language), language)


def _verdicts(report: CredentialReport, language: Language) -> Iterator[str]:
    yield from _wrapped(_first(report, language))
    said = (phrases.official(report, language), phrases.difference(report, language))
    yield from _wrapped(" ".join(each for each in said if each))
    yield from _wrapped(phrases.hint(report, language))
    for verdict in report.shapes:
        yield from _wrapped(phrases.shapes(verdict, language))


def _numbered(findings: Iterable[CredentialFinding], report: CredentialReport, language: Language) -> Iterator[str]:
    for number, each in enumerate(findings, 1):
        yield ""
        yield from _finding(number, each, report, language)


def _omitted(report: CredentialReport, language: Language) -> Iterator[str]:
    if report.omitted:
        yield ""
        yield from _wrapped(
            message("credential-omitted").what(language, number=phrases.figure(report.omitted, language))
        )


def _finding(number: int, each: CredentialFinding, report: CredentialReport, language: Language) -> Iterator[str]:
    told = phrases.named(phrases.severity(each, language), shown(phrases.sentence(each, language), 1000), language)
    yield from _wrapped(f"{number}. {told}{_times(each, language)}", "", _INDENT)
    if remedy := phrases.advice(each, language):
        yield from _named("credential-to-do", remedy, language)
    name = phrases.name_of(report, language)
    for spot in each.spots[:_SHOWN_SPOTS]:
        yield from _named("credential-place", _place(name, spot), language)
    if each.count > _SHOWN_SPOTS and len(each.spots) > 1:
        more = phrases.figure(each.count - min(len(each.spots), _SHOWN_SPOTS), language)
        yield from _wrapped(message("credential-more-places").what(language, number=more), _INDENT * 2)
    for identifier, text in (
        ("credential-path", phrases.path(each, language)),
        ("credential-value", phrases.value(each, language)),
        ("credential-rule", each.code),
        ("credential-source", f"{phrases.source(each, language)} {each.link}".strip()),
    ):
        if text:
            yield from _named(identifier, text, language)
    for consequence in each.consequences:
        text = f"{phrases.sentence(consequence, language)} [{consequence.code}]{_times(consequence, language)}"
        yield from _named("credential-follows", shown(text, 1000), language)


def _line(each: CredentialFinding, language: Language) -> Iterator[str]:
    """A finding in one line: sentence, code, place."""
    sentence = f"{shown(phrases.sentence(each, language), 1000)}{_times(each, language)}"
    if each.set_aside_by:
        sentence += f" {message('credential-set-aside').what(language, code=each.set_aside_by)}"
    line = next((spot.line for spot in each.spots if spot.line and spot.pointer), 0)
    place = f", {message('credential-line-alone').what(language, line=line)}" if line else ""
    yield from _wrapped(f"{sentence} [{each.code}{place}]", f"{_INDENT}- ", _INDENT + "  ")


def _times(each: CredentialFinding, language: Language) -> str:
    if each.count == 1:
        return ""
    return f" ({message('credential-times').what(language, number=phrases.figure(each.count, language))})"


def _seals(report: CredentialReport, language: Language) -> Iterator[str]:
    """What was verified of each seal; that there is none is a finding of its own."""
    if not report.seals:
        return
    yield from _heading("credential-seal", language)
    for number, seal in enumerate(report.seals, 1):
        if len(report.seals) > 1:
            yield _INDENT + message("credential-seal-number").what(language, number=number, all=len(report.seals))
        yield from _wrapped(phrases.seal_state(seal, language), _INDENT)
        for name, text in phrases.seal_facts(seal, language):
            yield from _wrapped(_INDENT + phrases.named(name, text, language), "", _INDENT * 2)
        if seal.not_checked:
            unchecked = phrases.listed((phrases.reason(each, language) for each in seal.not_checked), language)
            yield from _named("credential-seal-not-checked", unchecked, language)


def _left_out(report: CredentialReport, language: Language) -> Iterator[str]:
    """The layers that did not run, or in part, each with its reason; a missing seal is a finding already."""
    rows = [
        (phrases.layer(each, language), phrases.layer_state(each, language))
        for each in report.layers
        if (each.reason or not each.ran) and (each.layer is not Layer.SEAL or report.seals)
    ]
    if rows:
        yield from _heading("credential-left-out", language)
        for name, text in rows:
            yield from _wrapped(_INDENT + phrases.named(name, text, language), "", _INDENT * 2)


def _place(name: str, spot: Spot) -> str:
    """`file:line:column`, as editors and terminals make it a link, and the pointer."""
    text = f"{name}:{spot.line}:{max(spot.column, 1)}" if spot.line else name
    return f"{text}  {shown_pointer(spot.pointer)}" if spot.pointer else text


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


def _named(identifier: str, text: str, language: Language) -> Iterator[str]:
    """A row of details: the words of a message, and a text."""
    yield from _wrapped(_INDENT + phrases.named(message(identifier).what(language), text, language), "", _INDENT * 2)


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
    """The lines; what UTF-8 cannot write is replaced."""
    text = "".join(f"{line}\n" for line in lines)
    return text.encode("utf-8", "replace").decode()
