"""The numbers of method `coverage-1` that stand in no other table (`mappings/coverage-parameters.tsv`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from passerelle.records.mapping_table import value_table


@dataclass(frozen=True, slots=True)
class CoverageParameters:
    """An outcome is linked by a link of certainty `linked_from`, and named from an expected value of `named_from` on.

    Two texts have the same words with `fewest_words` distinct stems; a row of evidence names `most_matches` outcomes of
    the holder; a unit is listed as a neighbour from an expected share of `nearest_from` on. Labels and reasons stand
    beside the numbers.
    """

    linked_from: float
    named_from: float
    fewest_words: int
    most_matches: int
    nearest_from: float


@cache
def parameters() -> CoverageParameters:
    """The numbers, read once."""
    values = value_table("coverage-parameters.tsv", "name", "value")
    return CoverageParameters(
        linked_from=float(values["linked-from"]),
        named_from=float(values["named-from"]),
        fewest_words=int(values["fewest-words"]),
        most_matches=int(values["most-matches"]),
        nearest_from=float(values["nearest-from"]),
    )
