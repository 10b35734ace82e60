"""What a comparison of two units says, for one purpose: numbers, elements, findings, evidence, and how firm they are.

All shares are rounded to four decimals by whoever makes these records, with `share`, so that every face shows the same
numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from passerelle.records.compared_unit import ComparedUnit, Fact, OutcomeLink
from passerelle.records.other_units import Completion, Nearer

SHARE_DIGITS = 4
SHARE_MARGIN = 1e-9
"""Added before rounding: far above the error of a sum, so that an exact half is rounded up however it was added up."""


def share(value: float) -> float:
    """A share or a sum of shares (0 to 1) as records have it.

    >>> share(2 / 3), share(0.29 * 0.25 * 0.5), share(1 + 1e-12)
    (0.6667, 0.0363, 1.0)
    """
    # scaled, rounded and divided as numpy does it, so that arrays of shares (comparability.index.shares) are the same
    scale: int = 10**SHARE_DIGITS
    return min(1.0, round((value + SHARE_MARGIN) * scale) / scale)


Purpose = str
"""A concept of the scheme `comparison-purpose`, such as `bloc-exemption`."""
FindingName = str
"""A concept of the scheme `finding`, such as `covers-named-parts`."""
Grade = Literal["no-difference-found", "probably-not-substantial", "potentially-substantial", "not-stated"]
"""Concepts of the scheme `element-grade`."""
MatchKind = Literal["same-outcome", "same-text", "same-words", "same-skill", "narrower-skill", "broader-skill"]
"""How an outcome of the holder's unit meets one of the target; the rows of `mappings/outcome-matches.tsv`."""
VariantKind = Literal["links", "confidence", "threshold", "weighting", "matching"]
"""What a row of `mappings/sensitivity.tsv` changes."""
OutcomeState = Literal["shown", "partly-shown", "possible", "not-shown", "unlinked"]
"""Of an outcome of the target: lower bound of 1; expected from `named-from` on (`mappings/coverage-parameters.tsv`);
anything less that may be shown, if by an outcome of the holder that nobody linked or only a machine did; linked by more
than a machine, and nothing may show it; not linked, so that there is nothing to go by."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the target's outcomes a holder of the other unit has shown. All shares lie in [0, 1].

    `lower` ≤ `expected` ≤ `upper` (design, "Comparing"). `assessed`: share about which anything could be said;
    `unlinked`: share without a link that is as likely as not (`linked-from` in `mappings/coverage-parameters.tsv`);
    `collapsed`: share whose best skill is also that of another outcome of the target, so that ESCO does not tell them
    apart. `named`: how many of the `outcomes` are expected to be shown by `named-from` (same table) or more, for many
    faint guesses do not add up to one shown outcome.

    `assessed_firmly` and `upper_at_most` are what may count against a holder: the same as `assessed` and `upper`, but
    an outcome that nothing but a machine linked is one that nobody linked. No machine's link lowers `upper_at_most`.
    `indistinct` is the part of `collapsed` that no text shows: where ESCO alone says that it is met.

    `linked_matches` are the best matches behind `expected` that rest on links, one for each outcome; of them, for
    `reviewed_matches` the links at both ends are reviewed or official. `links` are those links, counted once each;
    `reviewed_links` (reviewed or official), `declared_links` and `machine_links` add up to them, and
    `uncalibrated_links` of the machine's have a confidence that is no probability.
    """

    lower: float
    expected: float
    upper: float
    assessed: float
    unlinked: float
    collapsed: float
    outcomes: int
    links: int = 0
    reviewed_links: int = 0
    declared_links: int = 0
    machine_links: int = 0
    uncalibrated_links: int = 0
    named: int = 0
    assessed_firmly: float = 0.0
    upper_at_most: float = 1.0
    linked_matches: int = 0
    reviewed_matches: int = 0
    indistinct: float = 0.0

    @property
    def machine_share(self) -> float:
        """Part of the links behind the figures that a machine proposed and nobody reviewed; 0 without links."""
        return round(self.machine_links / self.links, SHARE_DIGITS) if self.links else 0.0

    @property
    def reviewed_share(self) -> float:
        """Part of the links behind the figures that a person reviewed or an authority published; 0 without links."""
        return share(self.reviewed_links / self.links) if self.links else 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """One way in which an outcome of the holder's unit (IRI) shows one of the target, and for how much.

    The links are None where the outcomes themselves are the same, or worded the same.
    """

    outcome: str
    kind: MatchKind
    lower: float
    expected: float
    upper: float
    holder_link: OutcomeLink | None = None
    target_link: OutcomeLink | None = None


@dataclass(frozen=True, slots=True)
class OutcomeEvidence:
    """What is known about one outcome of the target (IRI): `matches` best first, `weight` its share of the target.

    `nearest_wording` is the outcome of the holder's unit in the same language with the most similar wording, and
    `similarity` that similarity from 0 to 1 (empty and 0 where the languages differ): shown beside, counted nowhere.
    """

    outcome: str
    state: OutcomeState
    weight: float
    lower: float
    expected: float
    upper: float
    essential: bool = False
    matches: tuple[Match, ...] = ()
    nearest_wording: str = ""
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element: what each side states, the grade in view of the purpose, and the rule that gave it."""

    element: str
    grade: Grade
    rule: str
    holder: tuple[Fact, ...]
    target: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A part of the target (a bloc of a qualification) with its own coverage."""

    unit: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding, the rule of `mappings/finding-rules.tsv` that gave it, and the matrix row that bounded it.

    `allowed` is the strongest finding that the matrix of kinds allows; `bounded` says whether it held back a stronger
    one. `reasons` are elements that stood in the way. `applies`: whether the purpose has to do with such a target at
    all; where it has not, nothing was assessed. `unreviewed`: a stronger finding fails for nothing but that links
    behind it are not reviewed; were they accepted as they stand, it would hold (None where nobody counted that).
    """

    finding: FindingName
    rule: str
    matrix_row: str
    allowed: FindingName
    bounded: bool = False
    reasons: tuple[str, ...] = ()
    applies: bool = True
    unreviewed: bool | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """The outcome of the same comparison under another assumption, a row of `mappings/sensitivity.tsv`.

    `stable` says whether the finding stays; `changes` whether the assumption changes anything that it could rest on. A
    finding that stays where nothing changed is not firm for that.
    """

    name: str
    kind: VariantKind
    coverage: Coverage
    finding: FindingName
    stable: bool
    changes: bool = True


@dataclass(frozen=True, slots=True)
class Direction:
    """Everything about "a holder of `holder` in view of `target`" (IRIs)."""

    holder: str
    target: str
    coverage: Coverage
    finding: Finding
    evidence: tuple[OutcomeEvidence, ...]
    parts: tuple[NamedPart, ...] = ()
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """What sources say about the two, shown as what it is: a correspondence, a succession, a part and its whole.

    `declared_by` is the catalogue record (IRI) that states it, empty where the graphs of both do; `extent` a concept of
    `correspondence-extent` (never inferred). `sources` and `targets` are the units (IRIs) that it names: of a
    correspondence as declared, in that direction only; of a succession one step, the older and the newer; of `part-of`
    the part and the whole. `direct`: it names the compared units themselves, not what they are a part of or consist of.
    """

    kind: Literal["correspondence", "succession", "part-of"]
    declared_by: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    extent: str = "not-stated"
    direct: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison: `first` is the unit that a person holds, `second` the target; both directions are given.

    `method` is the version of the method, `release` the identifier of the release. `nearer` are other targets, best
    first; `essential` the outcomes (IRIs) that the analyst marked; `completions` further units that, taken together,
    would show what is lacking.
    """

    first: ComparedUnit
    second: ComparedUnit
    purpose: Purpose
    forward: Direction
    reverse: Direction
    elements: tuple[ElementRow, ...]
    related: tuple[Related, ...] = ()
    nearer: tuple[Nearer, ...] = ()
    essential: tuple[str, ...] = ()
    method: str = ""
    release: str = ""
    completions: tuple[Completion, ...] = ()
