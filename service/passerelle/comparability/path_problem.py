"""The choice of units as a problem of its own: values of candidates for outcomes, and selections by simple rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from passerelle.comparability.index.ragged import Floats, Integers
from passerelle.records.path_questions import Fewest

NOTHING = 1e-9
"""Shares below it are no difference."""


@dataclass(frozen=True)
class PathProblem:
    """At most `most` of the candidates are to be chosen.

    `weights` (outcomes,) add up to 1; `held` (outcomes,) is what of each outcome is held already; `values` (outcomes,
    candidates) what each candidate shows of it; all expected values from 0 to 1. `hours` (candidates,) is the stated
    workload, NaN where none is stated.
    """

    weights: Floats
    held: Floats
    values: Floats
    hours: Floats
    most: int
    fewest: Fewest = "units"

    @cached_property
    def limit(self) -> float:
        """The share that all candidates cover together: no selection covers more."""
        return self.share(range(self.values.shape[1]))

    @cached_property
    def costs(self) -> Floats:
        """What choosing each candidate costs, to be kept small.

        Where hours count, a unit of unknown workload costs more than all known hours that a selection can have: it is
        not free because nothing is said of it. Of equal hours, fewer units are better.
        """
        if self.fewest == "units":
            return np.ones(len(self.hours))
        known = np.where(np.isnan(self.hours), 0.0, self.hours)
        largest = float(np.sort(known)[::-1][: self.most].sum())
        return np.where(np.isnan(self.hours), largest + 1, known) + 1e-3

    def share(self, chosen: range | tuple[int, ...]) -> float:
        """The expected share of the target that is held, or shown by one of the chosen."""
        return float(self.weights @ self._shown(tuple(chosen)))

    def cost(self, chosen: tuple[int, ...]) -> float:
        """The cost of a selection."""
        return float(self.costs[list(chosen)].sum())

    def gains(self, chosen: tuple[int, ...]) -> Floats:
        """What each candidate would add to a selection."""
        shown = self._shown(chosen)
        gained: Floats = self.weights @ np.maximum(self.values - shown[:, None], 0.0)
        return gained

    def greedy(self) -> tuple[int, ...]:
        """One after another the candidate that adds most; at least 1 − 1/e of the best addition.

        Source: G. Nemhauser, L. Wolsey, M. Fisher, An analysis of approximations for maximizing submodular set
        functions, Mathematical Programming 14 (1978).
        """
        chosen: tuple[int, ...] = ()
        while len(chosen) < self.most:
            gains = self.gains(chosen)
            best = int(np.argmax(gains)) if len(gains) else 0
            if not len(gains) or gains[best] <= NOTHING:
                break
            chosen = (*chosen, best)
        return chosen

    def improved(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """The selection after exchanges of one unit for another, as long as one adds something."""
        share = self.share(chosen)
        better = True
        while better:
            better = False
            for each in chosen:
                rest = tuple(other for other in chosen if other != each)
                gains = self.gains(rest)
                best = int(np.argmax(gains))
                reached = self.share(rest) + float(gains[best])
                if reached > share + NOTHING:
                    chosen, share, better = (*rest, best), reached, True
                    break
        return chosen

    def thinned(self, chosen: tuple[int, ...], least: float) -> tuple[int, ...]:
        """The selection without units that it does not need for a share of `least`, the dearest left out first."""
        for each in sorted(chosen, key=lambda unit: (-self.costs[unit], -unit)):
            rest = tuple(other for other in chosen if other != each)
            if self.share(rest) >= least:
                chosen = rest
        return chosen

    def ordered(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """The selection, what adds most first."""
        found: tuple[int, ...] = ()
        left = sorted(chosen)
        while left:
            gains = self.gains(found)
            best = max(left, key=lambda unit: (round(float(gains[unit]), 9), -unit))
            left.remove(best)
            found = (*found, best)
        return found

    def instead(self, chosen: tuple[int, ...], unit: int) -> Integers:
        """The candidates that would do as much as `unit` in its place, best first."""
        rest = tuple(other for other in chosen if other != unit)
        gains = self.gains(rest)
        as_much = np.flatnonzero(gains >= gains[unit] - NOTHING)
        as_much = as_much[~np.isin(as_much, chosen)]
        return as_much[np.argsort(-gains[as_much], kind="stable")]

    def _shown(self, chosen: tuple[int, ...]) -> Floats:
        shown: Floats = np.maximum(self.held, self.values[:, list(chosen)].max(axis=1, initial=0.0))
        return shown
