"""One observation as a finding: its rule, place and words, and what of its value may be shown."""

from __future__ import annotations

import pytest

from passerelle.validation.credentials.model import (
    Layer,
    Observation,
    Spot,
)
from passerelle.validation.credentials.wording import shown
from unit.validation.credentials.assembly.small_catalogue import (
    MIN_COUNT,
    ROOT,
    SPEC,
    TITLE,
    VIOLATION,
    assembled,
)


def test_a_finding_has_its_rule_place_and_words() -> None:
    (finding,), omitted = assembled(Observation("ELM-EDC-title-minCount", SPEC, TITLE, component=MIN_COUNT))
    assert omitted == 0
    assert finding.severity is VIOLATION
    assert finding.layer is Layer.PROFILE
    assert finding.message_en == "ELM-EDC-title-minCount is broken."
    assert finding.spots == (Spot("/s/claim/spec", 14, 1),)
    assert finding.path_en.split(" › ") == [
        "European digital credential",
        "owner",
        "claim (2)",
        "specification",
        "title",
    ]
    assert finding.path_fr.startswith("justificatif numérique européen › titulaire › affirmation (2) › ")


def test_a_file_as_a_whole_has_no_place() -> None:
    (finding,), _ = assembled(Observation("ELM-FILE-NOT-JSON"))
    assert (finding.spots, finding.path_en, finding.node) == ((), "", "")


def test_an_unknown_code_is_a_defect() -> None:
    with pytest.raises(KeyError):
        assembled(Observation("ELM-FILE-WHO-KNOWS"))


def test_a_value_is_never_read_as_a_template_nor_shown_in_full() -> None:
    (finding,), _ = assembled(Observation("ELM-FIELDS-TEXT", ROOT, value="{node} " + "word " * 100))
    assert finding.message_en.startswith("It says “{node} word word")
    assert len(finding.value) <= 120
    assert finding.value.endswith("…")


@pytest.mark.parametrize(
    "value",
    [
        "data:image/png;base64," + "iVBORw0KGgo" * 1000,
        "iVBORw0KGgoAAAANSUhEUgAA" * 1000,
        "\n".join(["iVBORw0KGgoAAAANSUhEUgAAiVBORw0KGgoAAAANSUhEUgAAiVBORw0KGgoAAAANSUhEUgAA"] * 50),
    ],
)
def test_pictures_are_left_out(value: str) -> None:
    assert len(shown(value)) < 40
    assert shown(value).endswith("…")


@pytest.mark.parametrize("value", ["\x1b[31mred\x1b[0m", "a\x00b", "\u202eabc", "\ud800"])
def test_what_would_steer_a_terminal_is_replaced(value: str) -> None:
    assert shown(value).isprintable()
    assert "\N{REPLACEMENT CHARACTER}" in shown(value)


def test_a_long_iri_and_a_french_space_stay() -> None:
    iri = "http://data.europa.eu/esco/skill/" + "a" * 80
    assert shown(iri) == iri
    assert shown("Diplôme :\N{NO-BREAK SPACE}« oui »") == "Diplôme :\N{NO-BREAK SPACE}« oui »"
