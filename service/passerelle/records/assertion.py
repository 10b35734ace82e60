"""What a release asserts of two units: coverage in both directions, without a purpose and so without a finding."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assertion:
    """Coverage of `second` by a holder of `first` (IRIs), and in `reverse` of `first` by a holder of `second`.

    Shares from 0 to 1, as `records.comparison.Coverage` has them. `reviewed_share`: part of the links behind the
    expected figures of both directions, added together, that a person reviewed or an authority published.
    """

    first: str
    second: str
    lower: float
    expected: float
    reverse_lower: float
    reverse_expected: float
    reviewed_share: float


@dataclass(frozen=True, slots=True)
class AssertionSummary:
    """All assertions of a release: by which method, how many, and what bounded them.

    `threshold`: least expected share, in one direction at least; `most`: others in one country that a unit
    chooses; `triples`: the budget; `cut`: how many more there would have been without it.
    """

    method: str
    assertions: int
    threshold: float
    most: int
    triples: int
    cut: int
