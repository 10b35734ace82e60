"""All skills scored against texts of one language: by letters, words, translations and descriptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from passerelle.linking import terms
from passerelle.linking.cosine_index import CosineIndex
from passerelle.linking.label_translation import LabelTranslation, labels_of
from passerelle.linking.meaning_index import ENCODER, MeaningIndex
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.term_matrix import Scores
from passerelle.linking.word_associations import WordAssociations
from passerelle.linking.word_models import MODELS, WordModels

if TYPE_CHECKING:
    from passerelle.linking.encoder import Encoder

SCORERS = ("letters", "roots", *MODELS, "pivot-letters")
"""The scores in a language that ESCO is loaded in; each is 0 where it has nothing to say."""

SCORERS_ABROAD = ("pivot-letters",)
"""The scores in any other language: words that many languages share ("photovoltaic")."""

_FIRST = {"mixture": 1.0, "letters": 0.7, "learned": 0.7, "roots": 0.6, "pivot-letters": 0.3, ENCODER: 2.0}
"""Weights of the scores, each over its best of the text, that choose which skills are looked at closely."""

Texts = Mapping[str, Mapping[str, SkillTexts]]
"""By language (primary subtag), then by skill (IRI)."""


class LanguageIndex:
    """The skills of ESCO (`skills`: IRIs in rising order) for texts in `language`.

    Where `texts` does not hold that language, only what languages share is left, and the encoder.
    """

    def __init__(
        self, language: str, skills: Sequence[str], texts: Texts, associations: WordAssociations,
        encoder: Encoder | None = None,
    ) -> None:  # fmt: skip
        self.language = language
        pivot = pivot_of(language, texts)
        own, other = dict(texts.get(language, {})), texts.get(pivot, {})
        translated = LabelTranslation(language, own, pivot, other, skills)
        self.substitutes: Mapping[str, str] = translated.substitutes
        labels = [
            (label, column)
            for column, skill in enumerate(skills)
            for label in labels_of(own, skill) or [self.substitutes.get(skill, "")]
            if label
        ]
        said = [label for label, _ in labels]
        owner = np.array([column for _, column in labels], np.int64)
        across = [column for column, skill in enumerate(skills) if skill in other]
        preferred = [other[skills[column]].preferred for column in across]
        width = len(skills)
        self._cosines = {
            "letters": CosineIndex(terms.grams, language, said, owner, width),
            "roots": CosineIndex(terms.roots, language, said, owner, width),
        }
        self._pivot_letters = CosineIndex(terms.grams, pivot, preferred, np.array(across, np.int64), width)
        self._models = WordModels(language, own, pivot, other, skills, associations, translated) if own else None
        self._meanings: MeaningIndex | None = None
        if encoder:
            named = own | {skill: SkillTexts(skill, language, label) for skill, label in self.substitutes.items()}
            self._meanings = MeaningIndex(
                encoder, {each: known for each, known in ((language, named), (pivot, other)) if known}, skills, language
            )

    def learn(self, associations: WordAssociations) -> None:
        """Take these associations instead of those before; for fitting."""
        if self._models is not None:
            self._models.learn(associations)

    def scores(self, texts: Sequence[str]) -> dict[str, Scores]:
        """One row a text, one column a skill: the scores of SCORERS or SCORERS_ABROAD, then of the encoder."""
        found: dict[str, Scores] = {}
        if self._models is not None:
            found = {name: index.scores(texts, self.language) for name, index in self._cosines.items()}
            found |= self._models.scores(texts)
        found["pivot-letters"] = self._pivot_letters.scores(texts, self.language)
        if self._meanings is not None:
            found |= self._meanings.scores(texts, self.language)
        return found


def first_choice(scores: Mapping[str, Scores]) -> Scores:
    """One score out of several, to choose the skills that are looked at closely."""
    found = np.zeros_like(scores["pivot-letters"])
    for name, weight in _FIRST.items():
        each = scores.get(name)
        if each is None:
            continue
        found += weight * each / np.maximum(each.max(axis=1, keepdims=True, initial=0), np.float32(1e-6))
    return found


def best_columns(scores: Scores, number: int) -> npt.NDArray[np.int64]:
    """The columns of the best scores of each row, best first, ties by column."""
    number = min(number, scores.shape[1])
    cut = np.partition(scores, scores.shape[1] - number, axis=1)[:, scores.shape[1] - number]
    found = np.empty((scores.shape[0], number), np.int64)
    for row, (values, least) in enumerate(zip(scores, cut, strict=True)):
        reached = np.flatnonzero(values >= least)
        found[row] = reached[np.argsort(-values[reached], kind="stable")[:number]]
    return found


def pivot_of(language: str, texts: Texts) -> str:
    """The other language with the most descriptions, then labels; the first by its code where they are equal."""
    others = sorted(each for each in texts if each != language)
    said = {each: sum(bool(skill.description) for skill in texts[each].values()) for each in others}
    return max(others, key=lambda each: (said[each], len(texts[each])), default="")
