"""Which units a list of the nearest has, and in which order."""

from __future__ import annotations

import numpy as np
import pytest

from passerelle.comparability.index.ragged import Lists
from passerelle.comparability.index.unit_words import Stems, UnitWords, unit_words
from passerelle.comparability.standing import Ranked, ranked, standing
from passerelle.records.text import LanguageText


def test_standing_leaves_the_order_to_the_links_where_all_outcomes_are_linked() -> None:
    expected, wording, every = np.array([0.6, 0.5]), np.array([0.1, 0.9]), np.ones(2, np.bool_)
    assert standing(expected, np.zeros(2), wording, every).tolist() == [0.6, 0.5]
    # nothing linked: 0.6 + 0.4 · 0.01 and 0.5 + 0.5 · 0.81
    assert standing(expected, np.ones(2), wording, every).tolist() == [0.604, 0.905]


def test_standing_holds_no_unknown_wording_against_a_unit() -> None:
    half, words = np.full(4, 0.5), np.array([0.2, np.nan, 0.6, 0.9])
    # the mean of 0.04 and 0.36 is 0.2: 0.5 + 0.5 · 0.2; the last is in the list for its words, and no measure of them
    firm = np.array([True, True, True, False])
    assert standing(half, np.ones(4), words, firm).tolist() == [0.52, 0.6, 0.68, 0.905]
    assert standing(half, np.ones(4), words, np.zeros(4, np.bool_)).tolist()[1] == 0.5


TEXTS = ("souder un câble", "souder un tuyau de cuivre", "souder un câble", "tailler une haie", "souder un câble")


def given(*languages: str) -> UnitWords:
    """Five units of one text each, in these languages."""
    stems = Stems()
    for text, language in zip(TEXTS, languages, strict=True):
        stems.add(LanguageText(text, language))
    each = Lists(np.arange(6), np.arange(5, dtype=np.int32))
    return unit_words(stems, each, Lists(np.zeros(6, np.int64), np.empty(0, np.int32)), *[np.ones(5, np.uint8)] * 2)


def listed(words: UnitWords, expected: list[float], linked: list[int], top: int = 5, most: int = 5) -> Ranked:
    """The units nearest to unit 0 of five with two outcomes each, so many of them linked."""
    size = np.full(5, 2, np.int32)
    candidates = np.arange(5) > 0
    return ranked(
        words, size, size - np.array(linked), 0, candidates, (np.zeros(5), np.array(expected)), 0.05, top,
        lambda units: np.zeros(len(units)), most,
    )  # fmt: skip


def test_words_bring_units_into_the_list_where_links_say_nothing() -> None:
    found = listed(given(*["fr"] * 5), [0, 0, 0, 0, 0], [0] * 5)
    # the same words; "souder" alone, which four of five say: rarities 1 + ln(6/5) = 1.182, câble 1 + ln(6/4) = 1.405,
    # tuyau and cuivre 1 + ln(6/2) = 2.099, w = 1.182² / (1.837 · 3.194) = 0.238, w² = 0.057; nothing of the hedge
    assert found.places.tolist() == [2, 4, 1]
    assert found.wording == pytest.approx([1, 1, 0.238], abs=5e-4)
    assert found.by_wording.all()
    assert (found.in_all_by_wording, found.at_least) == (len(found.places), False)


def test_that_not_all_wordings_were_looked_at_is_said() -> None:
    # three share words with the unit, of which two are looked at: those with the same words
    found = listed(given(*["fr"] * 5), [0, 0, 0, 0, 0], [0] * 5, most=2)
    assert (found.places.tolist(), found.in_all_by_wording, found.at_least) == ([2, 4], 2, True)
    # of two of which enough is expected one is looked at as such, and the other by its words
    found = listed(given(*["fr"] * 5), [0, 0, 0.4, 0, 0.5], [2] * 5, most=1)
    assert (found.places.tolist(), found.in_all_by_wording, found.at_least) == ([4, 2], 0, True)


def test_links_order_where_all_outcomes_are_linked() -> None:
    found = listed(given(*["fr"] * 5), [0, 0.4, 0.3, 0.06, 0], [2] * 5)
    assert found.places.tolist() == [1, 2, 3]
    assert not found.by_wording.any()


def test_words_order_what_links_leave_open() -> None:
    # 0.3 and the same words: 1; 0.4 and one of four words in common: less
    found = listed(given(*["fr"] * 5), [0, 0.4, 0.3, 0.06, 0], [0] * 5)
    assert found.places.tolist()[:3] == [2, 4, 1]
    assert found.by_wording.tolist()[:3] == [False, True, False]


def test_a_unit_of_another_language_is_listed_by_links_alone() -> None:
    found = listed(given("fr", "fr", "fr", "de", "de"), [0, 0, 0, 0.3, 0], [0] * 5)
    assert 3 in found.places.tolist()
    assert 4 not in found.places.tolist()


@pytest.mark.parametrize("top", [0, 1, 2, 9])
def test_a_shorter_list_is_the_beginning_of_a_longer_one(top: int) -> None:
    whole = listed(given(*["fr"] * 5), [0, 0.4, 0.3, 0.06, 0], [0] * 5).places.tolist()
    assert listed(given(*["fr"] * 5), [0, 0.4, 0.3, 0.06, 0], [0] * 5, top).places.tolist() == whole[:top]


def test_a_list_can_be_empty() -> None:
    found = listed(UnitWords.none(5), [0.0] * 5, [0] * 5)
    assert (found.places.tolist(), found.in_all_by_wording) == ([], 0)
