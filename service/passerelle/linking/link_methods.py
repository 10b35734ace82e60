"""How a proposal came about, and which relation that allows: the rows of `mappings/link-methods.tsv`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

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


def method_of(features: Features, names: Sequence[str], *, encoder: bool) -> Method:
    """The method of one proposal, from its features (one row, named by `names`)."""
    value = dict(zip(names, features.tolist(), strict=True))
    if value["same-wording"] > _WHOLE:
        name = "same-wording"
    elif value["same-stems"] > _WHOLE:
        name = "same-stems"
    elif value["substitute"]:
        # no label of ESCO that the text could hold, or be held by
        name = "ranked-by-meaning" if encoder else "ranked-by-words"
    elif value["label-covered"] > _WHOLE:
        name = "label-within-text"
    elif value["text-covered"] > _WHOLE:
        name = "text-within-label"
    else:
        name = "ranked-by-meaning" if encoder else "ranked-by-words"
    return methods()[name]
