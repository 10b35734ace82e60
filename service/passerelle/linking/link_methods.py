"""How a proposal came about, and which relation that allows: the rows of `mappings/link-methods.tsv`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from passerelle.linking.pair_features import Features
from passerelle.records.mapping_table import rows

_WHOLE = 0.999
"""A share of words from which on all are covered; weights are floats."""


@dataclass(frozen=True, slots=True)
class Method:
    """A row of `mappings/link-methods.tsv`; relation and justification are CURIEs."""

    identifier: str
    justification: str
    relation: str


@cache
def methods() -> dict[str, Method]:
    """The methods by identifier."""
    return {
        row["method"]: Method(row["method"], row["justification"], row["relation"]) for row in rows("link-methods.tsv")
    }


def methods_of(features: Features, names: Sequence[str], *, encoder: bool) -> npt.NDArray[np.object_]:
    """The method of each text and skill, from their features (the last axis, named by `names`)."""

    def of(name: str) -> npt.NDArray[np.float32]:
        found: npt.NDArray[np.float32] = features[..., names.index(name)]
        return found

    # a machine-made label is none of ESCO's: the text can neither hold it nor be held by it
    real = of("substitute") == 0
    ways = {
        "same-wording": of("same-wording") > _WHOLE,
        "same-stems": of("same-stems") > _WHOLE,
        "label-within-text": real & (of("label-covered") > _WHOLE),
        "text-within-label": real & (of("text-covered") > _WHOLE),
    }
    known = [methods()[name] for name in (*ways, "ranked-by-meaning" if encoder else "ranked-by-words")]
    places = np.select(list(ways.values()), range(len(ways)), len(ways))
    found: npt.NDArray[np.object_] = np.array(known, object)[places]
    return found
