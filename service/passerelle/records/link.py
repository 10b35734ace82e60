"""Links between learning outcomes and ESCO skills, as they travel between linker, review log and graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from passerelle.records.text import LanguageText

LinkState = Literal["candidate", "accepted", "rejected", "declared", "official"]
"""Concepts of the scheme `link-state`: machine; reviewed (two); stated by the issuer; stated by a public crosswalk."""

STATED: frozenset[LinkState] = frozenset(("accepted", "declared", "official"))
"""The states that earn a direct `elm:relatedESCOSkill`; a candidate never does."""


UNSTATED_RELATION = "skos:mappingRelation"
"""Of a link whose relation nobody has named: the property above all mapping relations (SKOS reference, 10.4).

An issuer's `elm:relatedESCOSkill` is such a link. That it is called "related" is no measure of the match.
"""


@dataclass(frozen=True, slots=True)
class OutcomeText:
    """An outcome (IRI) and its wordings, sorted by language and text."""

    iri: str
    texts: tuple[LanguageText, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """One label of an ESCO skill (IRI) in a known language; `preferred` tells prefLabel from altLabel."""

    skill: str
    text: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A machine's proposal for one outcome.

    `relation` and `justification` are CURIEs (`skos:exactMatch`, `semapv:LexicalMatching`), `method` an identifier of
    the linker's own, `confidence` a decimal between 0 and 1 as it is to be written, `status` a concept of the scheme
    `confidence-status`.
    """

    skill: str
    method: str
    relation: str
    justification: str
    confidence: str
    status: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A link that a source states itself: the skill (IRI), the relation (CURIE) and the graph (IRI) that says so."""

    skill: str
    relation: str
    graph: str


@dataclass(frozen=True, slots=True)
class Link:
    """The one node of an outcome and a skill, with everything known about the pair.

    `activity` is the path below `{base}/id/activity/`; `sources` are the graphs (IRIs) that state the link themselves.
    """

    outcome: str
    skill: str
    state: LinkState
    relation: str
    justification: str
    activity: str
    candidate: Candidate | None = None
    review_date: str = ""
    sources: tuple[str, ...] = ()
