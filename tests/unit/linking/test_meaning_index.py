"""What an encoder says of skills: each of its models by itself, in the text's language and in a pivot, and together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from passerelle.linking.encoder import PackagedEncoder, SentenceTransformersEncoder, Vectors
from passerelle.linking.meaning_index import ENCODER, MEANINGS, MEANINGS_ABROAD, MeaningIndex
from passerelle.linking.ranking import SkillRanker
from passerelle.linking.ranking_weights import shipped_weights
from passerelle.linking.skill_texts import SkillTexts

SKILLS = ["a", "b", "c"]


class Planes:
    """Two models of two dimensions; a text is written as its four numbers."""

    name, version = "planes", "1"
    parts = (slice(2), slice(2, None))

    def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> Vectors:
        return np.array([[float(number) for number in text.split()] for text in texts], np.float32).reshape(-1, 4)


def texts(language: str, **labels: str) -> dict[str, SkillTexts]:
    return {skill: SkillTexts(skill, language, label) for skill, label in labels.items()}


def test_each_model_and_language_has_a_score_of_its_own() -> None:
    own = texts("fr", a="1 0 0 0", b="0 1 0 0", c="0 0 0 0")
    pivot = texts("en", a="0 0 0 1", b="0 0 1 0")
    found = MeaningIndex(Planes(), {"fr": own, "en": pivot}, SKILLS, "fr").scores(["1 0 1 0"], "fr")
    assert set(found) == set(MEANINGS)
    # the first model's cosines with the French labels are 1, 0, 0: mean 1/3, spread √2/3, so a lies √2 above
    assert found["encoder-1-own"][0] == pytest.approx([2**0.5, 0, 0])
    # all French labels are alike to the second model
    assert found["encoder-2-own"][0].tolist() == [0, 0, 0]
    # it finds b by its English label (0 and 1: mean and spread 1/2), which c does not have
    assert found["encoder-2-pivot"][0] == pytest.approx([0, 1, 0])
    # the better language of each skill, both models together: 1, 1, 0: mean 2/3, spread √2/3
    assert found[ENCODER][0] == pytest.approx([0.5**0.5, 0.5**0.5, 0])


def test_a_model_that_does_not_know_the_language_leaves_the_word_to_the_first() -> None:
    pivot = texts("en", a="1 0 0 1", b="0 1 1 0", c="0 1 1 0")
    found = MeaningIndex(Planes(), {"en": pivot}, SKILLS, "et").scores(["1 0 0 0"], "et")
    assert set(found) == set(MEANINGS_ABROAD)
    assert found["encoder-1-pivot"][0] == pytest.approx([2**0.5, 0, 0])
    assert found["encoder-2-pivot"].tolist() == found["encoder-1-pivot"].tolist() == found[ENCODER].tolist()


def test_without_labels_nothing_is_near() -> None:
    found = MeaningIndex(Planes(), {"fr": {}}, SKILLS, "fr").scores(["1 0 0 0"], "fr")
    assert {name: values.tolist() for name, values in found.items()} == {name: [[0, 0, 0]] for name in MEANINGS}


def test_the_parts_of_the_encoders_cover_a_row() -> None:
    row = np.arange(896)
    wide, near = PackagedEncoder.parts
    assert np.concatenate([row[wide], row[near]]).tolist() == row.tolist()
    # a single model stands for both
    assert all(len(row[part]) == len(row) for part in SentenceTransformersEncoder.parts)


@pytest.mark.parametrize(("language", "abroad"), [("fr", False), ("de", True)])
def test_the_shipped_weights_are_those_of_these_scores(language: str, *, abroad: bool) -> None:
    skills = [*texts("fr", a="1 0 0 0", b="0 1 0 0").values(), *texts("en", a="1 0 0 0").values()]
    model = shipped_weights().model(abroad=abroad, encoder="use-e5")
    assert model is not None
    names = SkillRanker(skills, Planes()).names(language)
    # no order looks at whether a label was made by a machine: the pairs are older than the skills without one
    assert model.features == tuple(each for each in names if each != "substitute")
