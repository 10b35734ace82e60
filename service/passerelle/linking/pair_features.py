"""What the learned ranking looks at for a text and each of the skills that were chosen for a closer look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from passerelle.linking import terms
from passerelle.linking.compiled_loops import kin_shares, product
from passerelle.linking.labels import exact_key, near_key
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.term_matrix import Scores, Vocabulary, inverse_frequency

Columns = npt.NDArray[np.int64]
"""One row a text: the columns of its skills, best first."""

Features = npt.NDArray[np.float32]
"""Text, skill, feature."""

Language = Mapping[str, SkillTexts]

OF_EACH_SCORE = ("value", "relative", "reciprocal-rank")
_FROM = 10
"""Added to a rank before it is inverted: of 60 candidates the first few matter (60 is usual for lists of 1,000)."""

OF_PAIRS = (
    "text-covered", "label-covered", "label-words", "words-difference", "first-word", "last-word", "same-wording",
    "same-stems", "knowledge", "skill", "action", "action-on-skill", "occupations", "transversal", "cross-sector",
    "occupation-specific", "kin", "substitute",
)  # fmt: skip

_KIN = 20
"""Skills of the first choice whose broader concepts count for `kin`."""

_ACTION = ("er", "ir", "re", "oir")


def feature_names(scorers: Sequence[str]) -> list[str]:
    """The names of the features in their order, for these scores."""
    return [f"{scorer}/{each}" for scorer in scorers for each in OF_EACH_SCORE] + list(OF_PAIRS)


class PairFeatures:
    """The facts of `skills` (IRIs, in the order of the columns) for texts of one language.

    `substitutes` are labels by skill where `own` has none; no wording counts as the same as theirs.
    """

    def __init__(
        self, language: str, own: Language, facts: Language, skills: Sequence[str], substitutes: Mapping[str, str]
    ) -> None:
        self._language = language
        labels = [own[skill].preferred if skill in own else substitutes.get(skill, "") for skill in skills]
        self._substitute = np.array([skill in substitutes for skill in skills], np.float32)
        self._vocabulary = Vocabulary()
        stems = [terms.stems(label, language) for label in labels]
        counts = self._vocabulary.learn(sorted(set(each)) for each in stems)
        self._weights = inverse_frequency(counts)
        self._heaviest = float(self._weights.max(initial=1))
        counts.data = self._weights[counts.indices]
        self._labels = counts.T.tocsr()
        self._label_weights = np.asarray(counts.sum(axis=1), dtype=np.float32).ravel()
        self._label_words = np.array([len(each) for each in stems], np.float32)
        self._first = np.array([self._column(each[:1], -1) for each in stems], np.int64)
        self._last = np.array([self._column(each[-1:], -1) for each in stems], np.int64)
        known = [facts[skill] for skill in skills]
        kind = [each.skill_type.rpartition("/")[2] for each in known]
        reuse = [each.reuse_level.rpartition("/")[2] for each in known]
        self._facts = np.array(
            [
                [each == "knowledge" for each in kind],
                [each == "skill" for each in kind],
                [np.log1p(each.occupations) for each in known],
                [each == "transversal" for each in reuse],
                [each == "cross-sector" for each in reuse],
                [each == "occupation-specific" for each in reuse],
            ],
            np.float32,
        ).T
        groups = Vocabulary()
        self._broader = groups.learn(each.broader for each in known)
        self._wordings = _keys(own, skills, exact_key)
        self._near = _keys(own, skills, lambda label: near_key(exact_key(label), language))

    def _column(self, stem: Sequence[str], otherwise: int) -> int:
        return self._vocabulary.columns[stem[0]] if stem else otherwise

    def features(
        self, texts: Sequence[str], scores: Mapping[str, Scores], first: Scores, pool: Columns, rows: Columns
    ) -> Features:
        """One row a text, one column a skill of `pool`, features in the order of `feature_names(scores)`.

        `rows` are the rows of `scores` and of their first choice `first` that are the texts'.
        """
        found = []
        for score in scores.values():
            here = score[rows[:, None], pool]
            best = np.maximum(score.max(axis=1, initial=0)[rows], np.float32(1e-6))
            found += [here, here / best[:, None], _reciprocal_rank(here)]
        near = first[rows[:, None], pool]
        return np.stack([*found, *self._pairs(texts, near, pool)], axis=-1).astype(np.float32)

    def _pairs(self, texts: Sequence[str], near: Scores, pool: Columns) -> list[Scores]:
        stems = [terms.stems(text, self._language) for text in texts]
        distinct = [sorted(set(each)) for each in stems]
        counts = self._vocabulary.counts(distinct)
        both = np.take_along_axis(product(counts, self._labels), pool, axis=1)
        unknown = np.array([len(each) for each in distinct]) - np.diff(counts.indptr)
        counts.data = self._weights[counts.indices]
        whole = np.asarray(counts.sum(axis=1)).ravel() + unknown * self._heaviest
        long = np.array([len(each) for each in stems], np.float32)[:, None]
        opening = np.array([self._known(each[:1]) for each in stems])[:, None]
        closing = np.array([self._known(each[-1:]) for each in stems])[:, None]
        words = self._label_words[pool]
        facts = self._facts[pool]
        action = np.array([[_is_action(text, self._language)] for text in texts], np.float32)
        action = np.broadcast_to(action, pool.shape)
        return [
            both / np.maximum(whole[:, None], 1e-6),
            both / np.maximum(self._label_weights[pool], np.float32(1e-6)),
            words,
            words - long,
            (self._first[pool] == opening).astype(np.float32),
            (self._last[pool] == closing).astype(np.float32),
            self._same(self._wordings, [exact_key(text) for text in texts], pool),
            self._same(self._near, [near_key(exact_key(text), self._language) for text in texts], pool),
            facts[..., 0],
            facts[..., 1],
            action,
            action * facts[..., 1],
            *(facts[..., place] for place in range(2, 6)),
            kin_shares(near, pool, self._broader, _KIN),
            self._substitute[pool],
        ]

    def _known(self, stem: Sequence[str]) -> int:
        return self._vocabulary.columns.get(stem[0], -2) if stem else -2

    @staticmethod
    def _same(keys: Mapping[str, frozenset[int]], texts: Sequence[str], pool: Columns) -> Scores:
        found = np.zeros(pool.shape, np.float32)
        for row, key in enumerate(texts):
            columns = keys.get(key)
            if columns:
                found[row] = np.isin(pool[row], list(columns))
        return found


def _keys(own: Language, skills: Sequence[str], key_of: terms.KeyOf) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for column, skill in enumerate(skills):
        if skill in own:
            for label in (own[skill].preferred, *own[skill].alternatives):
                key = key_of(label)
                if key:
                    found.setdefault(key, set()).add(column)
    return {key: frozenset(columns) for key, columns in found.items()}


def _reciprocal_rank(values: Scores) -> Scores:
    ranks = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1, kind="stable")
    found: Scores = np.where(values > 0, 1 / (_FROM + ranks), 0).astype(np.float32)
    return found


def _is_action(text: str, language: str) -> bool:
    """Whether a French text begins with an infinitive: the skills of ESCO do, its knowledge does not."""
    first = next(iter(terms.words(text, language)), "")
    return language == "fr" and first.endswith(_ACTION)
