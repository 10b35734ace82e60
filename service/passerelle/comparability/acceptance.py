"""Whether a review alone is lacking: the same two units, their links accepted as a reviewer would take them over.

Acceptance makes a link reviewed and leaves it its relation; an issuer's link, which has none, is thought to be accepted
with the weakest. That is not what `expected` has: an issuer's link counts there for 0.8, and an accepted one for what
its relation is worth. So all is counted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from passerelle.comparability.coverage import Count
from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.findings import FindingRule, finding_of, strengths, strongest_rule
from passerelle.comparability.proximity import Proximity
from passerelle.records.compared_unit import REVIEWED_CLASSES, ComparedUnit, OutcomeLink
from passerelle.records.comparison import Finding, OutcomeEvidence, Purpose
from passerelle.records.link import UNSTATED_RELATION

_WEAKEST = "skos:relatedMatch"
"""What a reviewer may still name for an issuer's link: a prospect that rests on more would be a promise."""


def accepted(
    holder: ComparedUnit, target: ComparedUnit, evidence: Iterable[OutcomeEvidence]
) -> tuple[ComparedUnit, ComparedUnit]:
    """Both units, the links of the best match of each outcome that is expected to some part being reviewed."""
    best = [(row.outcome, row.matches[0]) for row in evidence if row.expected > 0]
    return (
        _reviewed(holder, {(match.outcome, match.holder_link) for _, match in best}),
        _reviewed(target, {(outcome, match.target_link) for outcome, match in best}),
    )


def lacks_review(
    purpose: Purpose, finding: Finding, situation: Situation, evidence: Sequence[OutcomeEvidence], proximity: Proximity
) -> bool:
    """Whether the strongest finding fails for nothing but that links behind the expected number are not reviewed.

    What is expected must do for it already: that a reviewer might accept faint guesses is no prospect. Only then are
    the accepted links counted again. `evidence` is that of the situation.
    """
    strongest, coverage = strongest_rule(purpose), situation.coverage
    missed = finding.applies and finding.finding != strongest.finding and not finding.reasons
    may_be_given = strengths()[strongest.finding] <= strengths()[finding.allowed]
    if not (missed and may_be_given and coverage.reviewed_links < coverage.links and _expected(strongest, situation)):
        return False
    count = Count(*accepted(situation.holder, situation.target, evidence), proximity)
    reviewed, rows = count.covered({row.outcome for row in situation.essential})
    again = replace(situation, coverage=reviewed, essential=tuple(row for row in rows if row.essential))
    return finding_of(purpose, again).finding == strongest.finding


def _expected(rule: FindingRule, situation: Situation) -> bool:
    """Whether the numbers of a rule would be reached, were the expected ones certain."""
    certain = replace(situation.coverage, lower=situation.coverage.expected, machine_links=0)
    essential = [replace(row, lower=row.expected) for row in situation.essential]
    return rule.holds(situation.target.kind, certain, frozenset(), essential, situation.shift)


def _reviewed(unit: ComparedUnit, taken: set[tuple[str, OutcomeLink | None]]) -> ComparedUnit:
    def link_of(outcome: str, link: OutcomeLink) -> OutcomeLink:
        if link.link_class in REVIEWED_CLASSES or (outcome, link) not in taken:
            return link
        relation = _WEAKEST if link.relation == UNSTATED_RELATION else link.relation
        return replace(link, link_class="reviewed", relation=relation, confidence=1.0, calibrated=True)

    outcomes = (
        replace(outcome, links=tuple(link_of(outcome.iri, link) for link in outcome.links)) for outcome in unit.outcomes
    )
    return replace(unit, outcomes=tuple(outcomes))
