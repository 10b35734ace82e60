"""Learns the weights of the ranking from linked pairs: run by `tests/benchmarks/fit_ranking.py`, never in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from tests.benchmarks.fitted_associations import associations

from passerelle.linking.linked_texts import LinkedText
from passerelle.linking.pair_features import Features
from passerelle.linking.ranking import SkillRanker
from passerelle.linking.ranking_weights import RankingModel
from passerelle.linking.skill_pool import Pool
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.split import FOLDS, fold
from passerelle.linking.word_associations import WordAssociations

_GAIN = {"skos:exactMatch": 4.0, "skos:closeMatch": 1.0, "skos:broadMatch": 0.5, "skos:narrowMatch": 0.5}
"""What the order is taught to put first, by relation; others teach nothing."""

_CHUNK = 64
_NEVER = -1e6
"""A score whose share of a softmax is 0."""

_UNTAUGHT = "substitute"
"""The feature that no order looks at: see `Lessons`."""
PENALTY = 1e-3
"""Weight of the squared coefficients; between 1e-4 and 1e-2 the figures stay the same within their error."""

_LISTED = 10
"""Proposals of a text that the confidences are fitted on: what users are shown."""


def pools(
    ranker: SkillRanker, queries: Sequence[LinkedText], own: Mapping[str, SkillTexts], language: str
) -> tuple[Pool, npt.NDArray[np.int64]]:
    """The pool of each query with associations learned from the other folds, and the folds."""
    folds = np.array([fold(query.identifier) for query in queries])
    columns: list[npt.NDArray[np.int64] | None] = [None] * len(queries)
    features: list[Features | None] = [None] * len(queries)
    for held in range(FOLDS):
        others = [query for query, each in zip(queries, folds, strict=True) if each != held]
        ranker.learn(language, associations(others, own, language) if own else WordAssociations.none(language))
        places = np.flatnonzero(folds == held).tolist()
        found = _pooled(ranker, [queries[each] for each in places], language)
        for place, column, feature in zip(places, *found, strict=True):
            columns[place], features[place] = column, feature
    stacked = Pool(
        np.stack([each for each in columns if each is not None]),
        np.stack([each for each in features if each is not None]),
    )
    return stacked, folds


def taught_names(names: Sequence[str]) -> tuple[list[str], list[int]]:
    """The features that an order is fitted on, and their places."""
    places = [place for place, name in enumerate(names) if name != _UNTAUGHT]
    return [names[place] for place in places], places


def possible(pool: Pool, own: Mapping[str, SkillTexts], skills: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which skills of the pools have a label in the language of the pairs; all where it has none."""
    named = np.array([not own or skill in own for skill in skills])
    found: npt.NDArray[np.bool_] = named[pool.columns]
    return found


def pool_of(ranker: SkillRanker, queries: Sequence[LinkedText], language: str) -> Pool:
    """The pool of each query as the ranker stands."""
    columns, features = _pooled(ranker, queries, language)
    return Pool(np.stack(columns), np.stack(features))


def _pooled(
    ranker: SkillRanker, queries: Sequence[LinkedText], language: str
) -> tuple[list[npt.NDArray[np.int64]], list[Features]]:
    columns: list[npt.NDArray[np.int64]] = []
    features: list[Features] = []
    for start in range(0, len(queries), _CHUNK):
        found = ranker.pool([each.text for each in queries[start : start + _CHUNK]], language)
        columns.extend(found.columns)
        features.extend(found.features)
    return columns, features


def targets(
    pool: Pool, queries: Sequence[LinkedText], skills: Sequence[str], gain: Callable[[str], float]
) -> npt.NDArray[np.float32]:
    """The gain of each skill of the pool: 0 where it is not linked."""
    place = {skill: column for column, skill in enumerate(skills)}
    found = np.zeros(pool.columns.shape, np.float32)
    for row, query in enumerate(queries):
        gains = {place[skill]: gain(relation) for skill, relation in query.skills.items() if skill in place}
        for column, each in gains.items():
            found[row, pool.columns[row] == column] = each
    return found


def gain(relation: str) -> float:
    """What a relation (CURIE) is worth to the order."""
    return _GAIN.get(relation, 0.0)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Texts that teach: the features of their pools, what is wanted of each skill (0: not), how much they count.

    What is not `possible` teaches nothing: who linked the pairs of an older ESCO could not choose a newer skill.
    """

    features: Features
    wanted: npt.NDArray[np.float32]
    possible: npt.NDArray[np.bool_]
    weight: float = 1.0

    def without(self, held: npt.NDArray[np.bool_]) -> Lessons:
        """Those that are not held back."""
        return Lessons(self.features[~held], self.wanted[~held], self.possible[~held], self.weight)


def fitted_order(names: Sequence[str], lessons: Sequence[Lessons], penalty: float = PENALTY) -> RankingModel:
    """The linear order whose softmax over each pool comes nearest to the gains (cross entropy, listwise).

    Features are centred and scaled by the first of `lessons`; each lesson counts by its weight, whatever its size.
    Source: Z. Cao and others, "Learning to rank: from pairwise approach to listwise approach", ICML 2007, top one.
    """
    flat = lessons[0].features.reshape(-1, len(names)).astype(np.float64)
    mean, scale = flat.mean(axis=0), flat.std(axis=0)
    scale = np.where(scale < 1e-6, 1, scale)
    taught = []
    for each in lessons:
        rows = each.wanted.sum(axis=1) > 0
        shares = each.wanted[rows] / each.wanted[rows].sum(axis=1, keepdims=True)
        inputs = ((each.features[rows] - mean) / scale).astype(np.float32)
        taught.append((inputs, shares, np.where(each.possible[rows], 0.0, _NEVER), each.weight))

    def loss(coefficients: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        fit, slope = penalty * float(coefficients @ coefficients), 2 * penalty * coefficients
        for inputs, shares, barred, weight in taught:
            scores = (inputs @ coefficients.astype(np.float32)).astype(np.float64) + barred
            scores -= scores.max(axis=1, keepdims=True)
            exponents = np.exp(scores)
            sums = exponents.sum(axis=1, keepdims=True)
            fit -= weight * float((shares * (scores - np.log(sums))).sum(axis=1).mean())
            error = (weight * (exponents / sums - shares) / len(shares)).astype(np.float32)
            slope = slope + np.einsum("ts,tsf->f", error, inputs).astype(np.float64)
        return fit, slope

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return RankingModel(tuple(names), _plain(mean), _plain(scale), _plain(found))


def out_of_fold(
    names: Sequence[str], lessons: Sequence[Lessons], folds: Sequence[npt.NDArray[np.int64]], penalty: float = PENALTY
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """The scores and confidence inputs of each text of the last lesson under orders fitted on the other folds."""
    asked = lessons[-1]
    scores = np.zeros(asked.wanted.shape, np.float32)
    inputs: npt.NDArray[np.float64] | None = None
    for held in range(FOLDS):
        here = folds[-1] == held
        kept = [each.without(of_each == held) for each, of_each in zip(lessons, folds, strict=True)]
        model = fitted_order(names, kept, penalty)
        scores[here] = model.scores(asked.features[here])
        found = model.confidence_inputs(asked.features[here], scores[here])
        if inputs is None:
            inputs = np.zeros((*asked.wanted.shape, found.shape[-1]))
        inputs[here] = found
    if inputs is None:
        raise ValueError(names)
    return scores, inputs


def fitted_confidence(
    scores: npt.NDArray[np.float32],
    inputs: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    known: npt.NDArray[np.bool_] | None = None,
    listed: int = _LISTED,
) -> tuple[tuple[float, ...], float]:
    """Coefficients and intercept of a logistic regression of `right` on the inputs of the first `listed` proposals.

    Of those proposals that are `known` to be right or wrong, where some are not.
    """
    places = np.argsort(-scores, axis=1, kind="stable")[:, :listed]
    chosen = np.take_along_axis(inputs, places[..., None], axis=1).reshape(-1, inputs.shape[-1])
    truth = np.take_along_axis(right, places, axis=1).ravel().astype(np.float64)
    if known is not None:
        kept = np.take_along_axis(known, places, axis=1).ravel()
        chosen, truth = chosen[kept], truth[kept]
    mean, scale = chosen.mean(axis=0), np.maximum(chosen.std(axis=0), 1e-6)
    standard = (chosen - mean) / scale

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        logits = standard @ weights[:-1] + weights[-1]
        fit = np.logaddexp(0, logits).mean() - (truth * logits).mean()
        error = (1 / (1 + np.exp(-logits)) - truth) / len(truth)
        slope = np.append(standard.T @ error, error.sum())
        penalty = np.append(weights[:-1], 0)
        return float(fit + 1e-5 * penalty @ penalty), slope + 2e-5 * penalty

    found = minimize(loss, np.zeros(chosen.shape[1] + 1), jac=True, method="L-BFGS-B").x
    coefficients = found[:-1] / scale
    return _plain(coefficients), float(found[-1] - coefficients @ mean)


def _plain(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(each) for each in values)
