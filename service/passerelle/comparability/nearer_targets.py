"""Other targets that a holder's unit covers clearly more of: context beside a finding, never instead of it."""

from __future__ import annotations

import numpy as np

from passerelle.comparability.contextual_findings import contextual_finding
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.shares import shares
from passerelle.graph.unit_statements import NOT_STATED
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import SHARE_DIGITS, SHARE_MARGIN, Direction, FindingName, share
from passerelle.records.other_units import Nearer

FINDING: FindingName = "nearer-to-another-target"


def nearer_targets(index: CoverageIndex, target: ComparedUnit, forward: Direction) -> tuple[Nearer, ...]:
    """Units of the target's country and kind of which more is expected to be shown than of it, best first.

    `forward` is a holder in view of `target`. Beside which findings they stand, how much more is meant, and how many
    are named, is data: `mappings/contextual-findings.tsv`. The families of the two units
    (themselves, their parts, their wholes) are left out. There are none where country or kind of the target is not
    stated. Raises UnknownUnit where the index lacks one of the two.
    """
    rule, expected = contextual_finding(FINDING), forward.coverage.expected
    if not target.country or target.kind == NOT_STATED or not rule.stands_beside(forward.finding.finding):
        return ()
    if expected + rule.margin > 1 + SHARE_MARGIN:
        return ()
    same, outcomes = index.comparable(target.country, target.kind)
    shown, wanted = index.expected_of(forward.holder, outcomes), share(expected + rule.margin)
    # rounding, which few are worth, lifts none by more than this
    found = np.flatnonzero(same & (shown > wanted - 10**-SHARE_DIGITS))
    rounded = shares(shown[found])
    left_out = index.family(forward.holder) | index.family(target.iri)
    ranked = sorted(
        (-more, index.iris[each]) for each, more in zip(found.tolist(), rounded.tolist(), strict=True) if more >= wanted
    )
    return tuple(Nearer(iri, -more) for more, iri in ranked if iri not in left_out)[: rule.most]
