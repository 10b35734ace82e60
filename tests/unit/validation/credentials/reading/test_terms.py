"""The nearest known term: by look, by the name in the model, by two slips at most."""

from __future__ import annotations

import pytest

from passerelle.validation.credentials.reading.terms import TermIndex, distance, folded

ELM = "http://data.europa.eu/snb/model/elm/"
INDEX = TermIndex(
    {
        "eqfLevel": ELM + "EQFLevel",
        "thematicArea": ELM + "ISCEDFCode",
        "eIDASIdentifier": ELM + "eidasLegalIdentifier",
        "nationalID": ELM + "nationalId",
        "specifiedBy": ELM + "specifiedBy",
        "organisation": ELM + "organisation",
        "Organisation": ELM + "Organisation",
        "Qualification": ELM + "Qualification",
        "title": "http://purl.org/dc/terms/title",
        "page": ELM + "page",
        "used": ELM + "used",
    }
)


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("EQFLevel", "eqfLevel"),
        ("eqf-level", "eqfLevel"),
        ("ISCEDFCode", "thematicArea"),
        ("eidasLegalIdentifier", "eIDASIdentifier"),
        ("eIDASΙdentifier", "eIDASIdentifier"),  # a Greek capital iota
        ("tіtle", "title"),  # a Ukrainian i
        ("nationalId", "nationalID"),
        ("specifedBy", "specifiedBy"),
        ("speicfiedBy", "specifiedBy"),
        ("organization", "organisation"),
        ("Organisation", "organisation"),
        ("titles", "title"),
        ("tilte", "title"),
        ("uses", "used"),
        ("note", ""),
        ("x", ""),
        ("somethingElse", ""),
        ("specified" * 30, ""),
    ],
)
def test_nearest_property(word: str, term: str) -> None:
    assert INDEX.nearest(word) == term


@pytest.mark.parametrize(
    ("word", "term"), [("Qualificaton", "Qualification"), ("organisation", "Organisation"), ("Title", "")]
)
def test_nearest_class(word: str, term: str) -> None:
    assert INDEX.nearest(word, of_class=True) == term


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xbz", 2), ("abc", "xyz", 3), ("", "abcdef", 3)],
)
def test_distance(one: str, other: str, steps: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == steps


def test_letters_that_look_alike_are_one() -> None:
    assert folded("АВСЕНІЈКМОРЅТХ") == folded("ABCEHIJKMOPSTX")
    assert folded("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ") == folded("ABEZHIKMNOPTYX")
