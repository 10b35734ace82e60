"""Reads units from a store as a comparison sees them: outcomes with their links, parts, level, facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from passerelle.graph.outcome_links import OutcomeLinks
from passerelle.graph.statements.writer import term
from passerelle.graph.unit_facts import facts_of
from passerelle.graph.unit_identifiers import UnitIdentifiers
from passerelle.graph.unit_statements import (
    LEVEL_BASIS,
    NOT_STATED,
    UNIT_KIND,
    Graphs,
    UnitStatements,
    country_codes,
)
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit
from passerelle.records.text import LanguageText

_LABELS = ("dcterms:title", "skos:prefLabel", "rdfs:label", "rov:legalName")
_FALLBACK_LANGUAGES = ("en", "fr")


class UnitReader:
    """The units of a store, read-only or being built. Units and links are read anew each time, so none goes stale."""

    def __init__(self, store: ox.Store, minting: Minting) -> None:
        self.store = store
        self.minting = minting
        self._stated = UnitStatements(store)
        self._links = OutcomeLinks(store, minting)
        self._identifiers = UnitIdentifiers(self._stated, minting)

    def identified(self, written: str) -> str:
        """The IRI of the unit that somebody names; see `UnitIdentifiers.identified`. Raises UnknownUnit."""
        return self._identifiers.identified(written)

    def units(self) -> Iterator[str]:
        """The IRIs of all units that a source describes, sorted. Learning activities and stubs are none."""
        return self._stated.units()

    def closer_skills(self, skill: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The skills directly broader and directly narrower than a skill (IRIs, sorted); skill groups are none."""
        return self._links.closer(skill)

    def skills(self) -> Iterator[str]:
        """The IRIs of all skills of the loaded ESCO."""
        return self._links.skills()

    def unit(self, iri: str, *, facts: bool = True) -> ComparedUnit | None:
        """The unit with this IRI, None where no source describes one; see `UnitStatements` for who is believed.

        Without `facts`, which coverage does not need, it takes a fifth of the time.
        """
        node = ox.NamedNode(iri)
        if not self._stated.is_unit(node):
            return None
        graphs = self._stated.describing(node)
        parts, wholes = self._stated.parts(node), self._stated.wholes(node)
        level, basis = self._level(node, graphs)
        return ComparedUnit(
            iri=iri,
            identifier=self._identifiers.own(iri, graphs),
            kind=self._kind(node, graphs),
            titles=self._stated.titles(node, graphs),
            country=self._country(node, graphs),
            level=level,
            level_basis=basis,
            wholes=wholes,
            parts=parts,
            outcomes=self._outcomes((iri, *parts)),
            occupations=self._occupations((iri, *wholes)),
            facts=facts_of(self.store, self.minting, iri, wholes) if facts else (),
            page=next(filter(None, map(self._page, (iri, *wholes))), ""),
        )

    def summary(self, iri: str, elements: Collection[str] = ()) -> ComparedUnit | None:
        """What a list shows of a unit: no outcomes, parts or page, and the facts of these elements alone.

        None where no source describes one.
        """
        node = ox.NamedNode(iri)
        if not self._stated.is_unit(node):
            return None
        graphs = self._stated.describing(node)
        wholes = self._stated.wholes(node)
        level, basis = self._level(node, graphs)
        return ComparedUnit(
            iri=iri,
            identifier=self._identifiers.own(iri, graphs),
            kind=self._kind(node, graphs),
            titles=self._stated.titles(node, graphs),
            country=self._country(node, graphs),
            level=level,
            level_basis=basis,
            wholes=wholes,
            facts=facts_of(self.store, self.minting, iri, wholes, elements) if elements else (),
        )

    def label(self, iri: str, language: str) -> LanguageText:
        """The title or label of anything: in `language`, else in English, French, or the first language by tag.

        The IRI itself, with an empty language, where nothing names it.
        """
        for property_name in _LABELS:
            found = self._stated.texts(ox.NamedNode(iri), property_name)
            if found:
                return min(found, key=lambda text: _distance(text.language.lower(), language.lower()))
        return LanguageText(iri, "")

    def _outcomes(self, units: Iterable[str]) -> tuple[ComparedOutcome, ...]:
        """The outcomes of these units, each once (of the first unit that states it), sorted by IRI."""
        found: dict[str, ComparedOutcome] = {}
        for unit in units:
            node = ox.NamedNode(unit)
            graphs = self._stated.describing(node)
            for outcome in self._stated.nodes(node, "psl:hasOutcome", graphs):
                if outcome.value not in found:
                    texts = self._stated.titles(outcome, graphs)
                    found[outcome.value] = ComparedOutcome(outcome.value, unit, texts, self._links.of(outcome))
        return tuple(found[iri] for iri in sorted(found))

    def _kind(self, node: ox.NamedNode, graphs: Graphs) -> str:
        # sources that disagree on what a unit is leave it open: nothing is taken for more than it may be
        kinds = {each.value.removeprefix(UNIT_KIND) for each in self._stated.nodes(node, "psl:unitKind", graphs)}
        kinds.discard(NOT_STATED)
        return kinds.pop() if len(kinds) == 1 else NOT_STATED

    def _country(self, node: ox.NamedNode, graphs: Graphs) -> str:
        places = (country_codes().get(each.value, "") for each in self._stated.nodes(node, "dcterms:spatial", graphs))
        return min(filter(None, places), default="")

    def _level(self, node: ox.NamedNode, graphs: Graphs) -> tuple[int | None, str]:
        """Level and basis: a stated level before an inherited one; of two sources, the lower."""
        found: list[tuple[bool, int]] = []
        for quad in self.store.quads_for_pattern(node, term("psl:eqfLevelNumber"), None, None):
            if isinstance(quad.object, ox.Literal) and quad.graph_name in graphs:
                bases = self._stated.nodes(node, "psl:levelBasis", frozenset({quad.graph_name}))
                found.append((f"{LEVEL_BASIS}stated" not in {each.value for each in bases}, int(quad.object.value)))
        if not found:
            return None, NOT_STATED
        inherited, level = min(found)
        return level, "inherited" if inherited else "stated"

    def _occupations(self, units: Iterable[str]) -> tuple[str, ...]:
        """The occupations of the first unit that has any: a bloc serves those of its certification."""
        for unit in units:
            node = ox.NamedNode(unit)
            found = self._stated.nodes(node, "psl:targetOccupation", self._stated.describing(node))
            if found:
                return tuple(each.value for each in found)
        return ()

    def _page(self, unit: str) -> str:
        """The page for people: the catalogue's before the unit's own; empty where there is none."""
        node = ox.NamedNode(unit)
        graphs = self._stated.describing(node)
        described = [*self._stated.nodes(node, "foaf:isPrimaryTopicOf", graphs), node]
        pages = (page for each in described for page in self._stated.nodes(each, "foaf:page", graphs))
        return next((page.value for page in pages), "")


def _distance(tag: str, wanted: str) -> tuple[int, int]:
    """How far the language of a text is from the one wanted; equal ones keep the order of their tags."""
    for rank, language in enumerate((wanted, *_FALLBACK_LANGUAGES)):
        if tag == language:
            return rank, 0
        if tag.partition("-")[0] == language.partition("-")[0]:
            return rank, 1
    return len(_FALLBACK_LANGUAGES) + 1, 0
