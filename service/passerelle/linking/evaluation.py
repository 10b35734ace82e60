"""Measures a ranker on linked texts: its order, its confidences, and the baseline to beat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from passerelle.linking import terms
from passerelle.linking.calibration import Calibration, Threshold, calibration, thresholds
from passerelle.linking.cosine_index import CosineIndex
from passerelle.linking.language_index import best_columns
from passerelle.linking.linked_texts import LinkedText
from passerelle.linking.ranking import RankedSkill, SkillRanker
from passerelle.linking.ranking_weights import RankingWeights
from passerelle.linking.retrieval import LISTED, Measured, measured
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.split import text_hash

_LEAST = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
_BASELINE_CHUNK = 256
_EXACT = "skos:exactMatch"


@dataclass(frozen=True, slots=True)
class Quality:
    """The measures over exact matches, and over links of any relation."""

    exact: Measured | None
    every: Measured | None


@dataclass(frozen=True, slots=True)
class Confidences:
    """How well confidences are calibrated: of the first proposals, of all listed ones, and what thresholds leave."""

    first: Calibration
    listed: Calibration
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured.

    `fitted` of the `queries` took part in the making of the weights; `unseen` is the quality on the others, on which
    the confidences are measured as well (None where there are none).
    """

    queries: int
    fitted: int
    quality: Quality
    unseen: Quality
    baseline: Quality
    confidences: Confidences | None


def evaluate(
    ranker: SkillRanker,
    weights: RankingWeights,
    queries: Sequence[LinkedText],
    labels: Sequence[SkillTexts],
    language: str,
    *,
    test_only: bool = False,
) -> Evaluation:
    """Rank the queries (all, or those that took no part in the making of the weights) and measure.

    `labels` are the skills of that language, for the baseline. A proposal is right, for the confidences, where it is
    linked to the query with any relation.
    """
    seen = [text_hash(query.text) in weights.fitted for query in queries]
    if test_only:
        queries = [query for query, known in zip(queries, seen, strict=True) if not known]
        seen = [False] * len(queries)
    ranked = ranker.rank([query.text for query in queries], language, LISTED)
    order = [[each.skill for each in proposals] for proposals in ranked]
    unseen = [place for place, known in enumerate(seen) if not known]
    held_back = [queries[place] for place in unseen]
    return Evaluation(
        len(queries),
        sum(seen),
        _quality(order, queries),
        _quality([order[place] for place in unseen], held_back),
        _quality(_baseline([query.text for query in queries], labels, language), queries),
        _confidences([ranked[place] for place in unseen], held_back),
    )


def _quality(order: Sequence[Sequence[str]], queries: Sequence[LinkedText]) -> Quality:
    exact = [{skill for skill, relation in query.skills.items() if relation == _EXACT} for query in queries]
    return Quality(measured(order, exact), measured(order, [set(query.skills) for query in queries]))


def _confidences(ranked: Sequence[Sequence[RankedSkill]], queries: Sequence[LinkedText]) -> Confidences | None:
    pairs = [
        [(each.confidence, each.skill in query.skills) for each in proposals]
        for proposals, query in zip(ranked, queries, strict=True)
        if proposals
    ]
    if not pairs:
        return None
    return Confidences(
        _calibration(each[:1] for each in pairs),
        _calibration(pairs),
        thresholds([each[0] for each in pairs], _LEAST),
    )


def _calibration(pairs: Iterable[Sequence[tuple[float, bool]]]) -> Calibration:
    known = list(pairs)
    return calibration(
        [[confidence for confidence, _ in each] for each in known], [[truth for _, truth in each] for each in known]
    )


def _baseline(texts: Sequence[str], skills: Sequence[SkillTexts], language: str) -> list[list[str]]:
    """TF-IDF of runs of three to five letters over the labels, the best label of a skill counting."""
    iris = [each.skill for each in skills]
    labels = [
        (label, column) for column, each in enumerate(skills) for label in (each.preferred, *each.alternatives) if label
    ]
    owner = np.array([column for _, column in labels], np.int64)
    index = CosineIndex(terms.grams, language, [label for label, _ in labels], owner, len(iris))
    found: list[list[str]] = []
    for start in range(0, len(texts), _BASELINE_CHUNK):
        scores = index.scores(texts[start : start + _BASELINE_CHUNK], language)
        found += [[iris[column] for column in row] for row in best_columns(scores, LISTED)]
    return found
