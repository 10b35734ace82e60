"""Every sample gets the verdict that the official shapes call for, and beside it ours."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from official_shapes import bare_credential, official_results, official_triples
from passerelle.validation.credentials.model import CredentialReport, Layer, Verdict
from passerelle.validation.credentials.validator import CredentialValidator

ISSUER = {("issuer", "MinCount")}
UNSEALED = {("issuer", "Node"), ("issued", "MinCount")}
OFFICIAL = {
    "AA-Annex1-MC-signed.jsonld": set(),
    "AA-Annex1-MC-unsigned.json": ISSUER,
    "Sample-CertOfPart-signed.jsonld": set(),
    "Sample-CertOfPart-unsigned-uploadable.json": UNSEALED,
    "Sample-CertOfPart-unsigned.json": ISSUER,
    "Sample-CertOfPart-unsigned.jsonld": UNSEALED,
    "Sample-MC-Annex1-signed.jsonld": set(),
    "Sample-MC-Annex1-unsigned-uploadable.json": UNSEALED,
    "Sample-MC-Annex1-unsigned.jsonld": UNSEALED,
    "Sample-MastersDegree-signed.jsonld": set(),
    "cred1.jsonld": set(),
    "cred_noLegalName_shouldFail.jsonld": {("displayParameter", "MinCount"), ("credentialSchema", "MinCount")},
    "credential-sample.jsonld": {("individualDisplay", "MinCount"), ("issuer", "Node")},
    "credential_shouldValidate.jsonld": UNSEALED,
    "credential-sample-turtle.ttl": {
        ("individualDisplay", "MinCount"),
        ("credentialProfiles", "MinCount"),
        ("awardedBy", "MinCount"),
    },
}
"""What the official generic profile (with vocabularies) says under pySHACL: property and constraint."""
OURS = dict.fromkeys(OFFICIAL, Verdict.INVALID) | {
    name: Verdict.VALID for name in OFFICIAL if name.endswith("-signed.jsonld")
}


def report_on(path: Path, profile: str | None = None) -> CredentialReport:
    return CredentialValidator(profile=profile).validate(path.read_bytes(), path.name)


def local(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2].rpartition(":")[2]


@pytest.mark.parametrize("name", OFFICIAL)
def test_official_verdict_is_that_of_the_official_shapes(reference: Path, name: str) -> None:
    path = reference / "elm" / "samples" / name
    data = rdflib.Graph().parse(path) if path.suffix == ".ttl" else official_triples(reference, bare_credential(path))
    official = official_results(reference, "edc-generic-full", data)
    assert {(local(where), constraint.removesuffix("ConstraintComponent")) for _, where, constraint in official} == (
        OFFICIAL[name]
    )
    report = report_on(path, "edc-generic-full")
    assert report.official is not None
    assert report.official.conforms is not bool(OFFICIAL[name])
    assert report.official.violations == len(official)


@pytest.mark.parametrize("name", OURS)
def test_our_verdict_stands_beside_it(reference: Path, name: str) -> None:
    report = report_on(reference / "elm" / "samples" / name)
    told = [(each.code, each.message_en, each.value) for each in report.findings if each.severity == "Violation"]
    assert report.verdict is OURS[name], told


@pytest.mark.parametrize(
    "name", ["credNoType.jsonld", "qdr/loq.xml", "qdr/loq_withLearningAchievementSpecification.xml"]
)
def test_what_cannot_be_checked_is_never_called_valid(reference: Path, name: str) -> None:
    report = report_on(reference / "elm" / "samples" / name)
    assert report.verdict is Verdict.NOT_CHECKABLE
    assert report.findings[0].layer in {Layer.FILE, Layer.READING}
