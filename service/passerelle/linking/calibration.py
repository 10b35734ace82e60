"""Whether confidences say how often proposals are right: reliability, and the error with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 10
"""Of equal width, as the expected calibration error is usually given (Guo and others, ICML 2017)."""

DRAWS = 1_000
"""Draws of the bootstrap: the second decimal of an interval stands still."""

_SEED = 20261122
"""Any fixed number: the same file gives the same interval."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Proposals whose confidence lies between `low` and `high`: how many, their mean confidence, the share right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The expected calibration error of some proposals, its interval (95 %, bootstrap over texts), and the bins."""

    ece: float
    ece_low: float
    ece_high: float
    proposals: int
    confidence: float
    right: float
    bins: tuple[Bin, ...]


def calibration(confidences: Sequence[Sequence[float]], right: Sequence[Sequence[bool]]) -> Calibration:
    """Of the proposals of each text: their confidences, and whether they are right.

    The interval draws texts, not proposals, because the proposals of one text are right or wrong together. It is the
    middle 95 % of the draws; each draw's error is biased upwards by its noise, so `ece` may lie below the middle.
    Raises ValueError where there is no proposal.
    """
    lengths = np.array([len(each) for each in confidences])
    flat = np.array([value for each in confidences for value in each], np.float64)
    truth = np.array([value for each in right for value in each], np.float64)
    if not len(flat):
        raise ValueError("no proposal")
    places = np.minimum((flat * BINS).astype(np.int64), BINS - 1)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    # per text and bin: number, sum of confidences, number right
    sums = np.zeros((len(lengths), BINS, 3))
    np.add.at(sums, (owner, places), np.stack([np.ones(len(flat)), flat, truth], axis=-1))
    total = sums.sum(axis=0)
    draws = np.random.default_rng(_SEED).multinomial(len(lengths), np.full(len(lengths), 1 / len(lengths)), DRAWS)
    errors = [_error(np.tensordot(draw, sums, axes=1)) for draw in draws]
    low, high = np.quantile(errors, (0.025, 0.975))
    bins = tuple(
        Bin(number / BINS, (number + 1) / BINS, int(count), confidence / count, correct / count)
        for number, (count, confidence, correct) in enumerate(total.tolist())
        if count
    )
    return Calibration(
        float(_error(total)), float(low), float(high), len(flat), float(flat.mean()), float(truth.mean()), bins
    )


def _error(sums: npt.NDArray[np.float64]) -> float:
    """The mean distance of confidence and share right, weighted by the bins' counts; from the sums of each bin."""
    return float(np.abs(sums[:, 1] - sums[:, 2]).sum() / max(sums[:, 0].sum(), 1))


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is left when first proposals under a confidence are taken as "no match"."""

    least: float
    answered: float
    right: float | None


def thresholds(first: Sequence[tuple[float, bool]], least: Sequence[float]) -> tuple[Threshold, ...]:
    """For each least confidence: the share of texts that keep an answer, and the share of those answers that is right.

    `first` holds confidence and truth of the first proposal of each text that has one.
    """
    found = []
    for each in least:
        kept = [truth for confidence, truth in first if confidence >= each]
        share = len(kept) / len(first) if first else 0.0
        found.append(Threshold(each, share, sum(kept) / len(kept) if kept else None))
    return tuple(found)
