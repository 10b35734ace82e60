"""Coverage of one unit by all others, and of all others by one: the definition `coverage-1`, for all units at once.

    value_x(b) = the largest of shown_x(skill of a) · needed_x(skill of b) · kind_x over the outcomes a of the holder

so for a given target it is enough to know how far each unit shows each skill at best, and for a given holder how far it
does itself; who meets by text is looked up by key. The numbers equal those of `comparability.coverage.covered`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.neighbours import alike, alike_to_any, asked, shows
from passerelle.comparability.index.postings import Inverse
from passerelle.comparability.index.ragged import Floats, Integers, Truths, places
from passerelle.comparability.index.silence import Partly
from passerelle.comparability.index.tables import Tables
from passerelle.comparability.index.values import EXPECTED, LOWER, READINGS, UPPER


@dataclass(frozen=True, slots=True)
class Rows:
    """Shares from 0 to 1, not rounded, one for each unit of the index; `lower` ≤ `expected` ≤ `upper`."""

    lower: Floats
    expected: Floats
    upper: Floats


def holders_of(tables: Tables, inverse: Inverse, target: int) -> Rows:
    """How much of the unit `target` a holder of each unit has shown."""
    units, outcomes = len(tables.iris), tables.outcomes[target]
    if not len(outcomes):
        return Rows(np.zeros(units), np.zeros(units), np.ones(units))
    totals, best = np.zeros((READINGS, units)), np.zeros((READINGS, units))
    mark, met = np.empty(units, np.int64), np.zeros(units, np.int64)
    partly = Partly()
    linked = inverse.linked[outcomes]
    for place, (skills, needs) in enumerate(asked(tables, outcomes)):
        members, values, owner = inverse.holders.of(skills)
        values *= needs[:, owner]
        similar, counts = alike(tables, inverse, outcomes[place])
        if len(similar):
            others, which = inverse.units.all_of(similar)
            members, values = np.concatenate((members, others)), np.hstack((values, counts[:, which]))
        distinct = _distinct(members, mark)
        found = _greatest(best, members, values, distinct)
        if not linked[place]:
            found[UPPER] = 0
        totals[:, distinct] += found
        possible = found[UPPER] > 0
        met[distinct[possible]] += 1
        partly.add(distinct[possible], 1 - found[UPPER][possible])
    totals[UPPER] += np.count_nonzero(~linked)
    spoken = np.bincount(inverse.units.all_of(_silent_alike(tables, inverse, outcomes))[0], minlength=units)
    totals[UPPER] += partly.raised(inverse.silent - spoken, np.count_nonzero(linked) - met)
    totals /= len(outcomes)
    totals[:, target] = 1
    return Rows(*totals)


def bounds_of(tables: Tables, inverse: Inverse, target: int, wanted: Truths) -> tuple[Floats, Floats]:
    """Lower and expected of `holders_of` for the units `wanted` alone (0 for all others); a fraction of the work."""
    units, outcomes = len(tables.iris), tables.outcomes[target]
    totals, best, mark = np.zeros((2, units)), np.zeros(units), np.empty(units, np.int64)
    everything = bool(wanted.all())
    for place, (skills, needs) in enumerate(asked(tables, outcomes)):
        found, owner = places(inverse.holders.starts, skills)
        similar, counts = alike(tables, inverse, outcomes[place])
        others, which = inverse.units.all_of(similar)
        members = np.concatenate((inverse.holders.members[found], others))
        some = slice(None) if everything else wanted[members]
        members = members[some]
        for total, reading in zip(totals, (LOWER, EXPECTED), strict=True):
            through = inverse.holders.values[reading, found] * needs[reading, owner]
            values = np.concatenate((through, counts[reading, which]))[some]
            showing = np.flatnonzero(values)
            showing_members = members[showing]
            distinct = _distinct(showing_members, mark)
            np.maximum.at(best, showing_members, values[showing])
            total[distinct] += best[distinct]
            best[distinct] = 0
    totals /= max(1, len(outcomes))
    if wanted[target] and len(outcomes):
        totals[:, target] = 1
    return totals[0], totals[1]


def targets_of(tables: Tables, inverse: Inverse, holder: int) -> Rows:
    """How much of each unit a holder of the unit `holder` has shown."""
    units, outcomes = len(tables.iris), tables.outcomes[holder]
    best, mark = np.zeros((READINGS, tables.outcome_count)), np.empty(tables.outcome_count, np.int64)
    skills, shown = shows(tables, outcomes)
    members, values, owner = inverse.needs.of(skills)
    values *= shown[:, owner]
    met_by = [alike(tables, inverse, outcome) for outcome in outcomes]
    members = np.concatenate((members, outcomes, *(similar for similar, _ in met_by)))
    values = np.hstack((values, np.ones((READINGS, len(outcomes))), *(counts for _, counts in met_by)))
    distinct = _distinct(members, mark)
    found = _greatest(best, members, values, distinct)
    found[UPPER, ~inverse.linked[distinct]] = 0
    spoken, silent = np.zeros(units, np.int64), ~inverse.linked[outcomes]
    for outcome, (similar, _) in zip(outcomes[silent], (met_by[each] for each in np.flatnonzero(silent)), strict=True):
        # a unit with several outcomes that read like this one is counted once
        spoken[inverse.units.all_of(np.append(similar, outcome))[0]] += 1
    having, owner = inverse.units.all_of(distinct)
    totals = np.empty((READINGS, units))
    for reading in range(READINGS):
        totals[reading] = np.bincount(having, found[reading, owner], minlength=units)
    possible = found[UPPER, owner] > 0
    met = np.bincount(having[possible], minlength=units)
    partly = Partly()
    partly.add(having[possible], 1 - found[UPPER, owner[possible]])
    totals[UPPER] += inverse.silent
    unmet = inverse.size - inverse.silent - met
    totals[UPPER] += partly.raised(np.count_nonzero(silent) - spoken, unmet)
    empty = inverse.size == 0
    totals /= np.where(empty, 1, inverse.size)
    totals[UPPER, empty] = 1
    return Rows(*totals)


def expected_of(tables: Tables, inverse: Inverse, holder: int, asked: Truths) -> Floats:
    """How much of each unit a holder of the unit `holder` is expected to have shown, by the outcomes `asked` alone.

    The same as `targets_of` for every unit of which all outcomes are among `asked`.
    """
    outcomes = tables.outcomes[holder]
    skills, shown = shows(tables, outcomes)
    found, owner = places(inverse.needs.starts, skills)
    members = inverse.needs.members[found]
    some = np.flatnonzero(asked[members])
    members = members[some]
    values = inverse.needs.values[EXPECTED, found[some]] * shown[EXPECTED, owner[some]]
    similar, counts = alike_to_any(tables, inverse, outcomes)
    members = np.concatenate((members, similar, outcomes))
    values = np.concatenate((values, counts[EXPECTED], np.ones(len(outcomes))))
    best = np.zeros(tables.outcome_count)
    np.maximum.at(best, members, values)
    distinct = _distinct(members, np.empty(tables.outcome_count, np.int64))
    having, which = inverse.units.all_of(distinct[asked[distinct]])
    totals = np.bincount(having, best[distinct[asked[distinct]]][which], minlength=len(tables.iris))
    expected: Floats = totals / np.maximum(inverse.size, 1)
    return expected


def _distinct(members: Integers, mark: Integers) -> Integers:
    """The members, each once; `mark` is scratch room with a place for each that there is."""
    mark[members] = np.arange(len(members))
    distinct: Integers = members[mark[members] == np.arange(len(members))]
    return distinct


def _greatest(best: Floats, members: Integers, values: Floats, distinct: Integers) -> Floats:
    """For each of `distinct` the greatest value in each reading; `best` is scratch room, zero before and after."""
    if len(distinct) == len(members):
        # their order is the same, too: nothing was left out
        return values
    found = np.empty((READINGS, len(distinct)))
    for reading in range(READINGS):
        np.maximum.at(best[reading], members, values[reading])
        found[reading] = best[reading, distinct]
        best[reading, distinct] = 0
    return found


def _silent_alike(tables: Tables, inverse: Inverse, outcomes: Integers) -> Integers:
    """The outcomes that are not linked and are, or read like, one of these."""
    keys, _ = tables.keys.all_of(outcomes)
    found = np.unique(inverse.alike.all_of(keys)[0])
    return found[~inverse.linked[found]]
