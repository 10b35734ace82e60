"""A European credential that names only one of its two contexts: that is told, and told as one cause."""

from __future__ import annotations

from typing import Any

import pytest

from passerelle.validation.credentials.reading.expected_iris import example
from unit.validation.credentials.reading.oracle import EDC, V1, V2, read

CODE = "ELM-READING-CONTEXT-INCOMPLETE"
TYPES = ["VerifiableCredential", "EuropeanDigitalCredential"]


def missing(context: Any, types: Any = TYPES) -> list[str]:
    value = {"@context": context, "id": "urn:c", "type": types, "issuer": "urn:i"}
    found = [each for each in read(value).observations if each.code == CODE]
    assert all(each.spot is not None and each.spot.pointer == "/@context" for each in found)
    return [each.parameters["missing"] for each in found]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ([V1], [EDC]),
        ([V2], [EDC]),
        ([EDC], [V1]),
        (EDC, [V1]),
        ([V1, EDC], []),
        ([V2, EDC], []),
        (["https://www.w3.org/2018/credentials/v1", "https://data.europa.eu/snb/model/context/edc-ap"], []),
        ([V1, {"EuropeanDigitalCredential": "urn:x:EuropeanDigitalCredential"}], []),
        ([V1, {"@vocab": "urn:x:"}], []),
        ([EDC, {"issuer": "urn:x:issuer"}], []),
        ([{"name": "urn:x:name"}], [f"{V1}, {EDC}"]),
    ],
)
def test_the_missing_context_is_named(context: Any, expected: list[str]) -> None:
    assert missing(context) == expected


def test_other_credentials_need_other_contexts() -> None:
    assert missing([V1], ["VerifiableCredential"]) == []
    assert missing([V1], "EuropeanDigitalCredential") == [EDC]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("NQFLevel", "Niveau 5", "http://data.europa.eu/snb/qdr/c_…"),
        ("NQFLevel", "5", "http://data.europa.eu/snb/qdr/c_…"),
        ("NQFLevel", "c_243aefbe", "http://data.europa.eu/snb/qdr/c_243aefbe"),
        ("EQFLevel", "5", "http://data.europa.eu/snb/eqf/5"),
        ("EQFLevel", "Niveau 5", "http://data.europa.eu/snb/eqf/5"),
    ],
)
def test_the_example_of_a_level_is_no_other_level(name: str, value: str, expected: str) -> None:
    assert example(f"http://data.europa.eu/snb/model/elm/{name}", value) == expected


@pytest.mark.parametrize("level", [5, "5"])
def test_a_number_gets_the_same_example_as_the_text(level: Any) -> None:
    value = {"@context": [V1, EDC], "id": "urn:q", "type": "Qualification", "eqfLevel": level}
    assert [(each.code, each.value, each.parameters["example"]) for each in read(value).observations] == [
        ("ELM-READING-RELATIVE-IRI", "5", "http://data.europa.eu/snb/eqf/5")
    ]
