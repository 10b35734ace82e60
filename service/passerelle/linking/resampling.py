"""Intervals by bootstrap over clusters: what is drawn again is an outcome with all its pairs, never a single pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.float64]
"""Sums over pairs: the last axis holds the sums that a statistic needs."""

RESAMPLES = 2_000
SEED = 20_261_123
"""Fixed, so that the same judgements give the same interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or a coefficient with its 95 % percentile interval and the number of cases behind it.

    `value`, `lower` and `upper` are None where there is no case, or where the statistic is not defined.
    """

    value: float | None
    lower: float | None
    upper: float | None
    n: int


def estimate(clusters: Sums, statistic: Callable[[Sums], Sums], n: int) -> Estimate:
    """The statistic of all clusters together, with its interval.

    `clusters` has a row for each cluster; `statistic` maps sums of such rows, of shape (…, columns), to shape (…) and
    answers NaN where it is not defined. Samples where it is NaN are left out of the interval.
    """
    if not len(clusters):
        return Estimate(None, None, None, n)
    generator = np.random.default_rng(SEED)
    weights = generator.multinomial(len(clusters), np.full(len(clusters), 1 / len(clusters)), size=RESAMPLES)
    value = float(statistic(clusters.sum(axis=0)[np.newaxis])[0])
    if np.isnan(value):
        return Estimate(None, None, None, n)
    drawn = statistic(weights.astype(np.float64) @ clusters)
    lower, upper = (float(bound) for bound in np.nanpercentile(drawn, (2.5, 97.5)))
    return Estimate(round(value, 4), round(lower, 4), round(upper, 4), n)


def ratio(sums: Sums) -> Sums:
    """The first sum divided by the second; NaN for 0 / 0. A statistic for `estimate`."""
    found = np.full(sums.shape[:-1], np.nan)
    np.divide(sums[..., 0], sums[..., 1], out=found, where=sums[..., 1] > 0)
    return found
