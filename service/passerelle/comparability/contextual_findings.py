"""Findings that depend on other units and stand beside the finding about two (`mappings/contextual-findings.tsv`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from passerelle.comparability.elements import ANY
from passerelle.records.comparison import FindingName
from passerelle.records.mapping_table import rows


@dataclass(frozen=True, slots=True)
class ContextualFinding:
    """`margin`: how much more of a target (a share) is to be expected; at most `most` units are named."""

    beside: frozenset[str]
    margin: float
    most: int

    def stands_beside(self, finding: FindingName) -> bool:
        """Whether it may stand beside this finding about two units."""
        return bool(self.beside & {ANY, finding})


@cache
def contextual_finding(name: FindingName) -> ContextualFinding:
    """The rule of one of these findings."""
    row = next(each for each in rows("contextual-findings.tsv") if each["finding"] == name)
    return ContextualFinding(frozenset(row["beside"].split()), float(row["margin"]), int(row["most"]))
