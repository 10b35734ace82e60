"""A link that waits for a person: what the store says of it, why it waits, and what deciding about it would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from passerelle.records.review import Review

ReviewState = Literal["candidate", "declared", "sent-back"]
"""A machine's proposal; the issuer's own link that nobody reviewed; a decision that no longer applies as it stands."""

REVIEW_STATES: tuple[ReviewState, ...] = ("candidate", "declared", "sent-back")


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A link node of a release.

    `state` is a concept of `link-state`, `relation` and `justification` are CURIEs, `confidence` the decimal as it is
    written (empty where no machine proposed the link) and `confidence_status` a concept of `confidence-status`.
    """

    outcome: str
    skill: str
    state: str
    relation: str
    justification: str
    confidence: str = ""
    confidence_status: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What a decision about a link would change (see `comparability.review_queue` for the measure).

    `score` is the sum, over all ordered pairs of units, of the expected absolute change of the expected coverage;
    `units` how many units on the other side have the skill or a direct neighbour of it; `pairs` how many ordered pairs
    would move by more than the stated amount under the decision that moves more of them. `findings` is how many
    findings change, to be expected, among the pairs that move most (see `comparability.review_findings`).
    """

    score: float
    units: int
    pairs: int
    findings: float = 0.0


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One row of a review: a link between an outcome and a skill (IRIs), with what a reviewer needs to see.

    `units` are the IRIs that state the outcome; title, identifier, country and source are those of the first.
    `text` and `language` are the outcome's wording, `skill_label` and `skill_description` ESCO's in the reviewer's
    language. `relation` is empty where nobody named one: whoever accepts the link must. `reasons` say why decisions
    were sent back (see `linking.waiting.Reason`; empty otherwise) and `earlier` are those decisions; `outcome_version`
    and `skill_version` are the editions of the sources.
    """

    outcome: str
    text: str
    language: str
    units: tuple[str, ...]
    unit_identifier: str
    unit_title: str
    country: str
    skill: str
    skill_label: str
    relation: str
    justification: str
    state: ReviewState
    skill_description: str = ""
    confidence: str = ""
    confidence_status: str = ""
    reasons: tuple[str, ...] = ()
    earlier: tuple[Review, ...] = ()
    outcome_version: str = ""
    skill_version: str = ""
    impact: Impact | None = None
