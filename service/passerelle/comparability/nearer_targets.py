"""Other targets that a holder's unit covers clearly more of: context beside a finding, never instead of it."""

from __future__ import annotations

import numpy as np

from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.shares import shares
from passerelle.graph.unit_statements import NOT_STATED
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import SHARE_DIGITS, SHARE_MARGIN, share
from passerelle.records.mapping_table import rows
from passerelle.records.other_units import Nearer

FINDING = "nearer-to-another-target"


def nearer_targets(
    index: CoverageIndex, holder: ComparedUnit, target: ComparedUnit, expected: float
) -> tuple[Nearer, ...]:
    """Units of the target's country and kind of which more is expected to be shown than `expected`, best first.

    How much more, and how many are named, is data: `mappings/contextual-findings.tsv`. The families of the two units
    (themselves, their parts, their wholes) are left out. There are none where country or kind of the target is not
    stated. Raises UnknownUnit where the index lacks one of the two.
    """
    if not target.country or target.kind == NOT_STATED:
        return ()
    row = next(each for each in rows("contextual-findings.tsv") if each["finding"] == FINDING)
    margin, most = float(row["margin"]), int(row["most"])
    if expected + margin > 1 + SHARE_MARGIN:
        return ()
    same, outcomes = index.comparable(target.country, target.kind)
    shown, wanted = index.expected_of(holder.iri, outcomes), share(expected + margin)
    # rounding, which few are worth, lifts none by more than this
    found = np.flatnonzero(same & (shown > wanted - 10**-SHARE_DIGITS))
    rounded = shares(shown[found])
    left_out = index.family(holder.iri) | index.family(target.iri)
    ranked = sorted(
        (-more, index.iris[each]) for each, more in zip(found.tolist(), rounded.tolist(), strict=True) if more >= wanted
    )
    return tuple(Nearer(iri, -more) for more, iri in ranked if iri not in left_out)[:most]
