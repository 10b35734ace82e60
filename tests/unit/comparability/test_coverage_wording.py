"""Similarity of wordings: shown beside a coverage, so it must be stable, bounded and blind to other languages."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.comparability.wording import nearest_wordings
from passerelle.records.compared_unit import ComparedOutcome
from passerelle.records.text import LanguageText
from small_units import outcome


def alike(first: str, second: str, language: str = "fr", other: str = "") -> float:
    """The similarity of two texts, to four decimals; 0 where they share no feature."""
    held, asked = LanguageText(first, language), LanguageText(second, other or language)
    found, _ = nearest_wordings([ComparedOutcome("A", "", (held,))], [ComparedOutcome("B", "", (asked,))])
    return found["B"].similarity if found else 0.0


def test_equal_words_are_fully_alike_and_order_and_articles_play_no_part() -> None:
    assert alike("Entretenir une éolienne", "l'éolienne, entretenir") == pytest.approx(1)
    assert alike("Mettre en service", "mettre en service", "fr", "fr-BE") == pytest.approx(1)


def test_the_arithmetic_of_one_stem_in_two() -> None:
    # stems {pos, câbl} and {pos, vis}: cosine ½. Trigrams of "poser": _po pos ose ser er_ (5), of "câble": _câ câb âbl
    # ble le_ (5), of "vis": _vi vis is_ (3), each once: 5 / √(10·8). Half of each.
    expected = (1 / 2 + 5 / math.sqrt(10 * 8)) / 2
    assert alike("poser câble", "poser vis") == pytest.approx(expected, abs=1e-4)


def test_inflection_is_nearer_than_another_subject() -> None:
    assert (
        alike("Contrôler les armoires", "Contrôle de l'armoire") > alike("Contrôler les armoires", "Vendre un vin") == 0
    )


def test_languages_never_meet_and_no_words_are_like_nothing() -> None:
    assert alike("Manager", "Manager", "fr", "en") == 0
    assert alike("—", "—") == 0
    assert alike("", "Poser") == 0


def test_the_nearest_outcome_is_the_most_alike_and_of_equals_the_first_by_name() -> None:
    holder = [
        outcome("A/2", text="Poser un câble"),
        outcome("A/1", text="poser le câble"),
        outcome("A/3", text="Vendre"),
    ]
    target = [outcome("B/1", text="Poser des câbles"), outcome("B/2", text="Kabel verlegen", language="de")]
    ahead, back = nearest_wordings(holder, target)
    assert ahead["B/1"].outcome == "A/1"
    assert ahead["B/1"].similarity > 0.7
    assert "B/2" not in ahead
    # "Vendre" shares no trigram with "poser des câbles"
    assert back == dict.fromkeys(("A/1", "A/2"), ("B/1", ahead["B/1"].similarity))
    assert nearest_wordings([], target) == ({}, {})


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(("fr", "en", "et")))
def test_similarity_is_symmetric_and_between_none_and_all(first: str, second: str, language: str) -> None:
    value = alike(first, second, language)
    assert 0 <= value <= 1
    assert value == pytest.approx(alike(second, first, language), abs=1e-4)
    assert alike(first, first, language) in (0, pytest.approx(1))
