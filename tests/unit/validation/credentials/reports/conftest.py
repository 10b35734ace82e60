"""A catalogue of five rules, and a report in which every part is filled, with what should never get through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from passerelle.namespaces import expand
from passerelle.records.finding import Severity
from passerelle.validation.credentials import rules
from passerelle.validation.credentials.model import (
    AnnexElement,
    CredentialFinding,
    CredentialReport,
    Form,
    Layer,
    LayerOutcome,
    ProfileVerdict,
    SealFacts,
    SealStatus,
    Spot,
    Stage,
    Verdict,
)
from passerelle.validation.credentials.rules import CredentialRule

EVIL = "<script>alert(1)</script>"


def rule(code: str, layer: Layer, severity: Severity, link: str = "") -> CredentialRule:
    return CredentialRule(
        code, layer, severity, "{value} is wrong.", "{value} est faux.", "Mend it.", "Corrigez.", "Book", "Livre", link
    )


@pytest.fixture(autouse=True)
def small_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        rule("ELM-READING-UNKNOWN-KEY", Layer.READING, Severity.VIOLATION, "https://example.org/rules#1"),
        rule("ELM-EDC-title-minCount", Layer.PROFILE, Severity.VIOLATION),
        rule("ELM-EDC-scheme-hasValue", Layer.PROFILE, Severity.VIOLATION),
        rule("ELM-FIELDS-NOTE", Layer.FIELDS, Severity.INFO),
        rule("ELM-REPAIRED-SCHEME", Layer.REPAIRED, Severity.VIOLATION),
    ]
    monkeypatch.setattr(rules, "catalogue", lambda: {each.code: each for each in found})


@pytest.fixture
def invalid() -> CredentialReport:
    follows = CredentialFinding(
        "ELM-EDC-title-minCount",
        Layer.PROFILE,
        Severity.VIOLATION,
        "The title is missing.",
        "Le titre manque.",
        "Give one.",
        "Donnez-en un.",
        "Profile 1.1.0",
        "Profil 1.1.0",
        node="_:spec",
        path=expand("dcterms:title"),
        component="sh:MinCountConstraintComponent",
        spots=(Spot("/credentialSubject/hasClaim", 12, 9),),
    )
    cause = CredentialFinding(
        "ELM-READING-UNKNOWN-KEY",
        Layer.READING,
        Severity.VIOLATION,
        f"`titel` is not a term here: `title`? {EVIL} {{0}} [x](https://evil.example)",
        f"`titel` n'est pas un terme ici : `title` ? {EVIL}",
        "Rename it.",
        "Renommez-la.",
        "JSON-LD context",
        "Contexte JSON-LD",
        "https://example.org/rules#1",
        path_en="credential › achievement",
        path_fr="justificatif › acquis",
        value=EVIL,
        spots=(Spot("/credentialSubject/hasClaim/titel", 12, 15), Spot("/credentialSubject/hasClaim/1/titel", 30, 15)),
        count=40,
        consequences=(follows,),
    )
    aside = replace(
        follows,
        code="ELM-EDC-scheme-hasValue",
        node="http://data.europa.eu/snb/eqf/5",
        path=f"<{expand('elm:EQFLevel')}> / skos:inScheme*",
        value="http://data.europa.eu/snb/eqf",
        component="sh:HasValueConstraintComponent",
        set_aside_by="ELM-REPAIRED-SCHEME",
        spots=(),
    )
    note = CredentialFinding(
        "ELM-FIELDS-NOTE",
        Layer.FIELDS,
        Severity.INFO,
        "A “note” \\ with\nmarks",
        "Une « note »",
        value='a "b" \\',
        count=1,
    )
    return CredentialReport(
        "folder/my credential.json",
        Verdict.INVALID,
        Stage.ISSUED,
        "edc-generic-full",
        ("http://data.europa.eu/snb/model/ap/edc-generic-full",),
        "edc-accredited",
        ProfileVerdict("edc-generic-full", True),
        ProfileVerdict("edc-generic-full", False, 1),
        (ProfileVerdict("mine.ttl", False, 2), ProfileVerdict("yours.ttl", None, 0, "credential-caution")),
        (Form.JADES_GENERAL, Form.JSON_LD),
        ("https://www.w3.org/2018/credentials/v1",),
        123456,
        160,
        ("urn:credential:1",),
        (cause, aside, note),
        (0, 0, 3),
        (
            LayerOutcome(Layer.FILE, True),
            LayerOutcome(Layer.PROFILE, True, 1, 2, 0),
            LayerOutcome(Layer.NATIONAL, False, reason="credential-seal-none"),
        ),
        (
            AnnexElement("ELM-MICRO-TITLE", True, True, "title", "intitulé", (expand("dcterms:title"),)),
            AnnexElement("ELM-MICRO-LEVEL", True, None, "level", "niveau"),
            AnnexElement("ELM-MICRO-GRADE", False, False, "grade", "note"),
        ),
        (
            SealFacts(
                SealStatus.VERIFIED,
                "RS256",
                "CN=University",
                "CN=Authority",
                "1234",
                "2024-01-01T00:00:00Z",
                "2027-01-01T00:00:00Z",
                "2024-02-01T00:00:00Z",
                not_checked=("credential-seal-none",),
            ),
        ),
        "2026-11",
        {"EQF": "20230101-0", "ISCED-F": "2013"},
    )


@pytest.fixture
def valid() -> CredentialReport:
    return CredentialReport(
        "good.json",
        Verdict.VALID,
        Stage.DRAFT,
        "edc-generic-full",
        official=ProfileVerdict("edc-generic-full", False, 3),
        forms=(Form.JSON_LD,),
    )


@pytest.fixture
def unreadable() -> CredentialReport:
    finding = CredentialFinding("ELM-READING-UNKNOWN-KEY", Layer.FILE, Severity.VIOLATION, "Not JSON.", "Pas du JSON.")
    return CredentialReport("\udcff\x1b[31m.json", Verdict.NOT_CHECKABLE, Stage.ISSUED, findings=(finding,))
