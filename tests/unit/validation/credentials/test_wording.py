"""Sentences filled in, and the names of properties by the keys of a file."""

from __future__ import annotations

import pytest

from passerelle.messages import Language
from passerelle.validation.credentials.wording import (
    LONGEST_POINTER,
    Label,
    fill,
    generic,
    label,
    path_words,
    property_of,
    shown_pointer,
)


@pytest.mark.parametrize(
    ("sentence", "parameters", "expected"),
    [
        ("{value} is wrong.[ Write {nearest}.]", {"value": "a", "nearest": "b"}, "a is wrong. Write b."),
        ("{value} is wrong.[ Write {nearest}.]", {"value": "a", "nearest": ""}, "a is wrong."),
        ("{value} is wrong.[ Write {nearest}.]", {"value": "a"}, "a is wrong."),
        ("List {list}", {"list": "eqf", "list_en": "EQF levels", "list_fr": "Niveaux du CEC"}, "List EQF levels"),
        # a value is no template, and brackets without names are plain text
        ("{value} [sic]", {"value": "[{nearest}]", "nearest": ""}, "[{nearest}] [sic]"),
        ("{unknown} stays", {}, "{unknown} stays"),
    ],
)
def test_sentences_are_filled(sentence: str, parameters: dict[str, str], expected: str) -> None:
    assert fill(sentence, parameters, "en") == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It ended on {end}. It began on {start} (of {edition}).", "It ended on … It began on … (of …)."),
        ("Use a member.[ The nearest is {nearest}]", "Use a member. The nearest is …"),
    ],
)
def test_a_rule_without_a_case_has_ellipses(sentence: str, expected: str) -> None:
    assert generic(sentence) == expected


@pytest.mark.parametrize(
    ("key", "iri"),
    [
        ("eqfLevel", "http://data.europa.eu/snb/model/elm/EQFLevel"),
        ("http://data.europa.eu/snb/model/elm/EQFLevel", "http://data.europa.eu/snb/model/elm/EQFLevel"),
        ("EQFLevel", "http://data.europa.eu/snb/model/elm/EQFLevel"),
        # two properties have this local name: the first of the table
        ("issued", "https://www.w3.org/2018/credentials#issued"),
        ("Qualification", ""),
        ("Dupont", ""),
    ],
)
def test_the_property_of_a_key(key: str, iri: str) -> None:
    assert property_of(key) == iri


@pytest.mark.parametrize(("language", "expected"), [("en", ["name"]), ("fr", ["nom"])])
def test_paths_are_told_in_words(language: Language, expected: list[str]) -> None:
    assert path_words("schema:name", language) == expected
    assert label("https://example.org/thing#Dupont") == Label("Dupont", "Dupont")


def test_a_pointer_is_shown_to_its_end() -> None:
    pointer = "/credentialSubject/hasClaim/0/awardedBy/awardingBody/0/location/0/address/0/countryCode/id"
    assert shown_pointer(pointer) == pointer
    assert shown_pointer("/a\x1b[2J") == "/a\N{REPLACEMENT CHARACTER}[2J"
    long = shown_pointer("/a" * LONGEST_POINTER + "/end")
    assert (len(long), long[0], long[-4:]) == (LONGEST_POINTER, "\N{HORIZONTAL ELLIPSIS}", "/end")
