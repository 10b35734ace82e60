"""`read` as a whole: the official samples, badges and tokens, contexts that are missing, what a file is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import Form, SealStatus
from passerelle.validation.credentials.seal.verification import verify
from unit.validation.credentials.reading.told import accepted, codes
from unit.validation.credentials.seal.made_seals import NOW, Seal

EDC = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]
AP = "http://data.europa.eu/snb/model/ap/"
SEALED = (Form.JADES_GENERAL, Form.JSON_LD)
WRAPPED = (Form.UPLOADABLE, Form.JSON_LD)
PLAIN = (Form.JSON_LD,)
SAMPLES = {
    "AA-Annex1-MC-signed.jsonld": (SEALED, f"{AP}edc-generic-full", []),
    "AA-Annex1-MC-unsigned.json": (WRAPPED, f"{AP}edc-generic-full", []),
    "Sample-CertOfPart-signed.jsonld": (SEALED, f"{AP}edc-generic-full", []),
    "Sample-CertOfPart-unsigned-uploadable.json": (WRAPPED, f"{AP}edc-generic-full", []),
    "Sample-CertOfPart-unsigned.json": (WRAPPED, f"{AP}edc-generic-full", []),
    "Sample-CertOfPart-unsigned.jsonld": (PLAIN, f"{AP}edc-generic-full", []),
    "Sample-MC-Annex1-signed.jsonld": (SEALED, f"{AP}edc-generic-full", []),
    "Sample-MC-Annex1-unsigned-uploadable.json": (WRAPPED, f"{AP}edc-generic-full", []),
    "Sample-MC-Annex1-unsigned.jsonld": (PLAIN, f"{AP}edc-generic-full", []),
    "Sample-MastersDegree-signed.jsonld": (SEALED, f"{AP}edc-accredited", []),
    "cred1.jsonld": (PLAIN, f"{AP}edc-generic-full", []),
    "cred_noLegalName_shouldFail.jsonld": (PLAIN, "", []),
    "credential-sample.jsonld": (PLAIN, f"{AP}edc-generic-no-cv", []),
    "credential-sample-turtle.ttl": ((Form.TURTLE,), f"{AP}edc-generic-no-cv", []),
    "credential_shouldValidate.jsonld": (PLAIN, "http://dev.everisdx.io/datamodel/test/EDC-issuedByMandate", []),
}
BADGE: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "urn:badge:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://example.org/issuer", "type": ["Profile"], "name": "Example"},
    "validFrom": "2026-01-01T00:00:00Z",
    "name": "Badge",
    "credentialSubject": {"id": "urn:learner", "type": ["AchievementSubject"]},
}
CREDENTIAL: dict[str, Any] = {
    "@context": EDC,
    "id": "urn:credential:1",
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "credentialSubject": {"id": "urn:person:1", "type": "Person"},
}


def without(value: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name != key}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_official_samples(reference: Path, name: str) -> None:
    forms, declared, told = SAMPLES[name]
    reading = accepted((reference / "elm" / "samples" / name).read_bytes(), name)
    assert (reading.forms, reading.declared, codes(reading)) == (forms, (declared,) if declared else (), told)
    (root,) = reading.roots
    assert root.startswith(("urn:credential:", "http://example.org/credential"))
    assert [verify(each, NOW)[0].status for each in reading.seals] == [SealStatus.VERIFIED] * (forms is SEALED)


def test_a_finding_in_a_sealed_sample_has_its_place_in_the_file(reference: Path) -> None:
    data = (reference / "elm" / "samples" / "Sample-MC-Annex1-signed.jsonld").read_bytes()
    reading = accepted(data)
    spot = reading.source.spot(reading.roots[0], expand("cred:credentialSchema"))
    assert (spot.pointer, spot.line) == ("/credentialSchema", 1)
    assert data.decode()[spot.column - 1 :].startswith(
        r"{\"id\":\"http://data.europa.eu/snb/model/ap/edc-generic-full\""
    )


def test_a_place_in_a_wrapper_counts_from_the_whole_file() -> None:
    text = json.dumps({"deliveryDetails": {}, "credential": CREDENTIAL}, indent=1)
    spot = accepted(text).source.spot("urn:person:1")
    assert spot.pointer == "/credential/credentialSubject"
    assert text.split("\n")[spot.line - 1][spot.column - 1 :] == "{"


def test_a_wrapper_may_leave_its_context_to_the_profile() -> None:
    reading = accepted({"credential": without(CREDENTIAL, "@context"), "deliveryDetails": {}})
    assert (reading.roots, reading.contexts, codes(reading)) == (("urn:credential:1",), tuple(EDC), [])
    assert [each.code for each in reading.observations] == ["ELM-READING-NO-CONTEXT"]


def test_a_credential_without_context_is_read_all_the_same_and_told() -> None:
    reading = accepted(without(CREDENTIAL, "@context"))
    assert (reading.roots, codes(reading)) == (("urn:credential:1",), ["CONTEXT-MISSING"])
    reading = accepted(without(BADGE, "@context"))
    assert (reading.roots, codes(reading), reading.forms) == (("urn:badge:1",), ["CONTEXT-MISSING"], (Form.OPEN_BADGE,))


def test_a_sealed_credential_without_context() -> None:
    sealed = Seal("EdDSA").general(json.dumps(without(CREDENTIAL, "@context")))
    assert codes(accepted(sealed)) == ["CONTEXT-MISSING"]


@pytest.mark.parametrize("kind", ["OpenBadgeCredential", "AchievementCredential"])
def test_badges(kind: str) -> None:
    badge = {**BADGE, "type": ["VerifiableCredential", kind]}
    reading = accepted(badge)
    assert (reading.forms, reading.roots, codes(reading)) == ((Form.OPEN_BADGE,), ("urn:badge:1",), [])
    token = Seal("ES256", plain=False).compact(json.dumps(badge))
    reading = accepted(token)
    assert (reading.forms, reading.roots) == ((Form.COMPACT_JWS, Form.OPEN_BADGE), ("urn:badge:1",))
    assert verify(reading.seals[0], NOW)[0].status is SealStatus.VERIFIED


def test_a_badge_without_its_type_is_a_badge_still() -> None:
    reading = accepted({**BADGE, "type": ["VerifiableCredential"]})
    assert (reading.forms, reading.roots, codes(reading)) == ((Form.OPEN_BADGE,), (), ["TYPE-MISSING"])


@pytest.mark.parametrize(
    ("claims", "differ"),
    [
        ({"iss": "https://example.org/issuer", "jti": "urn:badge:1", "sub": "urn:learner", "nbf": 1767225600}, []),
        ({"iss": "https://example.org/other"}, ["iss"]),
        ({"jti": "urn:badge:2", "sub": "urn:somebody"}, ["jti", "sub"]),
        ({"nbf": 1767225601}, ["nbf"]),
        ({"nbf": True, "exp": 1e300, "iss": 5, "iat": "x"}, []),
    ],
)
@pytest.mark.parametrize("around", [True, False])
def test_the_claims_of_a_token_say_what_the_badge_says(claims: dict[str, Any], differ: list[str], around: bool) -> None:
    payload = {**claims, "vc": BADGE} if around else {**BADGE, **claims}
    reading = accepted(Seal("EdDSA", plain=False).compact(json.dumps(payload)))
    told = [each for each in reading.observations if each.code == "ELM-FILE-CLAIM-DIFFERS"]
    assert [each.parameters["claim"] for each in told] == differ
    assert [each.spot.pointer for each in told if each.spot] == [f"/{claim}" for claim in differ]
    assert reading.roots == ("urn:badge:1",)


@pytest.mark.parametrize(
    ("value", "roots", "told"),
    [
        ({"type": "Qualification", "id": "urn:q"}, ("urn:q",), []),
        ({"type": "LearningAchievementSpecification", "id": "urn:q"}, ("urn:q",), []),
        ({"type": "LearningOpportunity", "id": "urn:q"}, ("urn:q",), []),
        ({"type": "Accreditation", "id": "urn:q"}, ("urn:q",), []),
        ({"type": "Person", "id": "urn:q"}, (), ["NO-CREDENTIAL"]),
        ({**CREDENTIAL, "type": "VerifiableCredential"}, (), ["TYPE-MISSING"]),
        (
            {"@graph": [without(CREDENTIAL, "@context"), {**CREDENTIAL, "id": "urn:credential:2"}]},
            ("urn:credential:1", "urn:credential:2"),
            ["SEVERAL-IN-ONE"],
        ),
        ([{"@id": "urn:q", "@type": [expand("elm:Qualification")]}], ("urn:q",), []),
    ],
)
def test_what_a_file_is_about(value: Any, roots: tuple[str, ...], told: list[str]) -> None:
    content = {"@context": EDC, **value} if isinstance(value, dict) else value
    reading = accepted(content)
    assert (reading.roots, codes(reading)) == (roots, told)


def test_a_badge_in_turtle() -> None:
    text = f"@prefix ob: <{expand('ob:')}> .\n<urn:b> a ob:OpenBadgeCredential ."
    reading = accepted(text)
    assert (reading.forms, reading.roots) == ((Form.TURTLE, Form.OPEN_BADGE), ("urn:b",))


def test_a_context_that_loops_and_one_that_is_unknown_are_refused() -> None:
    for context in ({"a": {"@id": "b"}, "b": {"@id": "a"}}, "https://example.org/context"):
        with pytest.raises(Exception, match="ELM-READING-CONTEXT"):
            accepted({"@context": context, "type": "x"})
