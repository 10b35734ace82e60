"""A unit as comparison sees it: its outcomes with the links that count, and sourced facts for each element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from passerelle.records.text import LanguageText

LinkClass = Literal["reviewed", "official", "declared", "machine"]
"""Concepts of the scheme `link-class`, strongest first. A rejected link is no link."""

LINK_CLASSES: tuple[LinkClass, ...] = ("reviewed", "official", "declared", "machine")
REVIEWED_CLASSES: tuple[LinkClass, ...] = ("reviewed", "official")
"""Links that a person reviewed or an authority published."""


@dataclass(frozen=True, slots=True)
class OutcomeLink:
    """A link of an outcome to an ESCO skill (IRI).

    `relation` is a CURIE of SKOS and reads outcome to skill. `confidence` is the machine's, from 0 to 1, and 1 in the
    other classes; `calibrated` says whether it may be read as a probability.
    """

    skill: str
    link_class: LinkClass
    relation: str
    confidence: float = 1.0
    calibrated: bool = True


@dataclass(frozen=True, slots=True)
class ComparedOutcome:
    """An outcome (IRI), its wordings sorted by language and text, and its links sorted by skill.

    `unit` is the one that states it: the compared unit itself or one of its parts.
    """

    iri: str
    unit: str
    texts: tuple[LanguageText, ...]
    links: tuple[OutcomeLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a source states of a unit, for one element of a comparison.

    `element` is a concept of the scheme `comparison-element`, `name` the identifier of a row of
    `mappings/element-facts.tsv`. `value` is what is stated (an IRI or a text, `language` for a text), `source` the IRI
    of the graph that states it, `inherited_from` the unit that it was taken over from (empty: stated of this one).
    `qualifier` says of what kind, when or where the value stands (a credit system, a year, a day, an outcome), if so.
    """

    element: str
    name: str
    value: str
    source: str
    language: str = ""
    inherited_from: str = ""
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class UnitOutline:
    """What is said of a unit in a word or two; see `ComparedUnit`."""

    kind: str
    country: str
    level: int | None
    level_basis: str
    parts: tuple[str, ...]
    wholes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedUnit:
    """A unit (IRI) with everything that a comparison says about it.

    `identifier` is the source's own (such as RNCP990002BC01, or RNCP990007/01 where the code of a bloc does not name
    its fiche), else the IRI; it leads back to the unit. `kind` is a concept of the scheme `unit-kind`, `country` an
    ISO 3166-1 alpha-2 code or empty, `level` a level of the European framework, `level_basis` a concept of
    `level-basis`. `wholes` are what it is a part of, `parts` what is a part of it (all depths), `outcomes` its own and
    those of its parts, each once, sorted by IRI. `occupations` are ROME and ESCO occupations that its source names.
    """

    iri: str
    identifier: str
    kind: str
    titles: tuple[LanguageText, ...]
    country: str = ""
    level: int | None = None
    level_basis: str = "not-stated"
    wholes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    outcomes: tuple[ComparedOutcome, ...] = ()
    occupations: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    page: str = ""
