"""Further units that would show what a holder still lacks of a target: context beside a finding, never instead of it.

Chosen one after another, each the one that is expected to add most to the outcomes that are lacking or open
(`PathProblem.greedy` says what that is worth); the best set of units is what `comparability.paths` searches. No set of
units is the target, whatever it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from passerelle.comparability.contextual_findings import contextual_finding
from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.outcome_holders import OutcomeHolders, outcome_holders
from passerelle.comparability.index.pairs import Pairs
from passerelle.comparability.index.ragged import Floats, Integers, Truths
from passerelle.comparability.index.ranked_pairs import kin
from passerelle.comparability.index.shares import shares
from passerelle.comparability.index.values import EXPECTED, LOWER
from passerelle.comparability.nearest import STATUS, Described
from passerelle.comparability.outcome_states import states_in
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Direction, FindingName
from passerelle.records.other_units import Completion
from passerelle.records.unit_tables import step_kinds

FINDING: FindingName = "could-be-completed-by"
_NOTHING = 1e-9
"""Shares below it are no difference."""


def completions(
    index: CoverageIndex, described: Described, target: ComparedUnit, forward: Direction
) -> tuple[Completion, ...]:
    """The units that add most to what a holder has shown of `target`, to be taken together, the first one first.

    `forward` is that holder in view of `target`. Beside which findings there are any, and how many, is data:
    `mappings/contextual-findings.tsv`. Each shows an outcome that is lacking or open by `named-from` or more. Left out
    are kinds that are no step to another unit (`mappings/unit-kinds.tsv`: full qualifications), and the families of
    both units with the other parts of the target's wholes. Raises UnknownUnit where the index lacks the target.
    """
    rule, wanted = contextual_finding(FINDING), states_in("lacking") | states_in("open")
    places = [place for place, each in enumerate(forward.evidence) if each.state in wanted]
    if not places or not forward.finding.applies or not rule.stands_beside(forward.finding.finding):
        return ()
    holders = outcome_holders(index, target.iri, places)
    allowed = _allowed(index, holders.units, forward.holder, target)
    held = np.array([forward.evidence[place].expected for place in places])
    chosen = _chosen(holders, allowed, held, rule.most, rule.margin * len(target.outcomes))
    return tuple(_described(index, described, chosen, forward.holder, target)) if chosen else ()


def _allowed(index: CoverageIndex, units: Integers, holder: str, target: ComparedUnit) -> Truths:
    """Which of these units (numbers) may be named."""
    left_out = np.zeros(len(index.iris), np.bool_)
    left_out[kin(index.tables, index.position(target.iri))] = True
    left_out[index.family_of(index.position(holder))] = True
    allowed: Truths = (index.of_kinds(step_kinds()) & ~left_out)[units]
    return allowed


def _chosen(holders: OutcomeHolders, allowed: Truths, held: Floats, most: int, margin: float) -> list[int]:
    """The units (numbers) one after another; of those that add as much the first.

    `allowed` is about the entries of `holders`; `held` (outcomes,) is what is expected of each outcome before. Each
    adds more than `margin`, in outcomes.
    """
    useful = allowed & (holders.values > held[holders.outcomes])
    outcomes, units, values = holders.outcomes[useful], holders.units[useful], holders.values[useful]
    found: list[int] = []
    for _ in range(most):
        names = (values >= parameters().named_from) & (held[outcomes] < parameters().named_from)
        candidates = np.flatnonzero(np.bincount(units[names]))
        if not len(candidates):
            break
        gains = np.bincount(units, np.maximum(values - held[outcomes], 0.0))[candidates]
        # sums of equal values may differ in their last digit
        place = int(np.argmax(np.round(gains, 9)))
        if gains[place] <= margin:
            break
        best = int(candidates[place])
        found.append(best)
        own = units == best
        np.maximum.at(held, outcomes[own], values[own])
    return found


def _described(
    index: CoverageIndex, described: Described, chosen: Sequence[int], holder: str, target: ComparedUnit
) -> Iterator[Completion]:
    """The units (numbers) with what a holder has shown more with each: of all outcomes, also of those shown in part."""
    holders = np.array([index.position(holder), *chosen], np.int64)
    pairs = Pairs(index.tables, index.inverse, holders, np.full(len(holders), index.position(target.iri)))
    # (readings, units, outcomes); what several units show of an outcome is the greatest value that one of them shows
    values = pairs.best.reshape(len(pairs.best), len(holders), len(target.outcomes))[[LOWER, EXPECTED]]
    shown = np.maximum.accumulate(values, axis=1)
    more = np.diff(shown, axis=1, prepend=shown[:, :1])
    links = pairs.links_behind((more > _NOTHING).any(axis=0).ravel())
    together, added, named = shares(shown.mean(axis=2)), shares(more.mean(axis=2)), parameters().named_from
    names = (shares(values[1, 1:]) >= named) & (shares(shown[1, :-1]) < named)
    for number, place in enumerate(chosen, 1):
        unit = described(index.iris[place], frozenset({STATUS}))
        if unit is None:
            continue
        yield Completion(
            unit=replace(unit, facts=tuple(fact for fact in unit.facts if fact.name == STATUS)),
            adds=float(added[1, number]),
            adds_lower=float(added[0, number]),
            together=float(together[1, number]),
            together_lower=float(together[0, number]),
            outcomes=tuple(target.outcomes[each].iri for each in np.flatnonzero(names[number - 1]).tolist()),
            links=int(links["links"][number]),
            reviewed_links=int(links["reviewed_links"][number]),
            machine_links=int(links["machine_links"][number]),
        )
