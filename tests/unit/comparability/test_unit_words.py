"""How alike the wordings of units are."""

from __future__ import annotations

from math import log, sqrt
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.comparability.index import unit_words as searched
from passerelle.comparability.index.ragged import Lists, Truths
from passerelle.comparability.index.unit_words import Stems, UnitWords, unit_words
from passerelle.records.text import LanguageText


def lists(*given: list[int]) -> Lists:
    owners = [place for place, values in enumerate(given) for _ in values]
    values = [value for each in given for value in each]
    return Lists.of(np.array(owners, np.int64), np.array(values, np.int32), len(given))


def words(
    texts: list[tuple[str, str]], outcomes: list[list[int]], titles: list[list[int]], countries: list[int]
) -> UnitWords:
    stems = Stems()
    for language, text in texts:
        stems.add(LanguageText(text, language))
    kinds = np.ones(len(countries), np.uint8)
    return unit_words(stems, lists(*outcomes), lists(*titles), np.array(countries, np.uint8), kinds)


def test_rarer_words_weigh_more() -> None:
    # three units of one country: "souder" (all three), "câble" (the first two), "tuyau" (the third)
    texts = [("fr", "souder un câble"), ("fr", "câble souder"), ("fr", "souder un tuyau")]
    found = words(texts, [[0], [1], [2]], [[], [], []], [1, 1, 1])
    # rarity: 1 + ln(4/4) = 1, 1 + ln(4/3), 1 + ln(4/2)
    cable, pipe = 1 + log(4 / 3), 1 + log(4 / 2)
    third = 1 / (sqrt(1 + cable**2) * sqrt(1 + pipe**2))
    assert found.alike(0, np.array([0, 1, 2])) == pytest.approx([1, 1, third], abs=1e-6)
    assert third < 1 / 2


def test_another_country_changes_no_similarity() -> None:
    texts = [("fr", "souder un câble"), ("fr", "souder un tuyau"), ("fr", "souder une cuve")]
    alone = words(texts, [[0], [1]], [[], []], [1, 1]).alike(0, np.array([1]))
    assert words(texts, [[0], [1], [2]], [[], [], []], [1, 1, 2]).alike(0, np.array([1])) == pytest.approx(alone)
    # a unit more of the same country does: "souder" is commoner then
    assert words(texts, [[0], [1], [2]], [[], [], []], [1, 1, 1]).alike(0, np.array([1])) < alone


def test_units_are_found_by_the_rarer_stems_that_they_share() -> None:
    texts = [("fr", "souder un câble"), ("fr", "souder un tuyau"), ("fr", "câble d'alarme"), ("fr", "percer")]
    found = words(texts, [[0], [1], [2], [3]], [[], [], [], []], [1, 1, 1, 1])
    every = np.ones(4, np.bool_)
    assert shared(found, every, 4) == ([0, 1, 2], True)
    assert shared(found, every, 1) == ([0], False)
    assert shared(found, np.array([False, True, False, True]), 4) == ([1], True)


def shared(found: UnitWords, wanted: Truths, most: int) -> tuple[list[int], bool]:
    """What shares words with unit 0, and whether that is all that does."""
    sharing = found.sharing(0, wanted, wanted, most)
    return sharing.units.tolist(), sharing.whole


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4), min_size=2, max_size=12), st.data())
def test_another_country_takes_no_place_in_a_search(units: list[list[str]], data: st.DataObject) -> None:
    """Units of a country are found as if there were no other, whatever is looked up at most."""
    budget, most = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 5))
    foreign = data.draw(st.lists(st.booleans(), min_size=len(units), max_size=len(units)))
    foreign[0] = False
    here = [place for place, abroad in enumerate(foreign) if not abroad]

    def search(places: list[int]) -> tuple[list[int], bool]:
        texts = [("und", " ".join(units[place])) for place in places]
        countries = [2 if foreign[place] else 1 for place in places]
        made = words(texts, [[each] for each in range(len(places))], [[] for _ in places], countries)
        with mock.patch.object(searched, "POSTINGS", budget):
            found, whole = shared(made, np.array(countries) == 1, most)
        return [places[each] for each in found], whole

    assert search(list(range(len(units)))) == search(here)


def test_languages_never_meet_and_a_translated_title_says_nothing() -> None:
    texts = [("fr", "souder"), ("de", "souder"), ("en", "welding"), ("fr-BE", "souder")]
    found = words(texts, [[0], [1], [1], [3], []], [[2], [2], [], [], [2]], [1, 2, 2, 3, 1])
    assert found.alike(0, np.array([1, 2, 3, 4])).tolist() == pytest.approx([np.nan, np.nan, 1, np.nan], nan_ok=True)
    assert found.alike(1, np.array([2]))[0] == pytest.approx(1)


def test_titles_in_a_language_of_the_outcomes_count() -> None:
    texts = [("fr", "souder"), ("fr", "percer"), ("fr", "chaudronnier")]
    with_titles = words(texts, [[0], [1]], [[2], [2]], [1, 1]).alike(0, np.array([1]))
    assert with_titles > words(texts, [[0], [1]], [[], []], [1, 1]).alike(0, np.array([1])) == 0


def test_units_that_say_nothing_are_like_none() -> None:
    assert np.isnan(UnitWords.none(2).alike(0, np.array([0, 1]))).all()
    assert UnitWords.none(2).sharing(0, *[np.ones(2, np.bool_)] * 2, 5).units.tolist() == []
