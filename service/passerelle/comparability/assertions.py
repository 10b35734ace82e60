"""Which pairs of units a release asserts, and with which figures: `mappings/assertion-rules.tsv` within a budget.

A pair has at least one unit of the French catalogues and is at least as good as the rule asks in one direction. Pairs
are taken best first (the sum of both expected shares, then the greater of them, then by IRI), each unless one of its
units already has its few in the other's country; those that the budget has no room for are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from passerelle.comparability.coverage import METHOD
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.ragged import Integers
from passerelle.comparability.index.ranked_pairs import (
    GREATER,
    OTHER,
    Pairing,
    RankedPairs,
    lists_of,
)
from passerelle.comparability.index.shares import shares
from passerelle.namespaces import Minting
from passerelle.records.assertion import Assertion, AssertionSummary
from passerelle.records.mapping_table import value_table

TRIPLES = 8
"""Triples of an assertion (design, "Comparing")."""
_PIECE = 5_000
"""Pairs whose figures are worked out at once: about 100 MB."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The asserted pairs by number, in order, and how many more the budget cut."""

    first: Integers
    second: Integers
    cut: int

    @property
    def pairs(self) -> Integers:
        """Both numbers of each pair, a row a pair."""
        return np.stack((self.first, self.second), axis=1)


def pairing(index: CoverageIndex, minting: Minting) -> Pairing:
    """The rules for a release; the French catalogues are what stands under `{base}/id/rncp` and `{base}/id/rs`."""
    rules = value_table("assertion-rules.tsv", "rule", "value")
    catalogue = np.zeros(len(index.iris), np.bool_)
    for name in ("rncp", "rs"):
        catalogue[index.tables.iris.starting(minting.identifier(name) + "/")] = True
    return Pairing(catalogue, float(rules["expected-at-least"]), int(rules["most-a-unit-and-country"]))


def chosen(index: CoverageIndex, rules: Pairing, ranked: RankedPairs, triples: int) -> Chosen:
    """The pairs to assert with at most so many triples; `ranked` are the best of each unit."""
    unit, other = ranked.unit.astype(np.int64), ranked.other
    french_first = rules.catalogue[unit] & ~rules.catalogue[other]
    swapped = np.where(rules.catalogue[unit] == rules.catalogue[other], unit > other, ~french_first)
    first, second = np.where(swapped, other, unit), np.where(swapped, unit, other)
    _, once = np.unique(first * len(index.iris) + second, return_index=True)
    first, second, score = first[once], second[once], ranked.rank[once] >> GREATER
    order = np.lexsort((second, first, -score))
    first, second = first[order], second[order]
    lists = (lists_of(index.tables, rules, first, OTHER - second), lists_of(index.tables, rules, second, OTHER - first))
    room = np.full(len(index.iris) * len(index.tables.countries), rules.most, np.int8)
    taken = np.zeros(len(first), np.bool_)
    for place, (one, two) in enumerate(zip(*(each.tolist() for each in lists), strict=True)):
        if room[one] and room[two]:
            room[one] -= 1
            room[two] -= 1
            taken[place] = True
    found = np.flatnonzero(taken)
    kept = found[: triples // TRIPLES]
    return Chosen(first[kept], second[kept], len(found) - len(kept))


def assertions(index: CoverageIndex, first: Integers, second: Integers) -> Iterator[Assertion]:
    """The assertions of these pairs, with the figures of `compare`."""
    for begin in range(0, len(first), _PIECE):
        one, two = first[begin : begin + _PIECE], second[begin : begin + _PIECE]
        forward = coverages(index.tables, index.inverse, one, two)
        reverse = coverages(index.tables, index.inverse, two, one)
        links = forward.links + reverse.links
        reviewed = shares((forward.reviewed_links + reverse.reviewed_links) / np.maximum(links, 1))
        for place in range(len(one)):
            yield Assertion(
                first=index.iris[int(one[place])],
                second=index.iris[int(two[place])],
                lower=float(forward.lower[place]),
                expected=float(forward.expected[place]),
                reverse_lower=float(reverse.lower[place]),
                reverse_expected=float(reverse.expected[place]),
                reviewed_share=float(reviewed[place]),
            )


def summary(rules: Pairing, found: Chosen, triples: int) -> AssertionSummary:
    """What the manifest and the provenance graph say of the assertions of a release."""
    return AssertionSummary(METHOD, len(found.first), rules.threshold, rules.most, triples, found.cut)
