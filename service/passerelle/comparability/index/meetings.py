"""How outcomes of two units meet each other, for many pairs of units at once: by text, and through ESCO skills."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.neighbours import TEXT_KINDS, asked_links
from passerelle.comparability.index.ragged import Floats, Integers, Truths, places
from passerelle.comparability.index.tables import IDENTITY, OutcomeTables
from passerelle.comparability.index.values import kinds, needed, shown

NO_LINK = -1


@dataclass(frozen=True, slots=True)
class Side:
    """The outcomes of one side of all pairs: `pair` and `outcome` of each, one a row."""

    pair: Integers
    outcome: Integers

    @classmethod
    def of(cls, tables: OutcomeTables, units: Integers) -> Side:
        """The outcomes of these units, one unit a pair."""
        outcome, pair = tables.outcomes.all_of(units)
        return cls(pair, outcome)


@dataclass(frozen=True, slots=True)
class Meetings:
    """Matches of an outcome of a holder with one of a target, both as their row in the `Side` of all pairs.

    `held` and `asked` are links, `NO_LINK` where the outcomes meet by text; `values` has a row a reading.
    """

    row: Integers
    holder: Integers
    kind: Integers
    held: Integers
    asked: Integers
    values: Floats

    def some(self, which: Truths | Integers) -> Meetings:
        """Some of them."""
        columns = (getattr(self, name)[..., which] for name in Meetings.__slots__)
        return Meetings(*columns)

    def joined(self, other: Meetings) -> Meetings:
        """These, then the others."""
        columns = (np.hstack((getattr(self, name), getattr(other, name))) for name in Meetings.__slots__)
        return Meetings(*columns)


def textual(tables: OutcomeTables, holder: Side, target: Side) -> Meetings:
    """Outcomes that are the same, or read the same."""
    found, owner = places(tables.keys.starts, holder.outcome)
    keys, rows = places(tables.keys.starts, target.outcome)
    span = len(tables.key_kind)
    by_key = _join(
        holder.pair[owner] * span + tables.keys.values[found], target.pair[rows] * span + tables.keys.values[keys]
    )
    kind = tables.key_kind[tables.keys.values[keys[by_key[1]]]]
    # an outcome that no other unit has needs no key, but meets itself where a unit is compared with itself
    span = tables.outcome_count
    same = _join(holder.pair * span + holder.outcome, target.pair * span + target.outcome)
    kind = np.concatenate((kind, np.full(len(same[0]), IDENTITY, kind.dtype)))
    row = np.concatenate((rows[by_key[1]], same[1]))
    none = np.full(len(row), NO_LINK, np.int64)
    return Meetings(
        row, np.concatenate((owner[by_key[0]], same[0])), TEXT_KINDS[kind], none, none, kinds()[TEXT_KINDS[kind]].T
    )


def through_skills(tables: OutcomeTables, holder: Side, target: Side) -> Meetings:
    """Outcomes linked to one skill, or to two of which one stands directly above the other."""
    held, owner = places(tables.links.starts, holder.outcome)
    link, skill, kind, rows = asked_links(tables, target.outcome)
    span = len(tables.skills)
    first, second = _join(holder.pair[owner] * span + tables.links.skill[held], target.pair[rows] * span + skill)
    held, link, kind = held[first], link[second], kind[second]
    values = shown(tables.links.some(held)) * needed(tables.links.some(link)) * kinds()[kind]
    return Meetings(rows[second], owner[first], kind, held, link, values.T)


def _join(first: Integers, second: Integers) -> tuple[Integers, Integers]:
    """The places of equal codes in both: every combination."""
    order = np.argsort(first, kind="stable")
    ordered = first[order]
    begin, end = np.searchsorted(ordered, second, "left"), np.searchsorted(ordered, second, "right")
    count = end - begin
    owner = np.repeat(np.arange(len(second)), count)
    found = np.arange(int(count.sum())) + np.repeat(begin - (np.cumsum(count) - count), count)
    return order[found], owner
