"""What links and matches count for: the three tables of method `coverage-1`, and which link of an outcome is its best.

`link-classes.tsv`, `match-relations.tsv` and `outcome-matches.tsv` (in `mappings/`) give each number with its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple, cast

from passerelle.comparability.coverage_parameters import parameters
from passerelle.records.compared_unit import LINK_CLASSES, ComparedOutcome, ComparedUnit, LinkClass, OutcomeLink
from passerelle.records.comparison import MatchKind
from passerelle.records.link import UNSTATED_RELATION
from passerelle.records.mapping_table import rows

MACHINE: LinkClass = "machine"

LINKS_KEPT = 2**12
"""Links whose values stay in memory; a comparison asks for each a dozen times."""


class Values(NamedTuple):
    """A number from 0 to 1 in its three readings; `lower` ≤ `expected` ≤ `upper`."""

    lower: float
    expected: float
    upper: float

    def times(self, other: Values) -> Values:
        """Reading by reading."""
        return Values(self.lower * other.lower, self.expected * other.expected, self.upper * other.upper)


@cache
def class_values() -> dict[str, Values]:
    """What a link counts for by its class (`link-classes.tsv`)."""
    return {row["class"]: _values(row) for row in rows("link-classes.tsv")}


@cache
def shows() -> dict[str, Values]:
    """How much of a skill an outcome shows, by relation; see `relation_row`."""
    return {row["relation"]: _values(row, "shows_") for row in rows("match-relations.tsv")}


@cache
def needs() -> dict[str, Values]:
    """How much of an outcome its skill stands for, by relation; see `relation_row`."""
    return {row["relation"]: _values(row, "needs_") for row in rows("match-relations.tsv")}


@cache
def match_values() -> dict[MatchKind, Values]:
    """What a kind of match counts for, strongest kind first (`outcome-matches.tsv`)."""
    return {cast(MatchKind, row["kind"]): _values(row) for row in rows("outcome-matches.tsv")}


@lru_cache(maxsize=LINKS_KEPT)
def shown(link: OutcomeLink) -> Values:
    """How much of the linked skill a holder of the outcome has shown."""
    return _class_of(link).times(shows()[relation_row(link)])


@lru_cache(maxsize=LINKS_KEPT)
def needed(link: OutcomeLink) -> Values:
    """How much of the outcome somebody has who has the linked skill."""
    return _class_of(link).times(needs()[relation_row(link)])


def certainty(link: OutcomeLink) -> float:
    """How sure it is that the outcome has anything to do with the skill: by class, of a machine its own confidence."""
    expected = class_values()[link.link_class].expected
    return expected * link.confidence if link.link_class == MACHINE else expected


def is_linked(outcome: ComparedOutcome, *, firmly: bool = False) -> bool:
    """Whether a link says what the outcome is about, more likely so than not (`linked-from`).

    A fainter link can show something and counts in every reading, but an outcome with none but faint links is as silent
    as one without: a guess that is probably wrong tells nobody what the outcome is not about. `firmly`: a link of a
    machine says nothing, however sure the machine is.
    """
    return any(
        certainty(link) >= parameters().linked_from and not (firmly and link.link_class == MACHINE)
        for link in outcome.links
    )


def best_link(outcome: ComparedOutcome) -> OutcomeLink | None:
    """The link that says most surely what the outcome is about; None where it has none.

    By class, then confidence, then relation (as `match-relations.tsv` orders them), then the skill's IRI.
    """
    if len(outcome.links) < 2:
        return outcome.links[0] if outcome.links else None
    ranks = _relation_ranks()
    return min(
        outcome.links,
        key=lambda link: (LINK_CLASSES.index(link.link_class), -link.confidence, ranks[link.relation], link.skill),
    )


def counting(
    unit: ComparedUnit, links: Callable[[OutcomeLink], bool] | None = None, threshold: float = 0
) -> ComparedUnit:
    """The unit with the links that count: those that `links` lets pass; of a machine's, those of that confidence."""
    if links is None and threshold <= 0:
        return unit

    def counts(link: OutcomeLink) -> bool:
        sure = link.link_class != MACHINE or link.confidence >= threshold
        return sure and (links is None or links(link))

    outcomes = (replace(outcome, links=tuple(filter(counts, outcome.links))) for outcome in unit.outcomes)
    return replace(unit, outcomes=tuple(outcomes))


def relation_row(link: OutcomeLink) -> str:
    """The row of `match-relations.tsv` that counts for a link: its relation, which an issuer never names."""
    return UNSTATED_RELATION if link.link_class == "declared" else link.relation


def _class_of(link: OutcomeLink) -> Values:
    values = class_values()[link.link_class]
    return values._replace(expected=certainty(link)) if link.link_class == MACHINE else values


@cache
def _relation_ranks() -> dict[str, int]:
    return {relation: rank for rank, relation in enumerate(shows())}


def _values(row: dict[str, str], prefix: str = "") -> Values:
    return Values(*(float(row[prefix + reading]) for reading in Values._fields))
