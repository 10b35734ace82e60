"""Word translations out of parallel texts, and what they lend a skill."""

from __future__ import annotations

import numpy as np
import pytest

from passerelle.linking.translation import translation


def test_the_classic_example_finds_which_word_is_which() -> None:
    # "das Haus" / "the house", "das Buch" / "the book", "ein Buch" / "a book": only one pairing explains all three
    das, haus, buch, ein = range(4)
    the, house, book, a = range(4)
    found = translation([[das, haus], [das, buch], [ein, buch]], [[the, house], [the, book], [a, book]], (4, 4))
    dense = found.toarray()
    assert [int(np.argmax(dense[word])) for word in (das, haus, buch, ein)] == [the, house, book, a]


def test_probabilities_of_a_word_sum_to_one() -> None:
    found = translation([[0, 1], [1, 2]], [[0], [1, 0]], (3, 2)).toarray()
    assert found.sum(axis=1) == pytest.approx([1, 1, 1])


def test_a_heavier_pair_counts_more() -> None:
    light = translation([[0], [0]], [[0], [1]], (1, 2), [1.0, 1.0]).toarray()
    heavy = translation([[0], [0]], [[0], [1]], (1, 2), [1.0, 9.0]).toarray()
    assert heavy[0, 1] > light[0, 1]


def test_words_never_seen_have_no_translation() -> None:
    assert translation([[0]], [[0]], (2, 2)).toarray()[1].sum() == 0
