"""What no selection of units can exceed, found quickly: the Lagrangian relaxation of the choice.

For any multipliers λ_b ≥ 0 of "each outcome is shown by one unit",

    best addition ≤ Σ_b λ_b + the sum of the N largest ρ_u,     ρ_u = Σ_b max(0, w_b · gain_bu − λ_b)

which subgradient steps make as small as the linear relaxation. Source: G. Cornuéjols, M. Fisher, G. Nemhauser, Location
of bank accounts to optimize float, Management Science 23 (1977).
"""

from __future__ import annotations

import numpy as np

from passerelle.comparability.path_problem import NOTHING, PathProblem

STEPS = 300
_PATIENCE = 15
_SMALLEST_STEP = 1e-3


def quick_bound(problem: PathProblem, share: float) -> float:
    """A share that no selection exceeds; `share` is the best one known. At most STEPS passes over the values."""
    base = float(problem.weights @ problem.held)
    gains = problem.weights[:, None] * np.maximum(problem.values - problem.held[:, None], 0.0)
    if problem.most >= gains.shape[1] or not gains.size:
        return problem.limit
    goal = share - base
    # where each multiplier is the largest gain of its outcome, the bound is what all candidates show together
    multipliers = gains.max(axis=1) * (problem.most / gains.shape[1]) ** 0.5
    lowest, step, waiting = problem.limit - base, 1.0, 0
    for _ in range(STEPS):
        surplus = np.maximum(gains - multipliers[:, None], 0.0)
        worth = surplus.sum(axis=0)
        chosen = np.argpartition(-worth, problem.most - 1)[: problem.most]
        bound = float(multipliers.sum() + worth[chosen].sum())
        waiting += 1
        if bound < lowest - NOTHING:
            lowest, waiting = bound, 0
        if waiting > _PATIENCE:
            step, waiting = step / 2, 0
        # how often each outcome is shown by the chosen ones, against once
        slope = 1.0 - (gains[:, chosen] > multipliers[:, None]).sum(axis=1)
        length = float(slope @ slope)
        if lowest - goal <= NOTHING or not length or step < _SMALLEST_STEP:
            break
        multipliers = np.maximum(multipliers - step * (bound - goal) / length * slope, 0.0)
    return base + max(lowest, goal)
