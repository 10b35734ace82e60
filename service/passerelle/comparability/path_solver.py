"""The best selection of units by mixed-integer programming (HiGHS), within a time limit and with its gap.

Two steps, one after the other (lexicographic): the largest expected share of the target with at most so many units;
then, of the selections that lose nothing that is shown, the cheapest. Variables: x_u = 1 where unit u is chosen; for an
outcome b and each value v that some unit shows of it, s_bv = 1 where something chosen shows at least v:

    maximise  Σ_b w_b · Σ_v (v − next smaller value) · s_bv     where s_bv ≤ s_b,next + Σ x_u over the u that show v

so s needs no integrality, and units that show the same share a row. A unit that shows less than what is held already
appears nowhere. Equivalent in strength to one assignment variable an outcome and unit (the "radius" formulation: G.
Cornuéjols, G. Nemhauser, L. Wolsey, A canonical representation of simple plant location problems, 1980).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse as sp

from passerelle.comparability.index.ragged import Floats
from passerelle.comparability.path_bound import quick_bound
from passerelle.comparability.path_problem import NOTHING, PathProblem
from passerelle.records.mapping_table import rows

_FIRST_STEP = 0.7
"""Part of the time for the first step; the second has what is left, but for a margin: the solver stops late."""
_MARGIN = 0.85
_COST_ACCURACY = 1e-4
"""A tenth of what tells two selections of equal workload apart (`PathProblem.costs`)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Numbers of candidates; `share` and `bound` as in `records.path.PathSearch`, not rounded."""

    chosen: tuple[int, ...]
    share: float
    bound: float
    proven: bool
    few_proven: bool


def best_selection(problem: PathProblem, seconds: float) -> Selection:
    """The selection found within about `seconds`; at worst the greedy one, with what is known of its distance."""
    started = time.monotonic()
    chosen = problem.improved(problem.greedy())
    share = problem.share(chosen)
    bound = quick_bound(problem, share)
    # the solver looks at no clock while it reads a model: a very large one would take all the time there is
    small = np.count_nonzero(problem.values > problem.held[:, None] + NOTHING) <= search_number("largest-model")
    model = _Model(problem) if small else None
    if model is not None and share < bound - NOTHING:
        found = model.widest(seconds * _FIRST_STEP - (time.monotonic() - started), share)
        if found is not None:
            bound = min(bound, found.bound)
            if problem.share(found.chosen) > share:
                chosen, share = found.chosen, problem.share(found.chosen)
    bound = max(bound, share)
    accuracy = search_number("accuracy")
    least = share - search_number("given-up")
    chosen = problem.thinned(chosen, least)
    proven, few_proven = bound - share <= accuracy, not chosen
    left = seconds * _MARGIN - (time.monotonic() - started)
    # where the largest share is not known, the fewest units for it are not, either
    if model is not None and proven and chosen and left > 0:
        cheaper = model.cheapest(left, least)
        if cheaper is not None:
            if cheaper.chosen and problem.share(cheaper.chosen) >= least - NOTHING:
                chosen = min(chosen, cheaper.chosen, key=problem.cost)
            few_proven = cheaper.bound >= problem.cost(chosen) - _COST_ACCURACY
    return Selection(chosen, problem.share(chosen), bound, proven, few_proven)


def search_number(name: str) -> float:
    """A number of `mappings/path-search.tsv`."""
    return next(float(row["value"]) for row in rows("path-search.tsv") if row["name"] == name)


@dataclass(frozen=True, slots=True)
class _Found:
    """A selection of the solver (empty where it found none in time) and what no selection can exceed or undercut."""

    chosen: tuple[int, ...]
    bound: float


class _Model:
    """The rows and columns of a problem: first a column for each candidate, then one for each value of an outcome."""

    def __init__(self, problem: PathProblem) -> None:
        self._problem = problem
        self._base = float(problem.weights @ problem.held)
        candidates = problem.values.shape[1]
        worth: list[float] = []
        row: list[int] = []
        column: list[int] = []
        entry: list[float] = []
        for outcome in range(len(problem.weights)):
            shown = np.round(problem.values[outcome], 6)
            useful = np.flatnonzero(shown > problem.held[outcome] + NOTHING)
            levels = np.unique(shown[useful])
            steps = np.diff(levels, prepend=problem.held[outcome])
            start = len(worth)
            worth += (steps * problem.weights[outcome]).tolist()
            place = start + np.searchsorted(levels, shown[useful])
            own = np.arange(start, len(worth))
            row += [*own, *own[:-1], *place]
            column += [*(candidates + own), *(candidates + own[1:]), *useful]
            entry += [*np.ones(len(own)), *-np.ones(max(0, len(own) - 1)), *-np.ones(len(useful))]
        self._worth = np.array(worth)
        size = (len(worth), candidates + len(worth))
        shows = scipy.optimize.LinearConstraint(sp.csr_array((entry, (row, column)), shape=size), -np.inf, 0)
        count = sp.csr_array(np.concatenate((np.ones(candidates), np.zeros(len(worth))))[None, :])
        self._constraints = [shows, scipy.optimize.LinearConstraint(count, -np.inf, problem.most)]
        self._integrality = np.concatenate((np.ones(candidates), np.zeros(len(worth))))

    def widest(self, seconds: float, known: float) -> _Found | None:
        """The largest share; `known` is one that a selection reaches."""
        objective = np.concatenate((np.zeros(len(self._problem.hours)), -self._worth))
        at_least = self._at_least(known)
        found = self._solved(objective, [*self._constraints, at_least], seconds)
        return None if found is None else _Found(found.chosen, self._base - found.bound)

    def cheapest(self, seconds: float, least: float) -> _Found | None:
        """The lowest cost with a share of at least `least`."""
        objective = np.concatenate((self._problem.costs, np.zeros(len(self._worth))))
        return self._solved(objective, [*self._constraints, self._at_least(least)], seconds)

    def _at_least(self, share: float) -> Any:
        worth = np.concatenate((np.zeros(len(self._problem.hours)), self._worth))[None, :]
        # values are rounded in the model: what a selection reaches must stay within it
        return scipy.optimize.LinearConstraint(sp.csr_array(worth), share - self._base - 1e-6, np.inf)

    def _solved(self, objective: Floats, constraints: list[Any], seconds: float) -> _Found | None:
        if seconds <= 0 or not len(objective):
            return None
        answer = scipy.optimize.milp(
            objective,
            constraints=constraints,
            integrality=self._integrality,
            bounds=scipy.optimize.Bounds(0, 1),
            options={"time_limit": seconds, "mip_rel_gap": 0},
        )
        bound = answer.mip_dual_bound
        if bound is None or not np.isfinite(bound):
            return None
        candidates = len(self._problem.hours)
        chosen = () if answer.x is None else tuple(np.flatnonzero(answer.x[:candidates] > 0.5).tolist())
        return _Found(chosen, float(bound))
