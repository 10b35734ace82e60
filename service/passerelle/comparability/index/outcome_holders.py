"""How far a holder of each unit is expected to have shown each single outcome of a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.neighbours import alike, asked
from passerelle.comparability.index.ragged import Floats, Integers
from passerelle.comparability.index.values import EXPECTED


@dataclass(frozen=True, slots=True)
class OutcomeHolders:
    """For the outcomes of a target (numbers, in the order of their IRIs) the units that show something of each.

    Entry i: the unit `units[i]` (number in the index) shows `values[i]` (0 to 1, expected) of `outcomes[i]`.
    """

    outcome_count: int
    outcomes: Integers
    units: Integers
    values: Floats


def outcome_holders(index: CoverageIndex, target: str, only: Sequence[int] | None = None) -> OutcomeHolders:
    """The entries of a target (IRI), each unit and outcome once: `value_expected` of method `coverage-1`.

    `only`: places of the outcomes that are asked about, in the order of all; entries count within these. Raises
    UnknownUnit.
    """
    tables, inverse = index.tables, index.inverse
    outcomes = np.sort(tables.outcomes[index.position(target)])
    if only is not None:
        outcomes = outcomes[list(only)]
    best, mark = np.zeros(len(tables.iris)), np.empty(len(tables.iris), np.int64)
    found: list[tuple[Integers, Integers, Floats]] = []
    for place, (skills, needs) in enumerate(asked(tables, outcomes)):
        members, values, owner = inverse.holders.of(skills)
        expected = values[EXPECTED] * needs[EXPECTED, owner]
        similar, counts = alike(tables, inverse, outcomes[place])
        others, which = inverse.units.all_of(similar)
        own = inverse.units[outcomes[place]]
        showing = np.concatenate((members, others, own))
        np.maximum.at(best, showing, np.concatenate((expected, counts[EXPECTED, which], np.ones(len(own)))))
        mark[showing] = np.arange(len(showing))
        distinct = showing[(mark[showing] == np.arange(len(showing))) & (best[showing] > 0)]
        found.append((np.full(len(distinct), place), distinct, best[distinct]))
        best[showing] = 0
    nothing = np.empty(0, np.int64)
    return OutcomeHolders(
        len(outcomes),
        np.concatenate([nothing, *(each[0] for each in found)]),
        np.concatenate([nothing, *(each[1] for each in found)]),
        np.concatenate([np.empty(0), *(each[2] for each in found)]),
    )
