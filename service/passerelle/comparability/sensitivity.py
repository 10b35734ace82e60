"""How firm a finding is: the same comparison under the other assumptions of `mappings/sensitivity.tsv`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from passerelle.records.compared_unit import OutcomeLink
from passerelle.records.comparison import Coverage, Direction, Finding, Variant
from passerelle.records.mapping_table import rows

Kind = Literal["links", "threshold", "weighting"]
Counts = Callable[[OutcomeLink], bool]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A row of the table: link classes that are left out, a number that shares of rules move by, or a weighting."""

    name: str
    kind: Kind
    argument: str

    @property
    def links(self) -> Counts | None:
        """Which links count; None where all do."""
        if self.kind != "links":
            return None
        left_out = frozenset(self.argument.split())
        return lambda link: link.link_class not in left_out

    @property
    def shift(self) -> float:
        """How far the shares of the rules move."""
        return float(self.argument) if self.kind == "threshold" else 0.0

    @property
    def weighting(self) -> str:
        """The row of `mappings/weightings.tsv`; empty for the usual one."""
        return self.argument if self.kind == "weighting" else ""


@dataclass(frozen=True, slots=True)
class Firmness:
    """What a finding rests on: links behind the expected coverage, those nobody reviewed, and variants it survives.

    `variants` counts by kind (`links`, `threshold`, `weighting`): how many leave the finding as it is, of how many.
    """

    links: int
    unreviewed_links: int
    variants: Mapping[Kind, tuple[int, int]]


@cache
def assumptions() -> tuple[Assumption, ...]:
    """The rows of the table in their order."""
    return tuple(
        Assumption(row["variant"], cast("Kind", row["kind"]), row["argument"]) for row in rows("sensitivity.tsv")
    )


def variants(finding: Finding, under: Callable[[Assumption], tuple[Coverage, Finding]]) -> tuple[Variant, ...]:
    """The variants of a comparison that gave `finding`; `under` makes the comparison again under an assumption."""
    found = []
    for each in assumptions():
        coverage, other = under(each)
        found.append(Variant(each.name, each.kind, coverage, other.finding, other.finding == finding.finding))
    return tuple(found)


def firmness(direction: Direction) -> Firmness:
    """What the finding of a direction rests on, such as "3 unreviewed links; stable under 4 of 5 weightings"."""
    coverage = direction.coverage
    kinds = dict.fromkeys(each.kind for each in direction.variants)
    counts: dict[Kind, tuple[int, int]] = {}
    for kind in kinds:
        stable = [each.stable for each in direction.variants if each.kind == kind]
        counts[kind] = (sum(stable), len(stable))
    return Firmness(coverage.links, coverage.links - coverage.reviewed_links, counts)
