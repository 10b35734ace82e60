"""Skills that are found by the vectors of a sentence encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.term_matrix import Scores

if TYPE_CHECKING:
    from passerelle.linking.encoder import Encoder


class MeaningIndex:
    """The preferred labels of `skills` (IRIs, one column each) in some languages, as vectors."""

    def __init__(self, encoder: Encoder, texts: Mapping[str, Mapping[str, SkillTexts]], skills: Sequence[str]) -> None:
        self._encoder = encoder
        self._width = len(skills)
        self._parts = []
        self._known = np.array([any(skill in own for own in texts.values()) for skill in skills], np.bool_)
        for language, own in texts.items():
            columns = np.array([column for column, skill in enumerate(skills) if skill in own], np.int64)
            labels = [own[skills[column]].preferred for column in columns]
            if labels:
                self._parts.append((columns, encoder.encode(labels, language, labels=True)))

    def scores(self, queries: Sequence[str], language: str) -> Scores:
        """How many standard deviations the nearest label of a skill is above the text's mean cosine; at least 0.

        Encoders differ in the level and the spread of their cosines; this they have in common.
        """
        vectors = self._encoder.encode(queries, language)
        found = np.full((len(queries), self._width), -1, np.float32)
        for columns, labels in self._parts:
            found[:, columns] = np.maximum(found[:, columns], vectors @ labels.T)
        known = found[:, self._known]
        if not known.shape[1]:
            return np.zeros_like(found)
        mean, spread = known.mean(axis=1, keepdims=True), known.std(axis=1, keepdims=True)
        scores: Scores = np.maximum((found - mean) / np.maximum(spread, np.float32(1e-6)), 0).astype(np.float32)
        return scores
