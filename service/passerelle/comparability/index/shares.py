"""How shares are rounded: the same from sums that were added up in another order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from passerelle.comparability.index.ragged import Floats
from passerelle.records.comparison import SHARE_DIGITS, SHARE_MARGIN


def shares(sums: npt.ArrayLike) -> Floats:
    """The sums (0 to 1) to four decimals: `records.comparison.share` for arrays."""
    rounded: Floats = np.array(sums, np.float64)
    # in place: further arrays over all units are dear to make
    rounded += SHARE_MARGIN
    np.round(rounded, SHARE_DIGITS, out=rounded)
    return np.minimum(1.0, rounded, out=rounded)
