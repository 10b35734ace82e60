"""Measures of a ranking: precision at 1, recall at 5 and 10, mean reciprocal rank, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

LISTED = 10
"""Proposals that are looked at; a skill further down counts as not found, also for the reciprocal rank."""

_DRAWS = 1_000
_SEED = 20261122


@dataclass(frozen=True, slots=True)
class Measured:
    """Means over the queries, and 95 % intervals (bootstrap over queries) by the name of the measure."""

    queries: int
    precision_at_1: float
    recall_at_5: float
    recall_at_10: float
    mrr: float
    intervals: dict[str, tuple[float, float]]


MEASURES = ("precision_at_1", "recall_at_5", "recall_at_10", "mrr")


def measured(ranked: Sequence[Sequence[str]], wanted: Sequence[Collection[str]]) -> Measured | None:
    """The measures over the queries that want something; None where none does.

    Precision at 1: is the first proposal wanted. Recall at k: the share of the wanted skills among the first k.
    Reciprocal rank: 1 / place of the first wanted skill, 0 where none is among the first LISTED.
    """
    rows = []
    for proposals, skills in zip(ranked, wanted, strict=True):
        if not skills:
            continue
        listed = list(proposals[:LISTED])
        place = next((number for number, each in enumerate(listed, 1) if each in skills), 0)
        recall = [len(set(listed[:depth]) & set(skills)) / len(skills) for depth in (5, 10)]
        rows.append((float(place == 1), *recall, 1 / place if place else 0.0))
    if not rows:
        return None
    values = np.array(rows)
    draws = np.random.default_rng(_SEED).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), _DRAWS)
    low, high = np.quantile(draws @ values / len(rows), (0.025, 0.975), axis=0)
    intervals = {name: (float(low[place]), float(high[place])) for place, name in enumerate(MEASURES)}
    first, five, ten, reciprocal = (float(each) for each in values.mean(axis=0))
    return Measured(len(rows), first, five, ten, reciprocal, intervals)
