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
    assert lines[0] == "folder/my credential.json: Not valid: 1 error to correct."
    assert lines[1].startswith("Our equivalent of the official profile edc-generic-full 1.1.0 (European Digital")
    text = " ".join(" ".join(lines).split())
    for part in (
        "raises no objection. The official rules do not see what is wrong here",
        "1. error: `titel` is not a term here: `title`?",
        "(40 times)",
        "place: folder/my credential.json:12:15 /credentialSubject/hasClaim/titel",
        "and 38 more",
        "path: credential › achievement",
        "to do: Rename it.",
        "rule: ELM-READING-UNKNOWN-KEY",
        "source: JSON-LD context https://example.org/rules#1",
        "what follows from it: The title is missing. [ELM-EDC-title-minCount]",
        "ELM-REPAIRED-SCHEME of the official profile. [ELM-EDC-scheme-hasValue]",
        "Findings beyond the limit, not listed: 3.",
        "For information - The title is missing. Does not count: set aside by",
        "marks [ELM-FIELDS-NOTE]",
        "Verified: the file is, byte for byte, what was sealed",
        "sealed by, according to the certificate: University",
        "certificate issued by: Authority",
        "not verified: The file carries no seal.",
        "Mandatory elements present: 1 of the 1 that apply; optional: 0 of 1.",
        "French catalogues: not checked. The file carries no seal.",
        "format: JSON-LD within JAdES seal, general; checked as: issued credential; release of the reference data:",
        "This service uses the ESCO classification of the European Commission.",
        "not recognition, and no proof",
    ):
        assert part in text


def test_the_same_in_french(invalid: CredentialReport) -> None:
    text = text_report.write([invalid], "fr")
    assert text.replace("\N{NO-BREAK SPACE}", "~").startswith(
        "folder/my credential.json~: Non valide~: 1~erreur à corriger.\n"
    )
    assert "Pour information" in text


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
    assert "2  ELM-READING-UNKNOWN-KEY  error" in table


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
        (Verdict.VALID, True, ""),
        (Verdict.VALID, False, "set aside by repairs"),
        (Verdict.INVALID, True, "would let the file pass"),
        (Verdict.INVALID, False, ""),
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
    assert [phrases.counted(number, "cause", "en") for number in (0, 1, 2)] == ["0 errors", "1 error", "2 errors"]
    french = [phrases.counted(number, "cause", "fr").replace("\N{NO-BREAK SPACE}", " ") for number in (0, 1, 2)]
    assert french == ["0 erreur", "1 erreur", "2 erreurs"]


def test_a_summary_counts_files_and_keeps_no_report(invalid: CredentialReport, valid: CredentialReport) -> None:
    summary = Summary()
    for each in (invalid, valid, invalid):
        summary.add(each)
    assert (summary.files, summary.missed, summary.official_conforms) == (3, 2, 2)
    assert summary.most_frequent()[:1] == [("ELM-READING-UNKNOWN-KEY", 2)]
    assert all(isinstance(each, str) for each in summary.files_with)


def test_a_good_file_among_many_takes_one_line(invalid: CredentialReport, valid: CredentialReport) -> None:
    good = replace(valid, official=ProfileVerdict("edc-generic-full", True))
    lines = text_report.write([good, good, invalid, good], "en").splitlines()
    assert lines[:3] == ["good.json: Valid: no rule is broken."] * 2 + [""]
    assert lines[lines.index("Summary") - 2 :][:1] == ["good.json: Valid: no rule is broken."]
    assert not [line for line in lines if "ELM-FIELDS-NOTE" in line]


def test_a_good_file_alone_takes_few_lines(valid: CredentialReport) -> None:
    good = replace(valid, official=ProfileVerdict("edc-generic-full", True))
    assert len(text_report.write([good], "en").splitlines()) < 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_a_micro_credential_is_told_of_one_alone(language: Language, invalid: CredentialReport) -> None:
    told = text_report.write([invalid], language)
    note = replace(invalid.findings[-1], code="ELM-MICRO-NOT-STATED")
    silent = text_report.write([replace(invalid, findings=(*invalid.findings, note))], language)
    assert ("Mandatory elements" in told) == (language == "en")
    assert ("Éléments obligatoires" in told) == (language == "fr")
    assert "Mandatory elements" not in silent
    assert "Éléments obligatoires" not in silent


def test_several_seals_are_told_apart(invalid: CredentialReport) -> None:
    own_key = replace(invalid.seals[0], subject="", issuer="", not_checked=())
    text = " ".join(text_report.write([replace(invalid, seals=(*invalid.seals, own_key))], "en").split())
    assert text.index("Seal 1 of 2") < text.index("with the key of this certificate") < text.index("Seal 2 of 2")
    assert "No certificate says whose key it is." in text


@pytest.mark.parametrize(
    ("distinguished", "shown"),
    [
        ("L=Paris,O=Université d'Exemple,CN=Sceau,C=FR", "Sceau, Université d'Exemple, FR"),
        (r"CN=Exemple\, Inc.,O=Exemple\, Inc.", "Exemple, Inc."),
        ("1.2.3=other", "1.2.3=other"),
        ("", ""),
    ],
)
def test_who_sealed_in_plain_words(distinguished: str, shown: str) -> None:
    assert phrases.holder(distinguished) == shown


def test_a_file_laid_out_for_upload_may_be_a_draft(invalid: CredentialReport) -> None:
    wrapped = replace(invalid, forms=(Form.UPLOADABLE, Form.JSON_LD))
    assert "check it as a draft" in phrases.hint(wrapped, "en")
    assert phrases.hint(replace(wrapped, verdict=Verdict.VALID), "fr") == ""
    assert phrases.hint(invalid, "en") == ""


def test_profiles_are_named_in_words() -> None:
    assert phrases.profile_name("edc-accredited", "fr").startswith("edc-accredited 1.1.0 (European Digital Credentials")
    assert phrases.profile_name("mine", "en") == "mine"
