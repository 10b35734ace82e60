"""Everything that a `Coverage` says, for many pairs of units at once: the rows that are shown, and the assertions.

The same definition as `comparability.coverage.covered`, its order of matches included, so that the links behind a
figure are the same ones. Memory grows with the meetings of outcomes of the pairs given: ask in pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.index.neighbours import TEXT_KINDS, asked_links
from passerelle.comparability.index.postings import Inverse
from passerelle.comparability.index.ragged import Floats, Integers, Truths, first_of_runs, places
from passerelle.comparability.index.shares import shares
from passerelle.comparability.index.silence import Partly
from passerelle.comparability.index.tables import IDENTITY, Tables
from passerelle.comparability.index.values import EXPECTED, LOWER, READINGS, UPPER, certainty, kinds, needed, shown
from passerelle.comparability.link_values import MACHINE
from passerelle.records.compared_unit import LINK_CLASSES, REVIEWED_CLASSES
from passerelle.records.comparison import Coverage

_NO_LINK = -1
_REVIEWED = [LINK_CLASSES.index(name) for name in REVIEWED_CLASSES]


@dataclass(frozen=True, slots=True)
class Coverages:
    """A `Coverage` for each pair of a holder and a target, as arrays; shares are rounded."""

    lower: Floats
    expected: Floats
    upper: Floats
    assessed: Floats
    unlinked: Floats
    collapsed: Floats
    outcomes: Integers
    links: Integers
    reviewed_links: Integers
    declared_links: Integers
    machine_links: Integers
    uncalibrated_links: Integers
    named: Integers
    assessed_firmly: Floats
    upper_at_most: Floats
    indistinct: Floats
    linked_matches: Integers
    reviewed_matches: Integers

    def record(self, pair: int) -> Coverage:
        """The record of one pair."""
        return Coverage(**{name: getattr(self, name)[pair].item() for name in Coverages.__slots__})


@dataclass(frozen=True, slots=True)
class _Meetings:
    """Matches of an outcome of a holder with one of a target, both as their row in the `_Side` of all pairs.

    `held` and `asked` are links, -1 where the outcomes meet by text.
    """

    row: Integers
    holder: Integers
    kind: Integers
    held: Integers
    asked: Integers
    values: Floats

    def some(self, which: Truths | Integers) -> _Meetings:
        return _Meetings(
            self.row[which],
            self.holder[which],
            self.kind[which],
            self.held[which],
            self.asked[which],
            self.values[:, which],
        )

    def joined(self, other: _Meetings) -> _Meetings:
        return _Meetings(
            np.concatenate((self.row, other.row)),
            np.concatenate((self.holder, other.holder)),
            np.concatenate((self.kind, other.kind)),
            np.concatenate((self.held, other.held)),
            np.concatenate((self.asked, other.asked)),
            np.hstack((self.values, other.values)),
        )


@dataclass(frozen=True, slots=True)
class _Side:
    """The outcomes of one side of all pairs: `pair` and `outcome` of each, one a row."""

    pair: Integers
    outcome: Integers

    @classmethod
    def of(cls, tables: Tables, units: Integers) -> _Side:
        outcome, pair = tables.outcomes.all_of(units)
        return cls(pair, outcome)


def coverages(tables: Tables, inverse: Inverse, holders: Integers, targets: Integers) -> Coverages:
    """The coverage of `targets[i]` by a holder of `holders[i]`, for each i."""
    pairs = len(holders)
    holder, target = _Side.of(tables, holders), _Side.of(tables, targets)
    textual = _textual(tables, holder, target)
    meetings = textual.joined(_through_skills(tables, holder, target))
    best = np.zeros((READINGS, len(target.pair)))
    for reading in range(READINGS):
        np.maximum.at(best[reading], meetings.row, meetings.values[reading])
    linked_target, linked_holder = inverse.linked[target.outcome], inverse.linked[holder.outcome]
    behind = _links_behind(tables, holder, target, meetings, best, pairs)
    totals = np.stack([np.bincount(target.pair, each, minlength=pairs) for each in best])
    totals[UPPER] = _upper(target, holder, textual, best[UPPER], linked_target, linked_holder, pairs)
    size = inverse.size[targets]
    some, any_linked = size > 0, np.bincount(holder.pair[linked_holder], minlength=pairs) > 0
    alike = np.zeros(len(target.pair), np.bool_)
    alike[textual.row] = True
    firm_target, firm_holder = _firmly(tables, target.outcome), _firmly(tables, holder.outcome)
    any_firm = np.bincount(holder.pair[firm_holder], minlength=pairs) > 0
    at_most = _upper(target, holder, textual, best[UPPER], firm_target, firm_holder, pairs)
    collapsed = _collapsed(tables, inverse, target)
    counted = np.where(some, size, 1)
    return Coverages(
        lower=shares(totals[LOWER] / counted),
        expected=shares(totals[EXPECTED] / counted),
        upper=np.where(some, shares(totals[UPPER] / counted), 1.0),
        assessed=shares(_count(target.pair, alike | (linked_target & any_linked[target.pair]), pairs) / counted),
        unlinked=shares(_count(target.pair, ~linked_target, pairs) / counted),
        collapsed=shares(_count(target.pair, collapsed, pairs) / counted),
        outcomes=size.astype(np.int64),
        named=_count(target.pair, shares(best[EXPECTED]) >= parameters().named_from, pairs),
        assessed_firmly=shares(_count(target.pair, alike | (firm_target & any_firm[target.pair]), pairs) / counted),
        upper_at_most=np.where(some, shares(at_most / counted), 1.0),
        indistinct=shares(_count(target.pair, collapsed & ~alike, pairs) / counted),
        **behind,
    )


def _count(pair: Integers, which: Truths, pairs: int) -> Integers:
    return np.bincount(pair[which], minlength=pairs)


def _firmly(tables: Tables, outcomes: Integers) -> Truths:
    """Which of these outcomes more than a machine links (`link_values.is_linked`)."""
    found, owner = places(tables.links.starts, outcomes)
    firm = tables.links.link_class[found] != LINK_CLASSES.index(MACHINE)
    sure = certainty(tables.links.some(found)) >= parameters().linked_from
    linked: Truths = np.bincount(owner[firm & sure], minlength=len(outcomes)) > 0
    return linked


def _textual(tables: Tables, holder: _Side, target: _Side) -> _Meetings:
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
    none = np.full(len(row), _NO_LINK, np.int64)
    return _Meetings(
        row, np.concatenate((owner[by_key[0]], same[0])), TEXT_KINDS[kind], none, none, kinds()[TEXT_KINDS[kind]].T
    )


def _through_skills(tables: Tables, holder: _Side, target: _Side) -> _Meetings:
    """Outcomes linked to one skill, or to two of which one stands directly above the other."""
    held, owner = places(tables.links.starts, holder.outcome)
    link, skill, kind, rows = asked_links(tables, target.outcome)
    span = len(tables.skills)
    first, second = _join(holder.pair[owner] * span + tables.links.skill[held], target.pair[rows] * span + skill)
    held, link, kind = held[first], link[second], kind[second]
    values = shown(tables.links.some(held)) * needed(tables.links.some(link)) * kinds()[kind]
    return _Meetings(rows[second], owner[first], kind, held, link, values.T)


def _join(first: Integers, second: Integers) -> tuple[Integers, Integers]:
    """The places of equal codes in both: every combination."""
    order = np.argsort(first, kind="stable")
    ordered = first[order]
    begin, end = np.searchsorted(ordered, second, "left"), np.searchsorted(ordered, second, "right")
    count = end - begin
    owner = np.repeat(np.arange(len(second)), count)
    found = np.arange(int(count.sum())) + np.repeat(begin - (np.cumsum(count) - count), count)
    return order[found], owner


def _links_behind(
    tables: Tables, holder: _Side, target: _Side, meetings: _Meetings, best: Floats, pairs: int
) -> dict[str, Integers]:
    """The links of the best match of each outcome that is expected to some part, one for each outcome and skill."""
    high = meetings.some((meetings.values[EXPECTED] == best[EXPECTED, meetings.row]) & (meetings.values[EXPECTED] > 0))
    skill = np.append(tables.links.skill, _NO_LINK)
    holder_outcome = holder.outcome[high.holder]
    order = np.lexsort(
        (
            skill[high.asked],
            skill[high.held],
            holder_outcome,
            high.kind,
            -high.values[UPPER],
            -high.values[LOWER],
            high.row,
        )
    )
    chosen = high.some(order[first_of_runs(high.row[order])])
    link = np.concatenate((chosen.held, chosen.asked))
    pair = np.tile(target.pair[chosen.row], 2)
    span = len(tables.links.skill) + 1
    codes = np.unique(pair[link != _NO_LINK] * span + link[link != _NO_LINK])
    pair, link = codes // span, codes % span
    link_classes = tables.links.link_class
    link_class = link_classes[link]
    reviewed, official, declared, machine = (link_class == place for place in range(len(LINK_CLASSES)))
    through = chosen.some(chosen.held != _NO_LINK)
    sure = np.isin(np.arange(len(LINK_CLASSES)), _REVIEWED)
    at_both_ends: Truths = sure[link_classes[through.held]] & sure[link_classes[through.asked]]
    return {
        "linked_matches": _count(target.pair[through.row], np.ones(len(at_both_ends), np.bool_), pairs),
        "reviewed_matches": _count(target.pair[through.row], at_both_ends, pairs),
        "links": _count(pair, np.ones(len(pair), np.bool_), pairs),
        "reviewed_links": _count(pair, reviewed | official, pairs),
        "declared_links": _count(pair, declared, pairs),
        "machine_links": _count(pair, machine, pairs),
        "uncalibrated_links": _count(pair, machine & ~tables.links.calibrated[link], pairs),
    }


def _collapsed(tables: Tables, inverse: Inverse, target: _Side) -> Truths:
    """Which outcomes have the same best skill as another of their target."""
    skill = inverse.best[target.outcome]
    codes = target.pair * (len(tables.skills) + 1) + skill + 1
    _, place, shared = np.unique(codes, return_inverse=True, return_counts=True)
    collapsed: Truths = (skill >= 0) & (shared[place] > 1)
    return collapsed


def _upper(
    target: _Side, holder: _Side, textual: _Meetings, best: Floats, linked: Truths, linked_holder: Truths, pairs: int
) -> Floats:
    """The sum of `upper` over the outcomes of each target, with what silence on both sides leaves possible."""
    met = linked & (best > 0)
    partly = Partly()
    partly.add(target.pair[met], 1 - best[met])
    spoken = np.zeros(len(holder.pair), np.bool_)
    spoken[textual.holder] = True
    silent = _count(holder.pair, ~linked_holder & ~spoken, pairs)
    sums = np.bincount(target.pair, np.where(linked, best, 1.0), minlength=pairs)
    raised: Floats = sums + partly.raised(silent, _count(target.pair, linked & (best <= 0), pairs))
    return raised
