"""Reads units from a store as a comparison sees them: outcomes with their links, parts, level, facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import pyoxigraph as ox

from passerelle.graph.node_reader import NodeReader
from passerelle.graph.outcome_links import OutcomeLinks, damaged_link
from passerelle.graph.unit_description import UnitDescription
from passerelle.graph.unit_facts import facts_of
from passerelle.graph.unit_identifiers import UnitIdentifiers
from passerelle.graph.unit_statements import UnitStatements
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit, Fact, OutcomeLink, UnitOutline
from passerelle.records.text import LanguageText


class UnitIndex(Protocol):
    """What knows some things of the units of a store more quickly, exactly as the store has them."""

    def outline_of(self, unit: str) -> UnitOutline:
        """Kind, country, level, parts and wholes of a unit (IRI)."""

    def links_of(self, unit: str) -> Sequence[tuple[OutcomeLink, ...]]:
        """The links of the outcomes of a unit and of its parts, an entry for each outcome, in the order of IRIs."""


_LABELS = ("dcterms:title", "skos:prefLabel", "rdfs:label", "rov:legalName")
_FALLBACK_LANGUAGES = ("en", "fr")


class UnitReader:
    """The units of a store. One that is read-only and published is `lasting`: what was read of it is kept.

    Of a store that is being built, units and links are read anew each time, so none goes stale. With an `index` of it,
    the store is asked for the rest.
    """

    def __init__(
        self, store: ox.Store, minting: Minting, *, lasting: bool = False, index: UnitIndex | None = None
    ) -> None:
        self.store = store
        self.minting = minting
        self._kept = UnitStatements(NodeReader(store)) if lasting else None
        self._links = OutcomeLinks(store, minting)
        self._index = index

    def identified(self, written: str) -> str:
        """The IRI of the unit that somebody names; see `UnitIdentifiers.identified`. Raises UnknownUnit."""
        return UnitIdentifiers(self._stated(), self.minting).identified(written)

    def units(self) -> Iterator[str]:
        """The IRIs of all units that a source describes, sorted. Learning activities and stubs are none."""
        return self._stated().units()

    def closer_skills(self, skill: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The skills directly broader and directly narrower than a skill (IRIs, sorted); skill groups are none."""
        return self._links.closer(skill)

    def skills(self) -> Iterator[str]:
        """The IRIs of all skills of the loaded ESCO."""
        return self._links.skills()

    def unit(self, iri: str, *, facts: bool = True, outcomes: bool = True) -> ComparedUnit | None:
        """The unit with this IRI, None where no source describes one; see `UnitStatements` for who is believed.

        Without `facts`, which coverage does not need, it takes a third of the time, and without `outcomes` too a sixth.
        Raises DamagedRelease.
        """
        stated, node = self._stated(), ox.NamedNode(iri)
        if facts:
            stated.reader.read(node)
        if not stated.is_unit(node):
            return None
        outline = self._outline(stated, iri)
        chain = [UnitDescription(stated, each) for each in (iri, *outline.wholes)]
        return replace(
            self._summary(stated, iri, outline),
            parts=outline.parts,
            outcomes=self._outcomes(stated, (iri, *outline.parts)) if outcomes else (),
            # a bloc serves the occupations of its certification, and has its page
            occupations=next(filter(None, (each.occupations() for each in chain)), ()),
            facts=facts_of(stated.reader, self.minting, iri, outline.wholes) if facts else (),
            page=next(filter(None, (each.page() for each in chain)), ""),
        )

    def summary(self, iri: str, only: Collection[str] = ()) -> ComparedUnit | None:
        """What a list shows of a unit: no outcomes, parts or page, and of the facts those that `facts` would give.

        None where no source describes one.
        """
        stated = self._stated()
        if not stated.is_unit(ox.NamedNode(iri)):
            return None
        outline = self._outline(stated, iri)
        facts = facts_of(stated.reader, self.minting, iri, outline.wholes, only) if only else ()
        return replace(self._summary(stated, iri, outline), facts=facts)

    def titles(self, iri: str) -> tuple[LanguageText, ...]:
        """The titles that `summary` gives, and nothing else, by two look-ups; none where no source describes a unit."""
        stated = self._stated()
        return UnitDescription(stated, iri).titles() if stated.is_unit(ox.NamedNode(iri)) else ()

    def facts(self, iri: str, only: Collection[str]) -> tuple[Fact, ...]:
        """What a unit states itself of these elements, or rows of `mappings/element-facts.tsv`; see `facts_of`."""
        return facts_of(self._stated().reader, self.minting, iri, only=only)

    def label(self, iri: str, language: str) -> LanguageText:
        """The title or label of anything: in `language`, else in English, French, or the first language by tag.

        The IRI itself, with an empty language, where nothing names it.
        """
        stated = self._stated()
        for property_name in _LABELS:
            found = stated.texts(ox.NamedNode(iri), property_name)
            if found:
                return min(found, key=lambda text: _distance(text.language.lower(), language.lower()))
        return LanguageText(iri, "")

    def _stated(self) -> UnitStatements:
        return self._kept or UnitStatements(NodeReader(self.store))

    def _outline(self, stated: UnitStatements, iri: str) -> UnitOutline:
        return UnitDescription(stated, iri).outline() if self._index is None else self._index.outline_of(iri)

    def _summary(self, stated: UnitStatements, iri: str, outline: UnitOutline) -> ComparedUnit:
        described = UnitDescription(stated, iri)
        return ComparedUnit(
            iri=iri,
            identifier=UnitIdentifiers(stated, self.minting).own(iri, described.graphs),
            kind=outline.kind,
            titles=described.titles(),
            country=outline.country,
            level=outline.level,
            level_basis=outline.level_basis,
            wholes=outline.wholes,
        )

    def _outcomes(self, stated: UnitStatements, units: tuple[str, ...]) -> tuple[ComparedOutcome, ...]:
        """The outcomes of a unit and its parts, each once (of the first that states it), sorted by IRI."""
        found: dict[str, tuple[str, tuple[LanguageText, ...]]] = {}
        for unit in units:
            described = UnitDescription(stated, unit)
            for outcome in described.outcomes():
                if outcome.value not in found:
                    found[outcome.value] = unit, stated.titles(outcome, described.graphs)
        outcomes = sorted(found)
        if self._index is None:
            links: Sequence[tuple[OutcomeLink, ...]] = [self._links.of(ox.NamedNode(each)) for each in outcomes]
        else:
            links = self._index.links_of(units[0])
        if len(links) != len(outcomes):
            raise damaged_link(units[0], f"{len(outcomes)}/{len(links)}")
        return tuple(ComparedOutcome(iri, *found[iri], linked) for iri, linked in zip(outcomes, links, strict=True))


def _distance(tag: str, wanted: str) -> tuple[int, int]:
    """How far the language of a text is from the one wanted; equal ones keep the order of their tags."""
    for rank, language in enumerate((wanted, *_FALLBACK_LANGUAGES)):
        if tag == language:
            return rank, 0
        if tag.partition("-")[0] == language.partition("-")[0]:
            return rank, 1
    return len(_FALLBACK_LANGUAGES) + 1, 0
