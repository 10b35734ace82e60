"""How firm a finding is: the same comparison under the other assumptions of `mappings/sensitivity.tsv`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

from passerelle.comparability.weightings import EQUAL
from passerelle.records.compared_unit import LinkClass, OutcomeLink
from passerelle.records.comparison import Coverage, Finding, Variant, VariantKind
from passerelle.records.mapping_table import rows

Counts = Callable[[OutcomeLink], bool]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A row of the table, which changes one thing (see its head); all else is as in the figures that are shown."""

    name: str
    kind: VariantKind
    argument: str

    @property
    def links(self) -> Counts | None:
        """Which links count; None where all do."""
        if self.kind != "links":
            return None
        left_out = self.left_out
        return lambda link: link.link_class not in left_out

    @property
    def left_out(self) -> frozenset[LinkClass]:
        """The classes of links that do not count."""
        return frozenset(cast("list[LinkClass]", self.argument.split())) if self.kind == "links" else frozenset()

    @property
    def confidence(self) -> float:
        """The least confidence of a machine's links that count."""
        return float(self.argument) if self.kind == "confidence" else 0.0

    @property
    def shift(self) -> float:
        """How far the shares of the rules move."""
        return float(self.argument) if self.kind == "threshold" else 0.0

    @property
    def weighting(self) -> str:
        """The row of `mappings/weightings.tsv`."""
        return self.argument if self.kind == "weighting" else EQUAL

    @property
    def one_to_one(self) -> bool:
        """Whether each outcome of the holder shows one of the target at most."""
        return self.kind == "matching"


@cache
def assumptions() -> tuple[Assumption, ...]:
    """The rows of the table in their order."""
    return tuple(
        Assumption(row["variant"], cast("VariantKind", row["kind"]), row["argument"]) for row in rows("sensitivity.tsv")
    )


def variants(finding: Finding, under: Callable[[Assumption], tuple[Coverage, Finding, bool]]) -> tuple[Variant, ...]:
    """The variants of a comparison that gave `finding`.

    `under` makes the comparison again under an assumption, and says whether the assumption changes anything in it.
    """
    found = []
    for each in assumptions():
        coverage, other, changes = under(each)
        found.append(
            Variant(each.name, each.kind, coverage, other.finding, other.finding == finding.finding, changes=changes)
        )
    return tuple(found)
