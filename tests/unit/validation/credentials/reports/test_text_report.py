"""The text report: the verdict stands first, a reader finds the place, nothing steers the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from passerelle.messages import LANGUAGES, Language
from passerelle.validation.credentials.model import CredentialReport, Form, ProfileVerdict, Verdict
from passerelle.validation.credentials.reports import phrases, text_report
from passerelle.validation.credentials.reports.summary import Summary


def test_verdict_then_official_then_causes(invalid: CredentialReport) -> None:
    lines = text_report.write([invalid], "en").splitlines()
    assert lines[0] == "folder/my credential.json: Not valid: 1 cause to mend."
    assert lines[1].startswith("The official profile edc-generic-full")
    text = " ".join(" ".join(lines).split())
    for part in (
        "raises no objection. The official rules do not see what is wrong here",
        "1. violation: `titel` is not a term here: `title`?",
        "(40 times)",
        "place: folder/my credential.json:12:15 /credentialSubject/hasClaim/titel",
        "and 38 more",
        "path: credential › achievement",
        "to do: Rename it.",
        "rule: ELM-READING-UNKNOWN-KEY",
        "source: JSON-LD context https://example.org/rules#1",
        "what follows from it: The title is missing. [ELM-EDC-title-minCount]",
        "Does not count: set aside by the repair ELM-REPAIRED-SCHEME",
        "Findings beyond the limit, not listed: 3.",
        "The signature fits the bytes",
        "sealed by: CN=University",
        "Mandatory elements present: 1 of the 1 that apply; optional: 0 of 1.",
        "French catalogues not checked. The file carries no seal.",
        "form: JSON-LD within JAdES seal, general",
        "size: 123,456 bytes",
        "EQF 20230101-0; ISCED-F 2013",
        "This service uses the ESCO classification of the European Commission.",
        "It is not recognition",
    ):
        assert part in text


def test_the_same_in_french(invalid: CredentialReport) -> None:
    text = text_report.write([invalid], "fr")
    assert text.startswith(
        "folder/my credential.json: Non valide\N{NO-BREAK SPACE}: 1\N{NO-BREAK SPACE}cause à corriger."
    )
    assert "123\N{NARROW NO-BREAK SPACE}456\N{NO-BREAK SPACE}octets" in text
    assert "avertissements" in text


def test_no_line_is_wider_than_a_terminal_but_for_addresses(invalid: CredentialReport) -> None:
    for language in LANGUAGES:
        for line in text_report.write([invalid], language).splitlines():
            assert len(line) <= text_report.WIDTH or "  /credentialSubject" in line


def test_nothing_steers_the_terminal(unreadable: CredentialReport) -> None:
    text = text_report.write([unreadable], "en")
    assert all(each.isprintable() or each == "\n" for each in text)
    text.encode("utf-8")


def test_of_many_files_only_the_causes_and_a_table(
    invalid: CredentialReport, valid: CredentialReport, unreadable: CredentialReport
) -> None:
    text = text_report.write([invalid, valid, valid, unreadable], "en")
    assert "sealed by" not in text
    table = text[text.index("Summary") :]
    assert [line.split("  ") for line in table.splitlines() if line][1:6] == [
        ["", " 2", "valid"],
        ["", " 1", "not valid"],
        ["", " 1", "not checkable"],
        ["", " 4", "all"],
        ["", " 1", "not valid, though the official profile raises no objection"],
    ]
    assert "2  ELM-READING-UNKNOWN-KEY  violation" in table


def test_no_report_no_text() -> None:
    assert text_report.write([], "en") == ""


def test_reports_are_let_go_as_they_pass(valid: CredentialReport) -> None:
    asked = 0

    def many() -> Iterator[CredentialReport]:
        nonlocal asked
        for _ in range(10):
            asked += 1
            yield valid

    chunks = text_report.chunks(many(), "en")
    next(chunks)
    assert asked == 2


@pytest.mark.parametrize(
    ("verdict", "conforms", "words"),
    [
        (Verdict.VALID, True, "Our verdict agrees"),
        (Verdict.VALID, False, "set aside by repairs"),
        (Verdict.INVALID, True, "would let the file pass"),
        (Verdict.INVALID, False, "Our verdict agrees"),
        (Verdict.NOT_CHECKABLE, True, "found nothing to look at"),
        (Verdict.NOT_CHECKABLE, False, ""),
        (Verdict.VALID, None, ""),
    ],
)
def test_the_difference_from_the_official_verdict_is_explained(
    valid: CredentialReport, verdict: Verdict, conforms: bool | None, words: str
) -> None:
    official = ProfileVerdict("loq", conforms, 0, "credential-seal-none")
    report = replace(valid, verdict=verdict, official=official)
    found = phrases.difference(report, "en")
    assert words in found
    assert bool(words) == bool(found)
    assert phrases.official(report, "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_a_name(language: Language) -> None:
    assert len({phrases.form(each, language) for each in Form}) == len(Form)


def test_numbers_agree_with_their_nouns() -> None:
    assert [phrases.counted(number, "cause", "en") for number in (0, 1, 2)] == ["0 causes", "1 cause", "2 causes"]
    french = [phrases.counted(number, "cause", "fr").replace("\N{NO-BREAK SPACE}", " ") for number in (0, 1, 2)]
    assert french == ["0 cause", "1 cause", "2 causes"]


def test_a_summary_counts_files_and_keeps_no_report(invalid: CredentialReport, valid: CredentialReport) -> None:
    summary = Summary()
    for each in (invalid, valid, invalid):
        summary.add(each)
    assert (summary.files, summary.missed, summary.official_conforms) == (3, 2, 2)
    assert summary.most_frequent(1) == [("ELM-EDC-scheme-hasValue", 2)]
    assert all(isinstance(each, str) for each in summary.files_with)
