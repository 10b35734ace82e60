"""A path towards a unit: further units that cover most of it together with what is held, and what else is needed.

A set of units is never the target: coverage says what a holder of all of them has shown, and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.comparison import Coverage, Finding, OutcomeEvidence

RequirementState = Literal["required", "open", "closed", "stated", "not-stated", "lower", "none-lower"]
"""What sources say of a requirement. `lower` and `none-lower` are about the levels of the units."""


@dataclass(frozen=True, slots=True)
class PathUnit:
    """A unit of the set. Shares are of the target's weight and expected values, rounded.

    `alone` is what a holder of this unit alone has shown. `adds` counts beyond what is held and what the units before
    it in the set show; `without` is what the whole set would lose without it. `shows` are outcomes of the target (IRIs)
    of which no other unit of the set shows more, and of which `named-from` (`mappings/coverage-parameters.tsv`) or more
    is expected; `touches` those of which less is, and no more by any other. `hours` is the workload that its source
    states, None where it states none; `credits` are credit points, never turned into hours. `instead` are up to five
    other candidates that would do as much in its place, of `instead_of_it` in all.
    """

    unit: ComparedUnit
    alone: Coverage
    adds: float
    without: float
    shows: tuple[str, ...]
    touches: tuple[str, ...]
    hours: float | None
    credits: tuple[Fact, ...]
    finding: Finding | None = None
    instead: tuple[str, ...] = ()
    instead_of_it: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Units that would show something more, and were not searched.

    `faint`: only outcomes of which less than `named-from` is expected; `other_parts` of the target's own wholes;
    `other_kinds`: units of the kinds that were not asked for, which are `kinds`.
    """

    faint: int
    other_parts: int
    other_kinds: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathSearch:
    """How the set was found. `considered` of `candidates` units entered the search (the most promising ones).

    `share` is what is held, and what the set shows more of outcomes of which `named-from` or more is expected of one of
    its units: fainter guesses are no reason to take a unit, and count in the coverage of the set alone. `bound`: no set
    of at most `most_units` of the units considered has a larger share; `proven` says that the set reaches it.
    `few_proven`: no such set with as large a share has fewer units, or less stated workload. `gap` is what is left
    between the share and the bound.
    """

    candidates: int
    considered: int
    most_units: int
    fewest: str
    weighting: str
    share: float
    bound: float
    gap: float
    proven: bool
    few_proven: bool
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class PathPart:
    """A part of the target: what a holder has shown of it before, and with the whole set."""

    unit: str
    before: Coverage
    together: Coverage


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that the target asks for beside learning outcomes: a row of `mappings/path-requirements.tsv`.

    `units` are those that it is about (IRIs), `day` the day for which `value` (a concept of a vocabulary) was derived.
    """

    name: str
    state: RequirementState
    facts: tuple[Fact, ...] = ()
    units: tuple[str, ...] = ()
    value: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """The answer. `evidence` is that of the whole set, one row an outcome of the target.

    `hours` adds up the stated workloads of the chosen units, of which `unknown_workloads` state none.
    """

    target: ComparedUnit
    have: tuple[PathUnit, ...]
    chosen: tuple[PathUnit, ...]
    before: Coverage
    together: Coverage
    evidence: tuple[OutcomeEvidence, ...]
    parts: tuple[PathPart, ...]
    requirements: tuple[Requirement, ...]
    search: PathSearch
    hours: float
    unknown_workloads: int
    purpose: str
    method: str
