"""The finding of a comparison (*constat indicatif*): what the matrix of kinds allows, then the purpose's rules.

Both are data: `mappings/kind-matrix.tsv` says the strongest finding that a holder of one kind of unit may receive in
view of another, `mappings/finding-rules.tsv` which figures and elements give which finding. A part, and a
micro-credential, never reaches a whole, whatever the figures; silence of the data is never a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from passerelle.comparability.element_conditions import Situation, share
from passerelle.comparability.elements import ANY, POTENTIALLY_SUBSTANTIAL, element_rows
from passerelle.records.comparison import Coverage, ElementRow, Finding, FindingName, OutcomeEvidence, Purpose
from passerelle.records.mapping_table import rows


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """The strongest finding for a pair of kinds, and the row that says so."""

    name: str
    strongest: FindingName


@dataclass(frozen=True, slots=True)
class FindingRule:
    """A row of `mappings/finding-rules.tsv`; an empty condition always holds. See the head of that file."""

    name: str
    finding: FindingName
    target_kinds: frozenset[str]
    number: str
    at_least: str
    named_at_least: str
    expected_at_most: str
    upper_below: str
    assessed_at_least: str
    firmly_assessed_at_least: str
    lower_at_least: str
    collapsed_below: str
    machine_share_at_most: str
    unobstructed: frozenset[str]
    essential_at_least: str

    def holds(
        self,
        target_kind: str,
        coverage: Coverage,
        obstructed: frozenset[str],
        essential: Sequence[OutcomeEvidence] = (),
        shift: float = 0.0,
    ) -> bool:
        """Whether all conditions hold; `obstructed` are the elements that are graded potentially substantial."""
        return (
            (not self.target_kinds or target_kind in self.target_kinds)
            and self._covers(coverage, shift)
            and not self.unobstructed & obstructed
            and (
                not self.essential_at_least
                or all(getattr(row, self.number) >= float(self.essential_at_least) for row in essential)
            )
        )

    def _covers(self, coverage: Coverage, shift: float) -> bool:
        def reaches(number: float, least: str) -> bool:
            return not least or number >= share(least, shift)

        return (
            (not self.at_least or reaches(getattr(coverage, self.number), self.at_least))
            and (not self.named_at_least or coverage.named >= int(self.named_at_least))
            and (not self.expected_at_most or coverage.expected <= float(self.expected_at_most))
            and (not self.upper_below or coverage.upper_at_most < share(self.upper_below, shift))
            and reaches(coverage.assessed, self.assessed_at_least)
            and reaches(coverage.assessed_firmly, self.firmly_assessed_at_least)
            and reaches(coverage.lower, self.lower_at_least)
            and (not self.collapsed_below or coverage.indistinct < share(self.collapsed_below, shift))
            and (not self.machine_share_at_most or coverage.machine_share <= share(self.machine_share_at_most, shift))
        )


@cache
def strengths() -> dict[FindingName, int]:
    """How strong each finding about a pair is, weakest first (`finding-strengths.tsv`)."""
    found = {row["finding"]: int(row["strength"]) for row in rows("finding-strengths.tsv")}
    return dict(sorted(found.items(), key=lambda each: each[1]))


@cache
def kind_matrix() -> dict[tuple[str, str], MatrixRow]:
    """The rows by kind of the holder's unit and kind of the target."""
    return {
        (row["holder_kind"], row["target_kind"]): MatrixRow(row["row"], row["strongest"])
        for row in rows("kind-matrix.tsv")
    }


@cache
def finding_rules(purpose: Purpose) -> tuple[FindingRule, ...]:
    """The rules that fit a purpose, in their order; the last always holds."""
    return tuple(
        FindingRule(
            name=row["rule"],
            finding=row["finding"],
            target_kinds=frozenset(row["target_kinds"].split()),
            number=row["number"],
            at_least=row["at_least"],
            named_at_least=row["named_at_least"],
            expected_at_most=row["expected_at_most"],
            upper_below=row["upper_below"],
            assessed_at_least=row["assessed_at_least"],
            firmly_assessed_at_least=row["firmly_assessed_at_least"],
            lower_at_least=row["lower_at_least"],
            collapsed_below=row["collapsed_below"],
            machine_share_at_most=row["machine_share_at_most"],
            unobstructed=frozenset(row["unobstructed"].split()),
            essential_at_least=row["essential_at_least"],
        )
        for row in rows("finding-rules.tsv")
        if row["purpose"] == ANY or purpose in row["purpose"].split()
    )


@cache
def strongest_rule(purpose: Purpose) -> FindingRule:
    """The rule that gives the strongest finding of a purpose."""
    return max(finding_rules(purpose), key=lambda each: strengths()[each.finding])


def found(
    purpose: Purpose,
    kinds: tuple[str, str],
    coverage: Coverage,
    elements: Sequence[ElementRow],
    essential: Sequence[OutcomeEvidence] = (),
    shift: float = 0.0,
) -> Finding:
    """The finding for a holder of a unit of the first kind in view of a unit of the second.

    `elements` are the rows of that direction (`elements.element_rows`), `essential` the rows of evidence that the
    analyst marked, `shift` moves the shares of the rules. Raises KeyError for an unknown kind.
    """
    row = kind_matrix()[kinds]
    obstructed = frozenset(each.element for each in elements if each.grade == POTENTIALLY_SUBSTANTIAL)
    rules = finding_rules(purpose)
    holding = [rule for rule in rules if rule.holds(kinds[1], coverage, obstructed, essential, shift)]
    allowed = [rule for rule in holding if strengths()[rule.finding] <= strengths()[row.strongest]]
    rule = allowed[0]
    strongest = strongest_rule(purpose)
    applies = not rule.target_kinds
    # where the purpose itself does not apply, no element stands in the way of anything
    kept_from = rule.finding != strongest.finding and applies
    in_the_way = strongest.unobstructed & obstructed if kept_from else frozenset()
    return Finding(
        finding=rule.finding,
        rule=rule.name,
        matrix_row=row.name,
        allowed=row.strongest,
        bounded=holding[0] is not rule,
        reasons=tuple(each.element for each in elements if each.element in in_the_way),
        applies=applies,
    )


def finding_of(purpose: Purpose, situation: Situation) -> Finding:
    """The finding about two units, from the elements that can decide: the same as from all of them.

    Of the units' facts it needs those of `deciding_elements`. Raises KeyError for an unknown kind.
    """
    elements = element_rows(purpose, situation, deciding_elements(purpose))
    kinds = (situation.holder.kind, situation.target.kind)
    return found(purpose, kinds, situation.coverage, elements, situation.essential, situation.shift)


@cache
def deciding_elements(purpose: Purpose) -> frozenset[str]:
    """The elements that can stand in the way of a finding of this purpose."""
    return frozenset().union(*(rule.unobstructed for rule in finding_rules(purpose)))
