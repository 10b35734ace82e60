"""The units nearest to a target: what `nearest` answers, with counts of what was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from passerelle.records.compared_unit import Fact
from passerelle.records.comparison import Coverage, Finding, OutcomeState
from passerelle.records.text import LanguageText


class OutcomeShown(NamedTuple):
    """How far a holder of a unit is expected to have shown an outcome (IRI) of the target."""

    outcome: str
    state: OutcomeState
    expected: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A row of `nearest`: a unit, coverage in both directions and the findings.

    `forward` reads: a holder of `unit`, in view of the unit that was asked about (the target); `reverse` the other way.
    `wording` is the similarity of the two units' titles and outcomes in the languages that both have (0 without one);
    `by_wording` tells that the unit is listed for it alone (`comparability.standing`).
    `titles` are in all languages of its sources; `status` what catalogues state of its registration, or of that of its
    whole, with the day of each statement as qualifier.
    """

    unit: str
    identifier: str
    titles: tuple[LanguageText, ...]
    kind: str
    country: str
    level: int | None
    level_basis: str
    forward: Coverage
    reverse: Coverage
    finding: Finding
    wording: float = 0.0
    status: tuple[Fact, ...] = ()
    by_wording: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """How many units a list of neighbours rests on, and why others are not in it.

    `units` are those that the filters let through, without the target's family. Of them `without_outcomes` describe
    none, and of `without_links` no outcome is linked or reads like one of the target: nothing could be compared, which
    says nothing about them. `without_links_by_language` counts these by the language of their outcomes (a tag, or empty
    where none is stated), most first. `compared` are all others; of those, of `nothing_met` nothing is expected, and of
    `below_floor` something, but less than `floor` (`nearest-from` in `mappings/coverage-parameters.tsv`), at most
    `best_below`. What is left was listed, as far as the list is long, and so were `by_wording` of the last two groups;
    `by_wording_at_least` says that there may be more, as not all wordings were looked at (`comparability.standing`).

    `level_not_stated` of the `units` were kept although a level was asked for and they state none. `siblings` are other
    parts of the target's own wholes that the filters let through otherwise. `target_linked`: whether any outcome of the
    target is linked at all.
    """

    units: int = 0
    compared: int = 0
    without_outcomes: int = 0
    without_links: int = 0
    without_links_by_language: tuple[tuple[str, int], ...] = ()
    nothing_met: int = 0
    below_floor: int = 0
    floor: float = 0.0
    best_below: float = 0.0
    level_not_stated: int = 0
    siblings: int = 0
    target_linked: bool = True
    by_wording: int = 0
    by_wording_at_least: bool = False


@dataclass(frozen=True, slots=True)
class NeighbourList:
    """The answer of `nearest`: units best first, and what was looked at to find them."""

    neighbours: tuple[Neighbour, ...]
    looked: Looked
