"""What a missing context or a misspelt type comes to is told under it, and not beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from passerelle.records.finding import Severity
from passerelle.resources import folder
from passerelle.validation.credentials.validator import CredentialValidator
from unit.validation.credentials.reading.oracle import EDC, V1

DEMO = folder("data") / "demo" / "credentials" / "wind-bloc-valid.json"
INCOMPLETE = "ELM-READING-CONTEXT-INCOMPLETE"


def only(context: str) -> Callable[[dict[str, Any]], None]:
    return lambda value: value.update({"@context": [context]})


def misspelt(value: dict[str, Any]) -> None:
    value["type"] = ["VerifiableCredential", "EuropeanDigitalCredentials"]


@pytest.mark.parametrize(
    ("change", "code"),
    [(only(V1), INCOMPLETE), (only(EDC), INCOMPLETE), (misspelt, "ELM-READING-MISSPELT-TYPE")],
)
def test_one_error_is_told(change: Callable[[dict[str, Any]], None], code: str) -> None:
    value = json.loads(DEMO.read_text(encoding="utf-8"))
    change(value)
    report = CredentialValidator().validate(json.dumps(value).encode(), "credential.json")
    told = [each for each in report.findings if each.severity is not Severity.INFO]
    assert [each.code for each in told] == [code]
