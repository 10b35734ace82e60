"""Which pairs of units a release asserts, and with which figures: `mappings/assertion-rules.tsv` within a budget.

A pair is at least as good as the rule asks in one direction. Each unit chooses its few best in each country (by the
sum of both expected shares, then the greater of them, then by IRI), and a pair is asserted where either of its units
chose it: the graph has all that a unit chose, whatever others chose. Pairs with a unit of the French catalogues are
written before those without, in both the best first; those that the budget has no room for are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from passerelle.comparability.coverage import METHOD
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.postings import inverse_of
from passerelle.comparability.index.ragged import Integers
from passerelle.comparability.index.ranked_pairs import GREATER, Pairing, RankedPairs, refreshed
from passerelle.comparability.index.shares import shares
from passerelle.comparability.index.table_reading import read_tables
from passerelle.comparability.index.tables import with_links
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.graph.all_units import AllUnits
from passerelle.namespaces import Minting
from passerelle.records.assertion import Assertion, AssertionSummary
from passerelle.records.compared_unit import OutcomeLink
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
    return Pairing(
        catalogue,
        float(rules["expected-at-least"]),
        int(rules["most-a-unit-and-country"]),
        others_too=rules["pairs-without-a-french-unit"] == "1",
    )


def chosen(index: CoverageIndex, rules: Pairing, ranked: RankedPairs, triples: int) -> Chosen:
    """The pairs to assert with at most so many triples; `ranked` are the best of each unit."""
    unit, other = ranked.unit.astype(np.int64), ranked.other
    french_first = rules.catalogue[unit] & ~rules.catalogue[other]
    swapped = np.where(rules.catalogue[unit] == rules.catalogue[other], unit > other, ~french_first)
    first, second = np.where(swapped, other, unit), np.where(swapped, unit, other)
    _, once = np.unique(first * len(index.iris) + second, return_index=True)
    first, second, score = first[once], second[once], ranked.rank[once] >> GREATER
    abroad = ~rules.catalogue[first]
    kept = np.lexsort((second, first, -score, abroad))[: triples // TRIPLES]
    return Chosen(first[kept], second[kept], len(first) - len(kept))


@dataclass(frozen=True, slots=True)
class Selection:
    """The index of a release with the best pairs of each unit, and the pairs that it asserts."""

    index: CoverageIndex
    rules: Pairing
    ranked: RankedPairs
    chosen: Chosen
    triples: int

    @classmethod
    def of(cls, index: CoverageIndex, rules: Pairing, ranked: RankedPairs, triples: int) -> Selection:
        """With at most so many triples."""
        return cls(index, rules, ranked, chosen(index, rules, ranked, triples), triples)

    def write(self, release: Path) -> None:
        """Write the index into the folder of a staged release."""
        self.index.write(release, self.ranked, self.chosen.pairs)

    def assertions(self) -> Iterator[Assertion]:
        """All of them, with their figures."""
        return assertions(self.index, self.chosen.first, self.chosen.second)

    @property
    def summary(self) -> AssertionSummary:
        """What the manifest and the provenance graph say of them."""
        return AssertionSummary(
            method=METHOD,
            assertions=len(self.chosen.first),
            threshold=self.rules.threshold,
            most=self.rules.most,
            triples=self.triples,
            cut=self.chosen.cut,
        )

    @property
    def counts(self) -> dict[str, int]:
        """What the index holds."""
        tables = self.index.tables
        return {"units": len(tables.iris), "outcomes": tables.outcome_count, "links": len(tables.links.skill)}


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A selection after some links changed: what it no longer asserts as before (IRIs), and what it asserts anew."""

    selection: Selection
    gone: list[tuple[str, str]]
    fresh: Iterator[Assertion]


def select(units: AllUnits, texts: TextKeys, minting: Minting, triples: int) -> Selection:
    """The selection of a whole store; `units` must have been made with the numbers of `texts`."""
    # compiles its loops when it is imported: half a second that nothing but a whole build needs
    from passerelle.comparability.index.all_pairs import best_pairs  # noqa: PLC0415

    tables = read_tables(units, texts)
    index = CoverageIndex(tables, inverse_of(tables))
    rules = pairing(index, minting)
    return Selection.of(index, rules, best_pairs(tables, rules), triples)


def refresh(
    before: CoverageIndex, links: Mapping[int, Iterable[OutcomeLink]], minting: Minting, triples: int
) -> Refreshed:
    """The selection after the outcomes of `links` (by number) got other links; only their units are compared anew."""
    rules = pairing(before, minting)
    tables = with_links(before.tables, links)
    index = CoverageIndex(tables, inverse_of(tables))
    changed = {*index.inverse.units.all_of(np.array(sorted(links), np.int64))[0].tolist()}
    ranked = refreshed(before.ranked, tables, index.inverse, rules, changed)
    after = Selection.of(index, rules, ranked, triples)
    asserted = {(first, second) for first, second in before.asserted.tolist()}
    same = {pair for pair in asserted if not changed & {*pair}}
    now = {(first, second) for first, second in after.chosen.pairs.tolist()}
    fresh = np.array(sorted(now - same), np.int64).reshape(-1, 2)
    return Refreshed(
        after,
        [(index.iris[first], index.iris[second]) for first, second in sorted(asserted - (same & now))],
        assertions(index, fresh[:, 0], fresh[:, 1]),
    )


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
