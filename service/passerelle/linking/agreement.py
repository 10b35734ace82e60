"""How far the two passes of the judgements agree: raw agreement and Cohen's kappa, with intervals over outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from passerelle.linking.judgements import CORRECT, RELATIONS, JudgedOutcome, Relation
from passerelle.linking.resampling import Estimate, Sums, estimate


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on the pooled pairs; the estimates count pairs, the intervals draw outcomes.

    `on_correct` asks whether a link is correct or not, `on_relation` which of the six relations holds.
    """

    outcomes: int
    pairs: int
    on_correct: Estimate
    kappa_on_correct: Estimate
    on_relation: Estimate
    kappa_on_relation: Estimate


def agreement(outcomes: Iterable[JudgedOutcome], number: int) -> Agreement:
    """The agreement of the two passes of a round of judging on some outcomes.

    Pairs that a judge added are left out, also where both added the same: who adds a pair judges it correct.
    """
    both = [
        [
            (each.first, each.second)
            for each in outcome.judgements
            if each.pooled and each.round == number and each.first and each.second
        ]
        for outcome in outcomes
    ]
    both = [pairs for pairs in both if pairs]
    pairs = sum(map(len, both))
    relations = np.array([_table(each, RELATIONS.index, len(RELATIONS)) for each in both], dtype=np.float64)
    correct = np.array([_table(each, lambda name: int(name in CORRECT), 2) for each in both], dtype=np.float64)
    return Agreement(
        len(both),
        pairs,
        estimate(correct, raw_agreement, pairs),
        estimate(correct, cohen_kappa, pairs),
        estimate(relations, raw_agreement, pairs),
        estimate(relations, cohen_kappa, pairs),
    )


def raw_agreement(tables: Sums) -> Sums:
    """The share of pairs on the diagonal of contingency tables, each flattened row by row; NaN without pairs."""
    square = _square(tables)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.trace(square, axis1=-2, axis2=-1) / square.sum(axis=(-2, -1)))


def cohen_kappa(tables: Sums) -> Sums:
    """Cohen's kappa (1960) of contingency tables, each flattened row by row; NaN where chance alone gives agreement."""
    square = _square(tables)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = square / square.sum(axis=(-2, -1), keepdims=True)
        observed = np.trace(share, axis1=-2, axis2=-1)
        expected = (share.sum(axis=-1) * share.sum(axis=-2)).sum(axis=-1)
        return np.asarray(np.where(expected < 1, (observed - expected) / (1 - expected), np.nan))


def _square(tables: Sums) -> Sums:
    size = int(np.sqrt(tables.shape[-1]))
    return tables.reshape(*tables.shape[:-1], size, size)


def _table(pairs: Iterable[tuple[Relation, Relation]], place: Callable[[Relation], int], size: int) -> list[int]:
    counts = [0] * (size * size)
    for first, second in pairs:
        counts[place(first) * size + place(second)] += 1
    return counts
