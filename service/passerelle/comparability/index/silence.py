"""What silence leaves possible: each outcome of the holder that says nothing may show one more of the target."""

from __future__ import annotations

import numpy as np

from passerelle.comparability.index.ragged import Floats, Integers


class Partly:
    """What outcomes of a target still have to gain in `upper`, by place (a unit, or a pair of units).

    Where nothing meets an outcome the gain is 1; where something does, but not wholly, it is less, and comes after.
    """

    def __init__(self) -> None:
        self._places: list[Integers] = []
        self._gains: list[Floats] = []

    def add(self, places: Integers, gains: Floats) -> None:
        """Outcomes that something meets: what each of them still has to gain, at these places."""
        some = gains > 0
        if some.any():
            self._places.append(places[some])
            self._gains.append(gains[some])

    def raised(self, silent: Integers, unmet: Integers) -> Floats:
        """What each place gains; `silent` are the holder's outcomes that say nothing, `unmet` what nothing met."""
        gained = np.minimum(silent, unmet).astype(np.float64)
        if not self._places:
            return gained
        left = np.maximum(silent - unmet, 0)
        where, gains = np.concatenate(self._places), np.concatenate(self._gains)
        order = np.lexsort((-gains, where))
        where, gains = where[order], gains[order]
        taken = np.arange(len(where)) - np.searchsorted(where, where) < left[where]
        gained += np.bincount(where[taken], gains[taken], minlength=len(gained))
        return gained
