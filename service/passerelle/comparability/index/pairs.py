"""Everything that a `Coverage` says, for many pairs of units at once.

The same definition as `comparability.coverage.covered`, its order of matches included, so that the links behind a
figure are the same ones. Memory grows with the meetings of outcomes of the pairs given: ask in pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.index.meetings import NO_LINK, Meetings, Side, textual, through_skills
from passerelle.comparability.index.postings import Known
from passerelle.comparability.index.ragged import Floats, Integers, Truths, first_of_runs, places
from passerelle.comparability.index.shares import shares
from passerelle.comparability.index.silence import Partly
from passerelle.comparability.index.tables import OutcomeTables
from passerelle.comparability.index.values import EXPECTED, LOWER, READINGS, UPPER, certainty
from passerelle.comparability.link_values import MACHINE
from passerelle.records.compared_unit import LINK_CLASSES, REVIEWED_CLASSES
from passerelle.records.comparison import Coverage, OutcomeState

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

    def records(self) -> list[Coverage]:
        """The record of each pair."""
        columns = (getattr(self, name).tolist() for name in Coverages.__slots__)
        return [Coverage(**dict(zip(Coverages.__slots__, row, strict=True))) for row in zip(*columns, strict=True)]


def coverages(
    tables: OutcomeTables, known: Known, holders: Integers, targets: Integers, weights: Floats | None = None
) -> Coverages:
    """The coverage of `targets[i]` by a holder of `holders[i]`, for each i; for `weights` see `Pairs.coverages`."""
    return Pairs(tables, known, holders, targets).coverages(weights)


class Pairs:
    """Holders and targets, pair by pair, and how their outcomes meet. `rows` are the outcomes of all targets."""

    def __init__(self, tables: OutcomeTables, known: Known, holders: Integers, targets: Integers) -> None:
        self._tables, self._known = tables, known
        self._count, self._size = len(holders), known.size[targets]
        self._holder, self._target = Side.of(tables, holders), Side.of(tables, targets)
        self._textual = textual(tables, self._holder, self._target)
        self._meetings = self._textual.joined(through_skills(tables, self._holder, self._target))
        best = np.zeros((READINGS, len(self._target.pair)))
        for reading in range(READINGS):
            np.maximum.at(best[reading], self._meetings.row, self._meetings.values[reading])
        self._best = best
        self._linked = known.linked[self._target.outcome], known.linked[self._holder.outcome]
        self._firm = self._firmly(self._target.outcome), self._firmly(self._holder.outcome)
        self._spoken = np.zeros(len(self._holder.pair), np.bool_)
        self._spoken[self._textual.holder] = True

    @property
    def rows(self) -> Side:
        """The outcomes of the targets: those of the first pair in the order of their IRIs, then the second's."""
        return self._target

    @property
    def best(self) -> Floats:
        """How far each of `rows` is shown, before what is silent is raised: (readings, rows), not rounded."""
        return self._best

    def coverages(self, weights: Floats | None = None) -> Coverages:
        """All figures. `weights`, one for each of `rows`, add up to 1 in each pair; None: each outcome counts alike."""
        pair, some = self._target.pair, self._size > 0
        weight = 1 / self._size[pair] if weights is None else weights
        linked, firm = self._linked[0], self._firm[0]
        alike = np.zeros(len(pair), np.bool_)
        alike[self._textual.row] = True
        collapsed = self._collapsed()

        def added(values: Floats | Truths) -> Floats:
            return shares(np.bincount(pair, weight * values, minlength=self._count))

        return Coverages(
            lower=added(self._best[LOWER]),
            expected=added(self._best[EXPECTED]),
            upper=np.where(some, self._upper(weight, *self._linked), 1.0),
            assessed=added(alike | (linked & self._any(self._linked[1])[pair])),
            unlinked=added(~linked),
            collapsed=added(collapsed),
            outcomes=self._size.astype(np.int64),
            named=self._counted(pair, shares(self._best[EXPECTED]) >= parameters().named_from),
            assessed_firmly=added(alike | (firm & self._any(self._firm[1])[pair])),
            upper_at_most=np.where(some, self._upper(weight, *self._firm), 1.0),
            indistinct=added(collapsed & ~alike),
            **self._links_behind,
        )

    def states(self) -> tuple[list[OutcomeState], Floats]:
        """The state of each of `rows`, and how far it is expected to be shown (rounded)."""
        expected = shares(self._best[EXPECTED])
        linked, firm = self._linked[0], self._firm[0]
        unheard = self._any(~self._firm[1] & ~self._spoken)[self._target.pair]
        cases: list[tuple[OutcomeState, Truths]] = [
            ("shown", self._best[LOWER] >= 1),
            ("partly-shown", expected >= parameters().named_from),
            ("unlinked", ~linked & (expected == 0)),
            ("possible", ~linked | ~firm | (self._best[UPPER] > 0) | unheard),
        ]
        names: list[OutcomeState] = [*(name for name, _ in cases), "not-shown"]
        first = np.select([holds for _, holds in cases], range(len(cases)), len(cases))
        return [names[place] for place in first.tolist()], expected

    def _counted(self, pair: Integers, which: Truths) -> Integers:
        return np.bincount(pair[which], minlength=self._count)

    def _any(self, of_holder: Truths) -> Truths:
        """In which pairs this is true of any outcome of the holder."""
        found: Truths = self._counted(self._holder.pair, of_holder) > 0
        return found

    def _firmly(self, outcomes: Integers) -> Truths:
        """Which of these outcomes more than a machine links (`link_values.is_linked`)."""
        links = self._tables.links
        found, owner = places(links.starts, outcomes)
        firm = links.link_class[found] != LINK_CLASSES.index(MACHINE)
        sure = certainty(links.some(found)) >= parameters().linked_from
        linked: Truths = np.bincount(owner[firm & sure], minlength=len(outcomes)) > 0
        return linked

    def _collapsed(self) -> Truths:
        """Which outcomes have the same best skill as another of their target."""
        skill = self._known.best[self._target.outcome]
        codes = self._target.pair * (len(self._tables.skills) + 1) + skill + 1
        _, place, shared = np.unique(codes, return_inverse=True, return_counts=True)
        collapsed: Truths = (skill >= 0) & (shared[place] > 1)
        return collapsed

    def _upper(self, weight: Floats, linked: Truths, linked_holder: Truths) -> Floats:
        """The share of `upper`, with what silence on both sides leaves possible."""
        pair, best = self._target.pair, np.where(linked, self._best[UPPER], 1.0)
        partly = Partly()
        partly.add(pair, weight * (1 - best))
        silent = self._counted(self._holder.pair, ~linked_holder & ~self._spoken)
        sums = np.bincount(pair, weight * best, minlength=self._count)
        return shares(sums + partly.raised(silent, np.zeros(self._count, np.int64)))

    @cached_property
    def _links_behind(self) -> dict[str, Integers]:
        return self.links_behind(np.ones(len(self._target.pair), np.bool_))

    def links_behind(self, which: Truths) -> dict[str, Integers]:
        """The links of the best match of each of `rows` that is expected to some part, one for each outcome and skill.

        Of the rows `which` alone: counts for each pair, named like the fields of `Coverages`.
        """
        links, chosen = self._tables.links, self._chosen
        chosen = chosen.some(which[chosen.row])
        link = np.concatenate((chosen.held, chosen.asked))
        pair = np.tile(self._target.pair[chosen.row], 2)
        span = len(links.skill) + 1
        codes = np.unique(pair[link != NO_LINK] * span + link[link != NO_LINK])
        pair, link = codes // span, codes % span
        link_class = links.link_class[link]
        reviewed, official, declared, machine = (link_class == place for place in range(len(LINK_CLASSES)))
        through = chosen.some(chosen.held != NO_LINK)
        sure = np.isin(np.arange(len(LINK_CLASSES)), _REVIEWED)
        at_both_ends: Truths = sure[links.link_class[through.held]] & sure[links.link_class[through.asked]]
        matched = self._target.pair[through.row]
        return {
            "linked_matches": np.bincount(matched, minlength=self._count),
            "reviewed_matches": self._counted(matched, at_both_ends),
            "links": np.bincount(pair, minlength=self._count),
            "reviewed_links": self._counted(pair, reviewed | official),
            "declared_links": self._counted(pair, declared),
            "machine_links": self._counted(pair, machine),
            "uncalibrated_links": self._counted(pair, machine & ~links.calibrated[link]),
        }

    @cached_property
    def _chosen(self) -> Meetings:
        """The best match of each outcome that is expected to some part."""
        met, expected = self._meetings, self._meetings.values[EXPECTED]
        high = met.some((expected == self._best[EXPECTED, met.row]) & (expected > 0))
        skill = np.append(self._tables.links.skill, NO_LINK)
        order = np.lexsort(
            (
                skill[high.asked],
                skill[high.held],
                self._holder.outcome[high.holder],
                high.kind,
                -high.values[UPPER],
                -high.values[LOWER],
                high.row,
            )
        )
        return high.some(order[first_of_runs(high.row[order])])
