"""Files made to be slow, to hide a violation, or to choose their own judge: what an attack on the validator found."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import pytest

from guards import never_endless
from passerelle.validation.credentials.many import Omission, Submissions
from passerelle.validation.credentials.model import CredentialReport, Verdict
from passerelle.validation.credentials.validator import CredentialValidator

CONTEXTS = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]
LOQ = "http://data.europa.eu/snb/model/ap/loq-constraints"


@cache
def validator() -> CredentialValidator:
    return CredentialValidator()


def report_of(data: bytes, name: str = "credential.jsonld") -> CredentialReport:
    with never_endless():
        return validator().validate(data, name)


def codes(report: CredentialReport) -> list[str]:
    return [each.code for each in report.findings]


def credential(**members: object) -> bytes:
    types = ["VerifiableCredential", "EuropeanDigitalCredential"]
    return json.dumps({"@context": CONTEXTS, "id": "urn:c:1", "type": types, **members}).encode()


@pytest.mark.parametrize("end", ["", "\\"])
def test_an_endless_string_of_escaped_quotes_costs_no_quadratic_time(end: str) -> None:
    text = "[" + "," * 500_000 + '"' + '\\"' * 500_000 + end
    assert codes(report_of(text.encode())) == ["ELM-FILE-TOO-MANY-VALUES"]


@pytest.mark.parametrize("name", ["x.ttl", "x.nt", ""])
def test_millions_of_comments_are_passed_over(name: str) -> None:
    assert codes(report_of(b"#\n" * 2_000_000 + b"<urn:a> <urn:b> <urn:c> .", name)) == ["ELM-FILE-NO-CREDENTIAL"]


def test_a_literal_beyond_the_buffer_of_the_parser_is_refused() -> None:
    report = report_of(b'<urn:a> <urn:b> "' + b"x" * 17_000_000 + b'" .', "x.ttl")
    assert codes(report) == ["ELM-FILE-NOT-RDF"]
    assert report.verdict is Verdict.NOT_CHECKABLE


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"http://example.org/see": {"id": "http://example.org/a b"}}, "ELM-READING-BAD-IRI"),
        (
            {"credentialSubject": {"id": "urn:p:1", "type": "Person", "issuer": "urn:o:1"}},
            "ELM-READING-KEY-OUT-OF-PLACE",
        ),
    ],
)
def test_a_flood_of_warnings_does_not_crowd_out_a_violation(members: dict[str, object], code: str) -> None:
    flood = {f"k{number}": 1 for number in range(2_100)}
    assert code in codes(report_of(credential(**members)))
    assert code in codes(report_of(credential(**flood, **members)))


def test_only_the_credential_itself_declares_its_profile() -> None:
    schema = {"https://www.w3.org/2018/credentials#credentialSchema": {"@id": LOQ}}
    report = report_of(credential(credentialSubject={"id": "urn:p:1", "type": "Person", **schema}))
    assert report.profile == "edc-generic-full"
    assert report.verdict is Verdict.INVALID


def test_a_link_that_leads_to_itself_does_not_cost_the_other_files(tmp_path: Path) -> None:
    (tmp_path / "round.json").symlink_to("round.json")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "sound.json").write_bytes(b"{}")
    submissions = Submissions([tmp_path])
    assert [Path(each.name).name for each in submissions] == ["sound.json"]
    assert submissions.omitted == {Omission.NOT_A_FILE: 2}
