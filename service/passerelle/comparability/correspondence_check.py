"""Official correspondences as a check on the method: the place at which the lawful counterpart comes.

For a pair (source, target) the target is asked about, as `nearest` does: which units come nearest to it, as what a
holder has? The candidates are all units of the source's kind that do not belong to the target's certification (itself,
its parts, its wholes and theirs); a unit without outcomes is no candidate. The place of the source among them:

- coverage: by the expected coverage of the target alone; equal ones share the mean of their places,
- nearest: as `comparability.nearest` orders them (`comparability.standing`), those included that it does not list,
- wording: by the lexical baseline (`wording_baseline`), which knows no links; equal ones share the mean as well.

The same is done the other way round (`from_source`): the target's place among all that a holder of the source might be
shown. A few pairs are no measure of a method; N stands beside every figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage import covered
from passerelle.comparability.index.ragged import Floats, Integers, Truths
from passerelle.comparability.index.rows import Rows
from passerelle.comparability.index.shares import shares
from passerelle.comparability.standing import ranked
from passerelle.comparability.wording_baseline import WordingBaseline
from passerelle.errors import UnknownUnit
from passerelle.graph.official_pairs import OfficialPair, official_pairs
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Coverage

Ranking = Literal["coverage", "nearest", "wording"]
RANKINGS: tuple[Ranking, ...] = ("coverage", "nearest", "wording")
Group = Literal["correspondence", "correspondence-with-predecessor", "succession"]
GROUPS: tuple[Group, ...] = ("correspondence", "correspondence-with-predecessor", "succession")
FEWEST_PAIRS = 30
"""Pairs under which a figure says nothing about the method in general (assumption)."""
NEAR = 5


@dataclass(frozen=True, slots=True)
class PairRanks:
    """A pair with the places (from 1; mean places may be halves) of its source, and of its target, among candidates.

    `links` counts the links behind the expected coverage `expected` of the target, `machine_links` those of them that
    a machine proposed.
    """

    pair: OfficialPair
    group: Group
    candidates: int
    for_target: Mapping[Ranking, float]
    from_source: Mapping[Ranking, float]
    expected: float
    links: int
    machine_links: int


@dataclass(frozen=True, slots=True)
class RankSummary:
    """What the places of `pairs` pairs come to; shares from 0 to 1. Under FEWEST_PAIRS it claims nothing."""

    pairs: int
    median_rank: float
    mean_reciprocal_rank: float
    hits_at_1: float
    hits_near: float


@dataclass(frozen=True, slots=True)
class CorrespondenceCheck:
    """The answer. `left_out` are pairs of which an end is not in the data, or both belong to one certification."""

    ranks: tuple[PairRanks, ...]
    left_out: tuple[OfficialPair, ...]

    def of(self, group: Group) -> tuple[PairRanks, ...]:
        """The pairs of a group."""
        return tuple(each for each in self.ranks if each.group == group)


def summary(places: Sequence[float]) -> RankSummary:
    """The summary of at least one place."""
    return RankSummary(
        len(places),
        median(places),
        round(fmean(1 / place for place in places), 4),
        round(fmean(place <= 1 for place in places), 4),
        round(fmean(place <= NEAR for place in places), 4),
    )


def check(comparisons: Comparisons, given: Iterable[OfficialPair] = ()) -> CorrespondenceCheck:
    """The places of all official pairs of the release and of the given ones. Raises UnknownUnit, NoComparison."""
    checking = _Checking(comparisons)
    # a pair that several fiches declare is one pair
    pairs = {(pair.source, pair.target): pair for pair in (*given, *official_pairs(comparisons.reader.store))}
    found, left_out = [], []
    for pair in sorted(pairs.values(), key=lambda each: (each.source, each.target)):
        ranks = checking.ranks(pair)
        if ranks is None:
            left_out.append(pair)
        else:
            found.append(ranks)
    return CorrespondenceCheck(tuple(found), tuple(left_out))


class _Checking:
    def __init__(self, comparisons: Comparisons) -> None:
        self._comparisons = comparisons
        self._index = comparisons.index
        self._baselines: dict[frozenset[int], tuple[Integers, WordingBaseline]] = {}
        older = ((pair.source, pair.target) for pair in official_pairs(comparisons.reader.store)
                 if pair.rule == "succession")  # fmt: skip
        self._successions = {*older}

    def ranks(self, pair: OfficialPair) -> PairRanks | None:
        try:
            source, target = self._index.position(pair.source), self._index.position(pair.target)
        except UnknownUnit:
            return None
        sizes = self._index.inverse.size
        if target in self._certification(source) or not sizes[source] or not sizes[target]:
            return None
        asked, candidates = self._places(about=target, among=source, held=False)
        reverse, _ = self._places(about=source, among=target, held=True)
        coverage = self._coverage(pair)
        return PairRanks(
            pair=pair,
            group=self._group(pair, source, target),
            candidates=candidates,
            for_target=asked,
            from_source=reverse,
            expected=coverage.expected,
            links=coverage.links,
            machine_links=coverage.machine_links,
        )

    def _coverage(self, pair: OfficialPair) -> Coverage:
        source, target = self._comparisons.unit(pair.source), self._comparisons.unit(pair.target)
        return covered(source, target, self._comparisons.hierarchy, wordings=False)[0]

    def _group(self, pair: OfficialPair, source: int, target: int) -> Group:
        if pair.rule == "succession":
            return "succession"
        one, other = ([self._index.iris[place] for place in self._certification(each)] for each in (source, target))
        follow = any((a, b) in self._successions or (b, a) in self._successions for a in one for b in other)
        return "correspondence-with-predecessor" if follow or pair.predecessor else "correspondence"

    def _certification(self, unit: int) -> frozenset[int]:
        """The unit, its wholes, and all their parts."""
        tables = self._index.tables
        wholes = [unit, *tables.wholes[unit].tolist()]
        return frozenset((*wholes, *(part for whole in wholes for part in tables.parts[whole].tolist())))

    def _places(self, about: int, among: int, *, held: bool) -> tuple[dict[Ranking, float], int]:
        """The place of the unit `among` in view of `about`, which is what is held or what is asked for."""
        index = self._index
        iri = index.iris[about]
        forward = index.targets_of(iri) if held else index.holders_of(iri)
        backward = index.holders_of(iri) if held else index.targets_of(iri)
        left_out = np.zeros(len(index.iris), np.bool_)
        left_out[list(self._certification(about))] = True
        allowed = (index.tables.kind == index.tables.kind[among]) & ~left_out & (index.inverse.size > 0)
        candidates = np.flatnonzero(allowed)
        expected = shares(forward.expected)
        alike = self._wording(about, among)
        places: dict[Ranking, float] = {
            "coverage": _place(expected[candidates], expected[among]),
            "nearest": self._nearest(about, among, allowed, (forward, backward)),
            "wording": _place(alike[candidates], alike[among]),
        }
        return places, len(candidates)

    def _nearest(self, about: int, among: int, candidates: Truths, rows: tuple[Rows, Rows]) -> float:
        words, inverse, every = self._index.tables.words, self._index.inverse, int(candidates.sum())
        forward, backward = rows
        figures = shares(forward.lower), shares(forward.expected)
        reverse = shares(backward.expected)
        found = ranked(
            words, inverse.size, inverse.silent, about, candidates, figures, 0, every, lambda each: reverse[each], every
        )
        return 1.0 + int(np.flatnonzero(found.places == among)[0])

    def _unit(self, place: int) -> ComparedUnit:
        return self._comparisons.unit(self._index.iris[int(place)])

    def _wording(self, about: int, among: int) -> Floats:
        """The baseline's similarity of all units to one; it is made of the units of the two kinds."""
        index = self._index
        kinds = frozenset((int(index.tables.kind[about]), int(index.tables.kind[among])))
        if kinds not in self._baselines:
            of_kinds = np.flatnonzero(np.isin(index.tables.kind, list(kinds)))
            self._baselines[kinds] = of_kinds, WordingBaseline([self._unit(each) for each in of_kinds.tolist()])
        places, baseline = self._baselines[kinds]
        alike = np.zeros(len(index.iris))
        alike[places] = baseline.similarities(int(np.searchsorted(places, about)))
        return np.round(alike, 6)


def _place(values: Floats, own: float) -> float:
    """The place of a value among all (its own included), largest first; equal ones share the mean of their places."""
    return float(np.count_nonzero(values > own) + (np.count_nonzero(values == own) + 1) / 2)
