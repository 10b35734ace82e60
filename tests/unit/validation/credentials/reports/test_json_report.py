"""The JSON report keeps to its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from passerelle.resources import folder
from passerelle.validation.credentials.model import CredentialReport
from passerelle.validation.credentials.reports import json_report


@pytest.fixture(scope="module")
def schema() -> Any:
    path: Path = folder("data") / "schemas" / "validation-report.schema.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(found)
    return found


def test_one_report_and_many_are_valid(
    schema: Any, invalid: CredentialReport, valid: CredentialReport, unreadable: CredentialReport
) -> None:
    validator = Draft202012Validator(schema)
    for each in (invalid, valid, unreadable):
        validator.validate(json_report.as_json(each))
    for reports in ([], [invalid], [invalid, valid, unreadable]):
        text = json_report.write(reports, "fr")
        text.encode("utf-8")
        found = json.loads(text)
        validator.validate(found)
        assert found["summary"]["files"] == len(reports) == len(found["reports"])


def test_what_a_program_reads(invalid: CredentialReport) -> None:
    found = json_report.as_json(invalid)
    assert found["verdict"] == "invalid"
    # three of the informations are beyond the cap
    assert found["counts"] == {"violations": 1, "warnings": 0, "infos": 4}
    cause = found["findings"][0]
    assert cause["places"][0] == {"pointer": "/credentialSubject/hasClaim/titel", "line": 12, "column": 15}
    assert cause["consequences"][0]["code"] == "ELM-EDC-title-minCount"
    assert found["findings"][1]["setAsideBy"] == "ELM-REPAIRED-SCHEME"
    assert found["layers"][2]["reason"]["fr"] == "Le fichier ne porte pas de cachet."
    assert found["summary"]["en"] == "Not valid: 1 error to correct."


def test_the_schema_describes_every_key_and_no_other(schema: Any, invalid: CredentialReport) -> None:
    assert set(schema["$defs"]["report"]["properties"]) == set(json_report.as_json(invalid))
    assert set(schema["$defs"]["finding"]["properties"]) == set(json_report.as_json(invalid)["findings"][0])
