"""Further units that would show what a holder still lacks of a target: context beside a finding, never instead of it.

Chosen one after another, each the one that is expected to add most (`PathProblem.greedy` says what that is worth); the
best set of units is what `comparability.paths` searches. No set of units is the target, whatever it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.findings import kind_matrix, strengths
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
from passerelle.records.comparison import Direction, FindingName, share
from passerelle.records.mapping_table import rows
from passerelle.records.other_units import Completion

FINDING: FindingName = "could-be-completed-by"
_WHOLE = "full-qualification"
"""A qualification that stands for itself is no step towards another (`comparability.paths` says the same)."""


def completions(
    index: CoverageIndex, described: Described, target: ComparedUnit, forward: Direction
) -> tuple[Completion, ...]:
    """The units that add most to what a holder has shown of `target`, to be taken together, the first one first.

    `forward` is that holder in view of the target. Beside which findings there are any, and how many, is data:
    `mappings/contextual-findings.tsv`. Each shows an outcome that is lacking or open by `named-from` or more. Left out
    are full qualifications, units of which the matrix of kinds allows no part to be named, and the families of both
    units with the other parts of the target's wholes. Raises UnknownUnit where the index lacks the target.
    """
    row = next(each for each in rows("contextual-findings.tsv") if each["finding"] == FINDING)
    wanted = states_in("lacking") | states_in("open")
    places = [place for place, each in enumerate(forward.evidence) if each.state in wanted]
    if not places or not forward.finding.applies or forward.finding.finding not in row["beside"].split():
        return ()
    holders = outcome_holders(index, target.iri, places)
    allowed = _allowed(index, holders.units, forward.holder, target)
    held = np.array([(each.lower, each.expected) for each in forward.evidence]).T
    chosen = _chosen(holders, allowed, held[1, places], int(row["most"]))
    return tuple(_described(index, described, chosen, target, held, places)) if chosen else ()


def _allowed(index: CoverageIndex, units: Integers, holder: str, target: ComparedUnit) -> Truths:
    """Which of these units (numbers) may be named."""
    least = strengths()["covers-named-parts"]
    kinds = {
        kind
        for (kind, other), each in kind_matrix().items()
        if other == target.kind and kind != _WHOLE and strengths()[each.strongest] >= least
    }
    left_out = np.zeros(len(index.iris), np.bool_)
    left_out[kin(index.tables, index.position(target.iri))] = True
    left_out[index.family_of(index.position(holder))] = True
    of_kind = np.array([name in kinds for name in index.tables.kinds], np.bool_)
    allowed: Truths = of_kind[index.tables.kind[units]] & ~left_out[units]
    return allowed


def _chosen(holders: OutcomeHolders, allowed: Truths, held: Floats, most: int) -> list[int]:
    """The units (numbers) one after another; of those that add as much the first.

    `allowed` is about the entries of `holders`; `held` (outcomes,) is what is expected of each outcome before.
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
        best = int(candidates[np.argmax(np.round(gains, 9))])
        found.append(best)
        own = units == best
        np.maximum.at(held, outcomes[own], values[own])
    return found


def _described(
    index: CoverageIndex,
    described: Described,
    chosen: Sequence[int],
    target: ComparedUnit,
    held: Floats,
    places: Sequence[int],
) -> Iterator[Completion]:
    """The completions with what each adds to what is held: `held` (lower and expected, outcomes), all of it."""
    holders = np.array(chosen, np.int64)
    pairs = Pairs(index.tables, index.inverse, holders, np.full(len(chosen), index.position(target.iri)))
    alone = pairs.coverages()
    values = pairs.best.reshape(len(pairs.best), len(chosen), len(target.outcomes))[[LOWER, EXPECTED]]
    for number, place in enumerate(chosen):
        unit = described(index.iris[place], frozenset({STATUS}))
        if unit is None:
            continue
        shown = np.zeros_like(held)
        shown[:, places] = values[:, number, places]
        lower, expected = np.maximum(shown - held, 0.0).sum(axis=1) / len(target.outcomes)
        named = (shares(shown[1]) >= parameters().named_from) & (shares(held[1]) < parameters().named_from)
        yield Completion(
            unit=replace(unit, facts=tuple(fact for fact in unit.facts if fact.name == STATUS)),
            adds=share(float(expected)),
            adds_lower=share(float(lower)),
            outcomes=tuple(target.outcomes[each].iri for each in np.flatnonzero(named).tolist()),
            links=int(alone.links[number]),
            reviewed_links=int(alone.reviewed_links[number]),
            machine_links=int(alone.machine_links[number]),
        )
        held = np.maximum(held, shown)
