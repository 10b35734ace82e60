"""Which findings a decision about a link would change: those of the pairs whose coverage it moves most.

Counted are, for one purpose, ordered pairs whose finding is another one once the link is accepted (or once it is
rejected), weighted by how likely either decision is. Of each link the PAIRS pairs whose expected coverage moves most
are judged, because a skill that half of all units have moves tens of thousands of pairs. Pairs whose expected coverage
stays are not: an outcome that loses its only link is silent from then on, which makes each comparison of its unit a
little less assessable, and says nothing about the link.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from passerelle.comparability.coverage import covered
from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.findings import finding_of
from passerelle.comparability.proximity import Proximity
from passerelle.comparability.review_impact import Moves, Question
from passerelle.records.compared_unit import ComparedUnit, OutcomeLink
from passerelle.records.comparison import Purpose

PAIRS = 20
"""Pairs of one link whose findings are judged: 60 comparisons, a tenth of a second."""

_DIGITS = 4


class FindingChanges:
    """Findings of one release and purpose; `unit` gives units by their number."""

    def __init__(self, unit: Callable[[int], ComparedUnit | None], proximity: Proximity, purpose: Purpose) -> None:
        self._unit = unit
        self._proximity = proximity
        self._purpose = purpose

    def of(self, question: Question, moves: Moves, outcome: str, link: OutcomeLink) -> float:
        """How many findings change, to be expected from the decision; `link` is the link as it would be accepted."""
        movement = np.maximum(moves.accepted, moves.rejected)
        order = np.lexsort((moves.target, moves.holder, -movement))[:PAIRS]
        chance = question.probability
        total = 0.0
        for place in order.tolist():
            pair = [self._unit(int(side[place])) for side in (moves.holder, moves.target)]
            now, accepted, rejected = self._findings([each for each in pair if each is not None], outcome, link)
            total += chance * (accepted != now) + (1 - chance) * (rejected != now)
        return round(total, _DIGITS)

    def _findings(self, pair: Sequence[ComparedUnit], outcome: str, link: OutcomeLink) -> tuple[str, str, str]:
        """The finding now, with the link accepted, and with it rejected."""
        holder, target = pair
        versions = (None, (link,), ())
        now, accepted, rejected = (
            self._finding(_with(holder, outcome, link.skill, links), _with(target, outcome, link.skill, links))
            for links in versions
        )
        return now, accepted, rejected

    def _finding(self, holder: ComparedUnit, target: ComparedUnit) -> str:
        coverage, _ = covered(holder, target, self._proximity, wordings=False)
        return finding_of(self._purpose, Situation(holder, target, coverage)).finding


def _with(unit: ComparedUnit, outcome: str, skill: str, links: Sequence[OutcomeLink] | None) -> ComparedUnit:
    """The unit with these links in the place of an outcome's link to a skill; None leaves it as it is."""
    if links is None or all(each.iri != outcome for each in unit.outcomes):
        return unit
    outcomes = [
        replace(each, links=tuple(sorted([*(one for one in each.links if one.skill != skill), *links], key=_by_skill)))
        if each.iri == outcome
        else each
        for each in unit.outcomes
    ]
    return replace(unit, outcomes=tuple(outcomes))


def _by_skill(link: OutcomeLink) -> str:
    return link.skill
