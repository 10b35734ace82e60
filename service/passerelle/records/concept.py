"""Concepts of ESCO, their texts, hierarchies and relations, as they travel from the files to the graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ConceptKind = Literal["skill", "occupation", "skill-group", "isco-group"]
"""`skill` covers knowledge as well; a field of education (ISCED-F) is a skill group in ESCO."""

SkillNeed = Literal["essential", "optional"]


@dataclass(frozen=True, slots=True)
class Concept:
    """What ESCO states of a concept apart from its texts.

    `iri`, `skill_type`, `reuse_level`, `isco_group`, `regulation` and `schemes` are IRIs, empty where the source states
    none; `modified` is an xsd:dateTime.
    """

    iri: str
    kind: ConceptKind
    notation: str = ""
    schemes: tuple[str, ...] = ()
    skill_type: str = ""
    reuse_level: str = ""
    isco_group: str = ""
    regulation: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class ConceptTexts:
    """The texts of a concept (IRI) in one language; all but the IRI may be empty."""

    iri: str
    language: str
    preferred: str
    alternative: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    description: str = ""
    definition: str = ""
    scope_note: str = ""


@dataclass(frozen=True, slots=True)
class ConceptScheme:
    """A concept scheme (IRI), its label and description in one language, and its top concepts (IRIs)."""

    iri: str
    language: str
    label: str
    description: str = ""
    top_concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemeMembership:
    """A concept (IRI) belongs to a scheme (IRI): ESCO's collections, such as green skills, are schemes."""

    concept: str
    scheme: str


@dataclass(frozen=True, slots=True)
class BroaderRelation:
    """A concept (IRI) and its broader concept (IRI), as stated, not derived."""

    concept: str
    broader: str


@dataclass(frozen=True, slots=True)
class OccupationSkillRelation:
    """An occupation (IRI) needs a skill (IRI). ESCO states some pairs as both essential and optional."""

    occupation: str
    skill: str
    need: SkillNeed


@dataclass(frozen=True, slots=True)
class SkillSkillRelation:
    """A skill (IRI) needs another skill or knowledge (IRI): "check train engines" needs "mechanics of trains"."""

    skill: str
    needed: str
    need: SkillNeed
