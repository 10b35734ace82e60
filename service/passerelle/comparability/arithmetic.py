"""How the value of a match comes about, factor by factor, so that it can be worked out again by hand.

    value = class · confidence · what the relation shows · class · confidence · what the relation needs · kind of match

in each reading (`comparability.coverage`); the confidence is that of a machine and counts in the expected value alone.
Outcomes that are, or read, the same have the last factor only.
"""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.comparability.link_values import (
    MACHINE,
    Values,
    class_values,
    match_values,
    needs,
    relation_row,
    shows,
)
from passerelle.records.compared_unit import OutcomeLink
from passerelle.records.comparison import Match


@dataclass(frozen=True, slots=True)
class Factor:
    """What one factor is, with the table of `mappings/` and the row that it is from; a confidence is from no table."""

    name: str
    values: Values
    table: str = ""
    row: str = ""


def factors(match: Match) -> tuple[Factor, ...]:
    """The factors of a match in their order; their product in each reading is its value, before rounding."""
    found: list[Factor] = []
    if match.holder_link is not None and match.target_link is not None:
        for side, link, relations in (
            ("holder", match.holder_link, shows()),
            ("target", match.target_link, needs()),
        ):
            relation = relation_row(link)
            found += [
                *_certainty(side, link),
                Factor(f"{side}-relation", relations[relation], "match-relations.tsv", relation),
            ]
    return (*found, Factor("kind", match_values()[match.kind], "outcome-matches.tsv", match.kind))


def _certainty(side: str, link: OutcomeLink) -> list[Factor]:
    found = [Factor(f"{side}-class", class_values()[link.link_class], "link-classes.tsv", link.link_class)]
    if link.link_class == MACHINE:
        found.append(Factor(f"{side}-confidence", Values(1.0, link.confidence, 1.0)))
    return found
