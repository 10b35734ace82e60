"""A profile that says nothing about a file never makes it valid, and a cap on findings changes no count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from passerelle.records.finding import Severity
from passerelle.validation.credentials.model import CredentialReport, Verdict
from passerelle.validation.credentials.reports.phrases import counts
from passerelle.validation.credentials.validator import CredentialValidator

PREFIX = "http://data.europa.eu/snb/model/ap/"
CONTEXTS = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]


@pytest.fixture(scope="module")
def demo(root: Path) -> Path:
    return root / "data" / "demo" / "credentials"


def report_on(document: object, **options: Any) -> CredentialReport:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return CredentialValidator().validate(data, "credential.json", **options)


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("open-badge.json", "edc-generic-full"),
        ("open-badge.json", "loq"),
        ("wind-bloc-valid.json", "open-badges-3"),
        ("wind-bloc-valid.json", "ams"),
    ],
)
def test_a_profile_about_something_else_checks_nothing(demo: Path, name: str, profile: str) -> None:
    report = report_on((demo / name).read_bytes(), profile=profile)
    assert report.verdict is Verdict.NOT_CHECKABLE
    assert report.findings[0].code == "ELM-READING-PROFILE-ASKED"


@pytest.mark.parametrize("declared", ["loq-constraints", "loq-constraints-mdr", "ams-constraints"])
def test_a_credential_cannot_choose_a_profile_that_is_blind_to_it(declared: str) -> None:
    empty = {
        "@context": CONTEXTS,
        "id": "urn:c",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialSchema": {"id": PREFIX + declared, "type": "ShaclValidator2017"},
    }
    report = report_on(empty)
    assert report.profile == "edc-generic-full"
    assert report.verdict is Verdict.INVALID
    told = next(each for each in report.findings if each.code == "ELM-READING-PROFILE-OTHER")
    assert told.spots[0].pointer == "/credentialSchema"
    assert report.official is not None
    assert report.official.conforms is False


def test_a_cap_changes_no_count(demo: Path) -> None:
    document = json.loads((demo / "wind-bloc-valid.json").read_text(encoding="utf-8"))
    del document["issuer"]
    whole, capped = report_on(document), report_on(document, max_results=1)
    assert counts(whole)[Severity.VIOLATION] >= 1
    assert counts(capped) == counts(whole)
    assert len(capped.findings) == 1
    assert capped.omitted == len(whole.findings) - 1
    assert capped.verdict is whole.verdict


def test_a_crowd_is_refused() -> None:
    crowd = {
        "@context": CONTEXTS,
        "id": "urn:c",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "identifier": [f"urn:identifier:{number}" for number in range(2_001)],
    }
    report = report_on(crowd)
    assert report.verdict is Verdict.NOT_CHECKABLE
    assert [each.code for each in report.findings] == ["ELM-FILE-REPEATED"]
    assert "2001" in report.findings[0].message_en
