"""For each unit the few others that match it best, by country; kept with an index so that a change costs little."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.postings import Inverse
from passerelle.comparability.index.ragged import Floats, Integers, Truths
from passerelle.comparability.index.rows import holders_of, targets_of
from passerelle.comparability.index.shares import shares
from passerelle.comparability.index.tables import Tables
from passerelle.records.comparison import SHARE_DIGITS

UNIT = 10**SHARE_DIGITS
"""Shares are compared as they are shown: in ten thousandths."""
SCORE, GREATER, OTHER = 46, 32, 0xFFFFFFFF
"""Places of the parts of a rank: the sum of both shares, the greater of them, and the other unit, first ones first."""
_GREATER_PART = (1 << (SCORE - GREATER)) - 1


@dataclass(frozen=True, slots=True)
class RankedPairs:
    """Each entry: `unit` has the unit `other` among its best in a country. Sorted by unit, country of `other`, rank."""

    unit: Integers
    rank: Integers

    @property
    def other(self) -> Integers:
        """The other unit of each entry."""
        return OTHER - (self.rank & OTHER)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which units are paired with which: `catalogue` with all, the others with `catalogue`; none within its family.

    `threshold` is a share; `most` the length of a list. With `others_too` the others are paired with all as well.
    """

    catalogue: Truths
    threshold: float
    most: int
    others_too: bool = False

    @property
    def with_all(self) -> Truths:
        """Which units are paired with all."""
        return np.ones_like(self.catalogue) if self.others_too else self.catalogue

    @property
    def least(self) -> int:
        """The threshold in ten thousandths."""
        return int(self.threshold * UNIT + 0.5)


def kin(tables: Tables, unit: int) -> Integers:
    """The unit, its parts and wholes, and the other parts of its wholes: what it is never asserted with."""
    wholes = tables.wholes[unit]
    siblings, _ = tables.parts.all_of(wholes)
    return np.unique(np.concatenate(([unit], wholes, tables.parts[unit], siblings)))


def lists_of(tables: Tables, pairing: Pairing, units: Integers, ranks: Integers) -> Integers:
    """The number of the list of each entry: a unit paired with all has one a country, another unit only one."""
    country = tables.country[OTHER - (ranks & OTHER)]
    return units.astype(np.int64) * len(tables.countries) + np.where(pairing.with_all[units], country, 0)


def in_order(tables: Tables, pairing: Pairing, units: Integers, ranks: Integers) -> RankedPairs:
    """The entries by list, best first."""
    order = np.lexsort((-ranks, lists_of(tables, pairing, units, ranks)))
    return RankedPairs(units[order].astype(np.int32), ranks[order])


def ranks_of(tables: Tables, inverse: Inverse, pairing: Pairing, unit: int) -> Integers:
    """For each other unit its rank seen from `unit`, without the unit's number; 0 where the two are no pair."""
    forward = _whole(shares(targets_of(tables, inverse, unit).expected))
    reverse = _whole(shares(holders_of(tables, inverse, unit).expected))
    greater = np.maximum(forward, reverse)
    ranks = ((forward + reverse) << SCORE) | (greater << GREATER)
    allowed = greater >= pairing.least
    if not pairing.with_all[unit]:
        allowed &= pairing.catalogue
    allowed[kin(tables, unit)] = False
    found: Integers = np.where(allowed, ranks, 0)
    return found


def refreshed(
    before: RankedPairs, tables: Tables, inverse: Inverse, pairing: Pairing, changed: Collection[int]
) -> RankedPairs:
    """The lists after the links of the units `changed` changed; `before` were right until then.

    Only lists are made anew that a changed unit was in or now belongs to. Where one of its members may have fallen
    behind units that the list had no room for, the row of that list is worked out again.
    """
    count = len(tables.countries)
    rows = {unit: ranks_of(tables, inverse, pairing, unit) for unit in sorted(changed)}
    moved = np.fromiter(rows, np.int64)
    lists = lists_of(tables, pairing, before.unit, before.rank)
    length = np.bincount(lists, minlength=len(tables.iris) * count)
    last = np.zeros(len(length), np.int64)
    last[lists] = before.rank  # sorted: the last of a list stays
    anew = {*lists[np.isin(before.other, moved) | np.isin(before.unit, moved)].tolist()}
    joining: dict[int, list[int]] = {}
    for unit, found in rows.items():
        others = np.flatnonzero(found)
        ranks = found[others] | (OTHER - unit)
        places = lists_of(tables, pairing, others, ranks)
        entering = np.isin(places, [*anew]) | (length[places] < pairing.most) | (ranks > last[places])
        for place, rank in zip(places[entering].tolist(), ranks[entering].tolist(), strict=True):
            joining.setdefault(place, []).append(rank)
        own = lists_of(tables, pairing, np.full(len(others), unit), OTHER - others)
        anew.update(own.tolist())
    made: dict[int, Integers] = {}
    for place in sorted(anew | joining.keys()):
        unit = place // count
        old = before.rank[np.searchsorted(lists, place, "left") : np.searchsorted(lists, place, "right")]
        kept = old[~np.isin(OTHER - (old & OTHER), moved)]
        best = _first(np.concatenate((kept, np.array(joining.get(place, ()), np.int64))), pairing.most)
        fallen = len(old) == pairing.most and (len(best) < pairing.most or best[-1] < old[-1])
        if unit in changed or fallen:
            if unit not in rows:
                rows[unit] = ranks_of(tables, inverse, pairing, unit)
            others = np.flatnonzero(rows[unit])
            ranks = rows[unit][others] | (OTHER - others)
            best = _first(ranks[lists_of(tables, pairing, np.full(len(others), unit), ranks) == place], pairing.most)
        made[place] = best
    kept_entries = ~np.isin(lists, [*made])
    units = np.concatenate(
        (before.unit[kept_entries], *(np.full(len(best), place // count) for place, best in made.items()))
    )
    return in_order(tables, pairing, units, np.concatenate((before.rank[kept_entries], *made.values())))


def _first(ranks: Integers, most: int) -> Integers:
    best: Integers = np.sort(ranks)[::-1][:most]
    return best


def _whole(rounded: Floats) -> Integers:
    whole: Integers = np.rint(rounded * UNIT).astype(np.int64)
    return whole
