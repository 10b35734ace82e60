"""All skills as texts of one language are scored against them: by letters, words, translations and descriptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from passerelle.linking import terms
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.term_matrix import (
    Rows,
    Vocabulary,
    above,
    inverse_frequency,
    shares,
    unit,
    weighted,
)
from passerelle.linking.translation import translation
from passerelle.linking.word_associations import WordAssociations, hashed

Scores = npt.NDArray[np.float32]
"""One row a text, one column a skill."""

SCORERS = (
    "letters",
    "stems",
    "roots",
    "words",
    "pivot-words",
    "description",
    "paraphrase",
    "mixture",
    "pivot-letters",
    "pivot-description-letters",
    "learned",
    "overlap",
)
"""The scores of `LanguageIndex.scores`; each is 0 where it has nothing to say."""

_SMOOTHING = 0.3
"""How much a word of a skill counts over its frequency in all labels: of 0.1, 0.3, 0.5, 2 the best on training pairs."""

_MIXTURE = {"words": 0.5, "pivot-words": 0.2, "description": 0.15, "paraphrase": 0.15}
"""Shares of what speaks of a skill in `mixture`."""

_LEAST_TRANSLATION, _LEAST_PARAPHRASE, _LEAST_LEARNED = 0.02, 0.01, 0.01
"""Probabilities under which a pair of words is chance; without them the matrices are ten times as dense."""

Texts = Mapping[str, Mapping[str, SkillTexts]]
"""By language (primary subtag), then by skill (IRI)."""


@dataclass(frozen=True, slots=True)
class _Labels:
    """All labels of a language; `owner` is the column of the skill of each, in rising order."""

    texts: tuple[str, ...]
    owner: npt.NDArray[np.int64]

    @staticmethod
    def of(language: Mapping[str, SkillTexts], skills: Sequence[str]) -> _Labels:
        found = [
            (label, column)
            for column, skill in enumerate(skills)
            if skill in language
            for label in (language[skill].preferred, *language[skill].alternatives)
            if label
        ]
        return _Labels(tuple(label for label, _ in found), np.array([column for _, column in found], np.int64))

    def best(self, scores: Rows, width: int) -> Scores:
        """The best of the labels of each skill, from scores of labels."""
        found = np.zeros((scores.shape[0], width), np.float32)
        rows = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
        np.maximum.at(found, (rows, self.owner[scores.indices]), scores.data)
        return found


class LanguageIndex:
    """The skills of ESCO (`skills`: IRIs in rising order) for texts in `language`, which `texts` must hold.

    `pivot` is the language whose labels and descriptions are brought in by translation, empty where there is none.
    """

    def __init__(self, language: str, skills: Sequence[str], texts: Texts, associations: WordAssociations) -> None:
        self.language = language
        self.pivot = _pivot(language, texts)
        self.width = len(skills)
        own, other = texts[language], texts.get(self.pivot, {})
        self._labels = _Labels.of(own, skills)
        self._letters = self._by_labels(terms.grams)
        self._stems = self._by_labels(terms.stems)
        self._roots = self._by_labels(terms.roots)
        self._pivot_letters = self._letters_of(
            [other[skill].preferred if skill in other else "" for skill in skills]
        )
        self._pivot_description = self._letters_of(
            [f"{other[skill].preferred} {other[skill].description}" if skill in other else "" for skill in skills]
        )
        self._vocabulary = Vocabulary()
        self._build_words(own, other, skills)
        self._build_learned(associations)
        self._build_overlap(own, skills)

    def _by_labels(self, extractor: terms.Extractor) -> tuple[Vocabulary, Rows, Any]:
        vocabulary = Vocabulary()
        counts = vocabulary.learn(extractor(label, self.language) for label in self._labels.texts)
        weights = inverse_frequency(counts)
        return vocabulary, weighted(counts, weights).T.tocsr(), weights

    def _letters_of(self, texts: Sequence[str]) -> tuple[Vocabulary, Rows, Any]:
        vocabulary = Vocabulary()
        counts = vocabulary.learn(terms.grams(text, self.pivot) for text in texts)
        weights = inverse_frequency(counts)
        return vocabulary, weighted(counts, weights).T.tocsr(), weights

    def _build_words(self, own: Mapping[str, SkillTexts], other: Mapping[str, SkillTexts], skills: Sequence[str]) -> None:
        here, there = self._vocabulary, Vocabulary()
        labels = here.learn(self._stems_of(own, skills))
        self._background = _background(labels)
        described = here.counts(self._descriptions(own, skills, self.language))
        pivot = there.learn(
            terms.stems(other[skill].preferred, self.pivot) if skill in other else () for skill in skills
        )
        pivot_described = there.counts(self._descriptions(other, skills, self.pivot))
        given, said = [], []
        columns, pivot_columns = here.columns, there.columns
        for skill in skills:
            if skill in own and skill in other:
                source = [pivot_columns[stem] for stem in terms.stems(other[skill].preferred, self.pivot)]
                for label in (own[skill].preferred, *own[skill].alternatives):
                    given.append(source)
                    said.append([columns[stem] for stem in terms.stems(label, self.language)])
        here_given_there = above(translation(given, said, (len(there), len(here))), _LEAST_TRANSLATION)
        there_given_here = above(translation(said, given, (len(here), len(there))), _LEAST_TRANSLATION)
        paraphrases = above((there_given_here @ here_given_there).tocsr(), _LEAST_PARAPHRASE)
        self._shares = shares(labels)
        described_here = shares(described)
        described_there = (shares(pivot_described) @ here_given_there).tocsr()
        silent = np.diff(described_here.indptr) == 0
        parts = {
            "words": self._shares,
            "pivot-words": (shares(pivot) @ here_given_there).tocsr(),
            # a description in the own language speaks for itself; elsewhere the pivot's is brought over
            "description": (described_here + _only(described_there, silent)).tocsr(),
            "paraphrase": (self._shares @ paraphrases).tocsr(),
        }
        parts["mixture"] = sum(share * parts[name] for name, share in _MIXTURE.items()).tocsr()
        self._words = {name: _surprise(part, self._background).T.tocsr() for name, part in parts.items()}

    def _stems_of(self, own: Mapping[str, SkillTexts], skills: Sequence[str]) -> list[list[str]]:
        return [
            [
                stem
                for label in ((own[skill].preferred, *own[skill].alternatives) if skill in own else ())
                for stem in terms.stems(label, self.language)
            ]
            for skill in skills
        ]

    @staticmethod
    def _descriptions(texts: Mapping[str, SkillTexts], skills: Sequence[str], language: str) -> list[terms.Terms]:
        return [terms.stems(texts[skill].description, language) if skill in texts else () for skill in skills]

    def _build_learned(self, associations: WordAssociations) -> None:
        table, self._learned_columns = associations.table(list(self._vocabulary.columns))
        said = (self._shares @ above(table, _LEAST_LEARNED)).tocsr()
        times = np.full(len(self._learned_columns), 0.5)
        for stem, column in self._vocabulary.columns.items():
            times[self._learned_columns[hashed(stem)]] += self._label_times[column]
        for each, count in zip(associations.used.tolist(), associations.times.tolist(), strict=True):
            if each in self._learned_columns:
                times[self._learned_columns[each]] += count
        self._learned = _surprise(said, times / times.sum()).T.tocsr()
