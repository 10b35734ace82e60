"""What each skill would be called: its labels' words, and those that translations and descriptions lend it.

A skill becomes a distribution over the stems of the language. A text is scored by how much likelier its stems are
under the skill than in all labels (Ponte and Croft 1998; with translation: Berger and Lafferty 1999).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from passerelle.linking import terms
from passerelle.linking.compiled_loops import product
from passerelle.linking.label_translation import LabelTranslation, labels_of
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.term_matrix import Rows, Scores, above, counted, rows_where, shares
from passerelle.linking.word_associations import WordAssociations, hashed

MODELS = ("words", "pivot-words", "description", "paraphrase", "mixture", "learned")

_SMOOTHING = 0.3
"""How much a word of a skill counts over its frequency in all labels: of 0.1, 0.3, 0.5 and 2 the best in training."""

_MIXTURE = {"words": 0.5, "pivot-words": 0.2, "description": 0.15, "paraphrase": 0.15}
"""Shares of what speaks of a skill in `mixture`; untuned but for words standing first."""

_LEAST_PARAPHRASE, _LEAST_LEARNED = 0.01, 0.01
"""Probabilities under which a pair of words is chance; without a bound the matrices would be ten times as dense."""

_UNSEEN = 0.5
"""Added to the count of each stem, so that the rarest do not count without bound."""

Language = Mapping[str, SkillTexts]
"""By skill (IRI)."""


class WordModels:
    """The models of `skills` (IRIs, one column each) in a language; `pivot` may be empty."""

    def __init__(
        self, language: str, own: Language, pivot_language: str, pivot: Language, skills: Sequence[str],
        associations: WordAssociations, translated: LabelTranslation,
    ) -> None:  # fmt: skip
        self._language = language
        self._vocabulary = translated.own
        labels = [
            [stem for label in labels_of(own, skill) for stem in terms.stems(label, language)]
            or list(terms.stems(translated.substitutes.get(skill, ""), language))
            for skill in skills
        ]
        counts = self._vocabulary.learn(labels)
        said = shares(counts)
        times = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel() + _UNSEEN
        parts = self._parts(own, pivot, skills, counts, pivot_language, translated)
        parts["words"] = said
        parts["mixture"] = sum(share * parts[name] for name, share in _MIXTURE.items())
        self._models = {name: _surprise(part, times) for name, part in parts.items()}
        self._said, self._times = said, times
        self.learn(associations)

    def _parts(
        self, own: Language, pivot: Language, skills: Sequence[str], counts: Rows, pivot_language: str,
        translated: LabelTranslation,
    ) -> dict[str, Rows]:  # fmt: skip
        there, width = translated.pivot, len(self._vocabulary)
        pivot_counts = there.counts(
            terms.stems(pivot[skill].preferred, pivot_language) if skill in pivot else () for skill in skills
        )
        pivot_described = there.counts(_description(pivot, skill, pivot_language) for skill in skills)
        described = self._vocabulary.counts(_description(own, skill, self._language) for skill in skills)
        # the words of substitutes came later than the translations
        forth, back = translated.forth.copy(), translated.back.copy()
        forth.resize((len(there), width))
        back.resize((width, len(there)))
        around = above((back @ forth).tocsr(), _LEAST_PARAPHRASE)
        brought = (shares(pivot_described) @ forth).tocsr()
        return {
            "pivot-words": (shares(pivot_counts) @ forth).tocsr(),
            # a description in the own language speaks for itself; elsewhere the pivot's is brought over
            "description": shares(described) + rows_where(np.diff(described.indptr) == 0, brought),
            "paraphrase": (shares(counts) @ around).tocsr(),
        }

    def learn(self, associations: WordAssociations) -> None:
        """Take these associations instead of those before."""
        stems = list(self._vocabulary.columns)
        table, self._learned_columns = associations.table(stems)
        used = np.full(len(self._learned_columns), _UNSEEN)
        for stem, count in zip(stems, self._times.tolist(), strict=True):
            used[self._learned_columns[hashed(stem)]] += count
        for each, count in zip(associations.used.tolist(), associations.times.tolist(), strict=True):
            if each in self._learned_columns:
                used[self._learned_columns[each]] += count
        self._models["learned"] = _surprise((self._said @ above(table, _LEAST_LEARNED)).tocsr(), used)

    def scores(self, queries: Sequence[str]) -> dict[str, Scores]:
        """The scores of each model in MODELS, one row a query; a stem counts once."""
        stems = [sorted(set(terms.stems(query, self._language))) for query in queries]
        known = self._vocabulary.counts(stems)
        columns = [
            [self._learned_columns[each] for each in map(hashed, query) if each in self._learned_columns]
            for query in stems
        ]
        learned = counted(columns, len(self._learned_columns))
        return {name: product(learned if name == "learned" else known, self._models[name]) for name in MODELS}


def _description(texts: Language, skill: str, language: str) -> terms.Terms:
    return terms.stems(texts[skill].description, language) if skill in texts else ()


def _surprise(part: Rows, times: npt.NDArray[np.float64]) -> Rows:
    """ln(1 + smoothing · P(stem | skill) / P(stem)), one row a stem, one column a skill."""
    found = part.tocsr().astype(np.float64)
    found.data = np.log1p(_SMOOTHING * found.data * times.sum() / times[found.indices])
    return found.T.tocsr().astype(np.float32)
