"""Skills that are found by the vectors of a sentence encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.term_matrix import Scores

if TYPE_CHECKING:
    from passerelle.linking.encoder import Encoder

ENCODER = "encoder"
"""The score of all models of an encoder together, over the labels of both languages."""

MEANINGS_ABROAD = (ENCODER, "encoder-1-pivot", "encoder-2-pivot")
"""The scores where ESCO is not loaded in the language of the text: the pivot's labels, by each model of the encoder."""

MEANINGS = (*MEANINGS_ABROAD, "encoder-1-own", "encoder-2-own")
"""Elsewhere the labels in the text's own language count by themselves too."""


class MeaningIndex:
    """The preferred labels of `skills` (IRIs, one column each) as vectors: in `language`, and in a pivot."""

    def __init__(
        self, encoder: Encoder, texts: Mapping[str, Mapping[str, SkillTexts]], skills: Sequence[str], language: str
    ) -> None:
        self._encoder = encoder
        self._width = len(skills)
        self._names = MEANINGS if language in texts else MEANINGS_ABROAD
        self._labels: list[tuple[str, npt.NDArray[np.int64], npt.NDArray[np.float32]]] = []
        for each, own in texts.items():
            columns = np.array([column for column, skill in enumerate(skills) if skill in own], np.int64)
            labels = [own[skills[column]].preferred for column in columns]
            if labels:
                role = "own" if each == language else "pivot"
                self._labels.append((role, columns, encoder.encode(labels, each, labels=True)))

    def scores(self, queries: Sequence[str], language: str) -> dict[str, Scores]:
        """The scores of MEANINGS, or MEANINGS_ABROAD: standard deviations above the text's mean cosine; at least 0.

        Encoders differ in the level and the spread of their cosines; this they have in common.
        """
        vectors = self._encoder.encode(queries, language)
        found = dict.fromkeys(self._names, np.zeros((len(queries), self._width), np.float32))
        best = np.full((len(queries), self._width), -np.inf, np.float32)
        for role, columns, labels in self._labels:
            # a model that does not know the language has no vector, and the first speaks for it
            parts = [part if vectors[:, part].any() else self._encoder.parts[0] for part in self._encoder.parts]
            cosines = [vectors[:, part] @ labels[:, part].T for part in parts]
            for number, each in enumerate(cosines, 1):
                found[f"encoder-{number}-{role}"] = self._standard(each, columns)
            best[:, columns] = np.maximum(best[:, columns], sum(cosines))
        columns = np.flatnonzero(np.isfinite(best).all(axis=0))
        return found | {ENCODER: self._standard(best[:, columns], columns)}

    def _standard(self, cosines: Scores, columns: npt.NDArray[np.int64]) -> Scores:
        found = np.zeros((len(cosines), self._width), np.float32)
        if len(columns):
            mean, spread = cosines.mean(axis=1, keepdims=True), cosines.std(axis=1, keepdims=True)
            found[:, columns] = np.maximum((cosines - mean) / np.maximum(spread, np.float32(1e-6)), 0)
        return found
