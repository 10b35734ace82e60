"""The best pairs of all units: for each unit and country the few that it matches best, both directions together.

The largest value of each outcome is no sum, so no product of matrices gives it. But the sum over everything that meets
an outcome is never less, and both directions' sums come out of one pass over the postings. So: add up; and work out
exactly only what the sums leave in the running (a few in a hundred). Memory: two numbers a unit and thread.

numba compiles the loops (about 6 s, kept in its cache); this module is for builds, nothing that answers imports it.
"""

from __future__ import annotations

import numba
import numpy as np

from passerelle.comparability.index.ragged import Floats, Integers, Truths, starts_of
from passerelle.comparability.index.ranked_pairs import (
    GREATER,
    OTHER,
    SCORE,
    UNIT,
    Pairing,
    RankedPairs,
    in_order,
    kin,
)
from passerelle.comparability.index.tables import Tables
from passerelle.comparability.index.terms import (
    Terms,
    by_key,
    expanded_terms,
    joined_terms,
    outcome_terms,
    unit_terms,
)
from passerelle.linking.compiled import compiled
from passerelle.records.comparison import SHARE_MARGIN

_HALF = 0.5 + SHARE_MARGIN * UNIT


def best_pairs(tables: Tables, pairing: Pairing, threads: int | None = None) -> RankedPairs:
    """The best pairs of the units that are paired with all, seen from both sides.

    For each of these (the catalogue's, at least) `most` others a country, for each other unit `most` of them. Best:
    the sum of both expected shares, then the greater of them, then the IRI of the other unit.
    """
    with_all = pairing.with_all
    rows = np.flatnonzero(with_all)
    if not len(rows):
        return RankedPairs(np.empty(0, np.int32), np.empty(0, np.int64))
    kin_of_rows = [kin(tables, int(unit)) for unit in rows]
    terms = outcome_terms(tables)
    units = unit_terms(tables, terms)
    keys = len(tables.skills) + len(tables.key_kind)
    outcomes, _ = tables.outcomes.all_of(rows)
    sizes = np.diff(tables.outcomes.starts)
    asked = expanded_terms(tables, outcomes)
    threads = threads or numba.get_num_threads()
    own, others = search(
        rows,
        joined_terms(asked, sizes[rows]),
        asked,
        starts_of(sizes[rows]),
        starts_of(np.array([len(each) for each in kin_of_rows], np.int64)),
        np.concatenate((*kin_of_rows, np.empty(0, np.int64))).astype(np.int32),
        _single(by_key(units, keys)),
        units,
        tables.outcomes.starts,
        tables.outcomes.values,
        terms,
        1 / np.maximum(sizes, 1),
        tables.country.astype(np.int64),
        len(tables.countries),
        with_all,
        pairing.most,
        pairing.least,
        threads,
    )
    others = np.sort(others.transpose(1, 0, 2).reshape(len(tables.iris), -1), axis=1)[:, ::-1][:, : pairing.most]
    row, place = np.nonzero(own)
    other, at = np.nonzero(others)
    ranks = np.concatenate((own[row, place], others[other, at]))
    return in_order(tables, pairing, np.concatenate((rows[row], other)), ranks)


def _single(terms: Terms) -> Terms:
    """In single precision, which is enough for sums that only say what is worth working out."""
    return Terms(terms.starts, terms.keys, terms.holds.astype(np.float32), terms.needs.astype(np.float32))


def _insert(ranks: Integers, begin: int, most: int, rank: int) -> None:
    """Put a rank in its place among the `most` greatest, from `begin` on; the least falls out."""
    place = begin + most - 1
    while place > begin and ranks[place - 1] < rank:
        ranks[place] = ranks[place - 1]
        place -= 1
    ranks[place] = rank


def _search(
    rows: Integers,
    asked: Terms,
    asked_by: Terms,
    first_outcome: Integers,
    kin_starts: Integers,
    kin: Integers,
    having: Terms,
    units: Terms,
    unit_starts: Integers,
    unit_outcomes: Integers,
    outcomes: Terms,
    weight: Floats,
    country: Integers,
    countries: int,
    is_row: Truths,
    most: int,
    threshold: int,
    threads: int,
) -> tuple[Integers, Integers]:
    """The ranks of the best others of each row, by country, and of the best rows of each other unit, by thread.

    `asked`: what each row asks for and shows, `asked_by` the same for each of its outcomes, `having` the units of each
    key. `weight` is what each outcome of a unit counts.
    """
    own = np.zeros((len(rows), countries * most), np.int64)
    others = np.zeros((threads, len(weight), most), np.int64)
    room = np.max(first_outcome[1:] - first_outcome[:-1]) + 1
    long = np.max(asked_by.starts[first_outcome[1:]] - asked_by.starts[first_outcome[:-1]])
    least = (threshold - 1) / UNIT
    for thread in numba.prange(threads):
        sums, met = np.zeros((len(weight), 2), np.float32), np.empty(len(weight), np.int32)
        reached, left_out = np.full(len(weight), -1, np.int64), np.full(len(weight), -1, np.int64)
        shown, latest = np.zeros(len(having.starts)), np.full(len(having.starts), -1, np.int64)
        earlier, by, best = np.empty(long, np.int64), np.empty(long, np.int64), np.zeros(room)
        for row in range(thread, len(rows), threads):
            unit, begin, end = rows[row], first_outcome[row], first_outcome[row + 1]
            found = add_up(asked, row, having, sums, met, reached, shown)
            chain(asked_by, begin, end, latest, earlier, by)
            for place in range(kin_starts[row], kin_starts[row + 1]):
                left_out[kin[place]] = row
            for place in range(found):
                other = met[place]
                forward, reverse = sums[other, 0] * weight[unit], sums[other, 1] * weight[other]
                sums[other, 0] = 0.0
                sums[other, 1] = 0.0
                if (forward < least and reverse < least) or left_out[other] == row:
                    continue
                # one more than the sums say: they were added up in single precision
                share, back = int(min(1.0, forward) * UNIT + _HALF) + 1, int(min(1.0, reverse) * UNIT + _HALF) + 1
                at = country[other] * most
                limit = ((share + back) << SCORE) | (max(share, back) << GREATER) | OTHER
                last_own = own[row, at + most - 1]
                last_other = limit if is_row[other] else others[thread, other, most - 1]
                if limit <= last_own and limit <= last_other:
                    continue
                needs = asked_by.needs[asked_by.starts[begin] :]
                forward = weight[unit] * shown_of_row(units, other, latest, earlier, by, needs, best[: end - begin])
                reverse = weight[other] * shown_of_other(
                    outcomes, unit_outcomes[unit_starts[other] : unit_starts[other + 1]], shown
                )
                share, back = int(forward * UNIT + _HALF), int(reverse * UNIT + _HALF)
                if share < threshold and back < threshold:
                    continue
                head = ((share + back) << SCORE) | (max(share, back) << GREATER)
                if head | (OTHER - other) > last_own:
                    insert(own[row], at, most, head | (OTHER - other))
                if not is_row[other] and head | (OTHER - unit) > last_other:
                    insert(others[thread, other], 0, most, head | (OTHER - unit))
            for term in range(asked.starts[row], asked.starts[row + 1]):
                shown[asked.keys[term]] = 0.0
                latest[asked.keys[term]] = -1
    return own, others


def _add_up(
    asked: Terms, row: int, having: Terms, sums: Floats, met: Integers, reached: Integers, shown: Floats
) -> int:
    """Add up both directions for each unit that a row meets; returns how many those in `met` are.

    `reached` says by which row a unit was met last: sums may stay zero, and each unit has room in `met` only once.
    """
    found = 0
    for term in range(asked.starts[row], asked.starts[row + 1]):
        key, need, hold = asked.keys[term], asked.needs[term], asked.holds[term]
        shown[key] = hold
        for place in range(having.starts[key], having.starts[key + 1]):
            other = having.keys[place]
            if reached[other] != row:
                reached[other] = row
                met[found] = other
                found += 1
            sums[other, 0] += need * having.holds[place]
            sums[other, 1] += hold * having.needs[place]
    return found


def _chain(asked_by: Terms, begin: int, end: int, latest: Integers, earlier: Integers, by: Integers) -> None:
    """For each key the terms of a row's outcomes that ask for it: the last in `latest`, the one before in `earlier`."""
    offset = asked_by.starts[begin]
    for outcome in range(begin, end):
        for term in range(asked_by.starts[outcome], asked_by.starts[outcome + 1]):
            key = asked_by.keys[term]
            earlier[term - offset] = latest[key]
            by[term - offset] = outcome - begin
            latest[key] = term - offset


def _shown_of_row(
    units: Terms, other: int, latest: Integers, earlier: Integers, by: Integers, needs: Floats, best: Floats
) -> float:
    """The sum over a row's outcomes of how far `other` shows each."""
    best[:] = 0.0
    for term in range(units.starts[other], units.starts[other + 1]):
        step = latest[units.keys[term]]
        while step >= 0:
            best[by[step]] = max(best[by[step]], needs[step] * units.holds[term])
            step = earlier[step]
    total: float = best.sum()
    return total


def _shown_of_other(outcomes: Terms, of_other: Integers, shown: Floats) -> float:
    """The sum over another unit's outcomes of how far a row shows each."""
    total = 0.0
    for outcome in of_other:
        greatest = 0.0
        for term in range(outcomes.starts[outcome], outcomes.starts[outcome + 1]):
            greatest = max(greatest, shown[outcomes.keys[term]] * outcomes.needs[term])
        total += greatest
    return total


insert, add_up, chain = compiled(_insert), compiled(_add_up), compiled(_chain)
shown_of_row, shown_of_other = compiled(_shown_of_row), compiled(_shown_of_other)
search = compiled(_search, parallel=True)
