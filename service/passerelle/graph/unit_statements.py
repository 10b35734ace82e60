"""What a store states about a unit, believed only from the graphs that describe it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import VOCABULARY
from passerelle.records.text import LanguageText
from passerelle.records.unit_tables import countries

Graphs = frozenset[object]
"""Names of graphs."""

UNDETERMINED = "und"
"""Language of a text without one (BCP 47, 4.1)."""

UNIT_KIND, LEVEL_BASIS = f"{VOCABULARY}unit-kind/", f"{VOCABULARY}level-basis/"
"""Begin the IRIs of the concepts of these schemes."""

NOT_STATED = "not-stated"
"""The concept of either scheme where no source says anything."""

_UNIT, _ACTIVITY, _STUB = "psl:ComparableSpecification", "psl:LearningActivity", "psl:Unresolved"
_PART_OF = ("elm:isPartOf", "psl:blocOf")
_HAS_PART = ("dcterms:hasPart", "elm:hasPart")


class UnitStatements:
    """A store, read-only or being built, asked about one node at a time.

    A graph describes a unit where it states that it is a `psl:ComparableSpecification`. What other graphs add to it
    (outcomes, parts, a level) moves no figure: a source speaks for its own units. A part is the whole's to name,
    whichever way the statement points. What a unit may lead to is no part.
    """

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def units(self) -> Iterator[str]:
        """The IRIs of all units that a source describes, sorted. Learning activities and stubs are none."""
        yield from sorted(self._members(_UNIT) - self._members(_ACTIVITY) - self._members(_STUB))

    def is_unit(self, node: ox.NamedNode) -> bool:
        """Whether `units` has it."""
        return self._is_a(node, _UNIT) and not self._is_a(node, _ACTIVITY) and not self._is_a(node, _STUB)

    def is_stub(self, node: ox.NamedNode) -> bool:
        """Whether sources refer to it and none describes it."""
        return self._is_a(node, _STUB)

    def is_known(self, node: ox.NamedNode) -> bool:
        """Whether anything is stated about it."""
        return next(iter(self.store.quads_for_pattern(node, None, None, None)), None) is not None

    def describing(self, node: ox.NamedNode) -> Graphs:
        """The graphs that describe a unit."""
        return frozenset(quad.graph_name for quad in self.store.quads_for_pattern(node, TYPE, term(_UNIT), None))

    def nodes(self, node: ox.NamedNode, curie: str, graphs: Graphs | None = None) -> list[ox.NamedNode]:
        """What `node` points to with a property, each once, sorted; None: as any graph says."""
        found = {
            quad.object
            for quad in self.store.quads_for_pattern(node, term(curie), None, None)
            if isinstance(quad.object, ox.NamedNode) and (graphs is None or quad.graph_name in graphs)
        }
        return sorted(found, key=_value)

    def texts(self, node: ox.NamedNode, curie: str, graphs: Graphs | None = None) -> tuple[LanguageText, ...]:
        """The literals of a property, sorted by language and text; None: of any graph."""
        found = {
            (quad.object.language or UNDETERMINED, quad.object.value)
            for quad in self.store.quads_for_pattern(node, term(curie), None, None)
            if isinstance(quad.object, ox.Literal) and (graphs is None or quad.graph_name in graphs)
        }
        return tuple(LanguageText(text, language) for language, text in sorted(found))

    def titles(self, node: ox.NamedNode, graphs: Graphs) -> tuple[LanguageText, ...]:
        """The titles that these graphs state; where they state none, those of any graph."""
        return self.texts(node, "dcterms:title", graphs) or self.texts(node, "dcterms:title")

    def parts(self, node: ox.NamedNode) -> tuple[str, ...]:
        """The units that are a part of it, at all depths, sorted."""
        return self._reached(node, self._parts_of)

    def wholes(self, node: ox.NamedNode) -> tuple[str, ...]:
        """The units that it is a part of, at all depths, sorted."""
        return self._reached(node, self._wholes_of)

    def _parts_of(self, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        graphs = self.describing(node)
        for curie in _HAS_PART:
            yield from self.nodes(node, curie, graphs)
        for curie in _PART_OF:
            for quad in self.store.quads_for_pattern(None, term(curie), node, None):
                if isinstance(quad.subject, ox.NamedNode) and quad.graph_name in graphs:
                    yield quad.subject

    def _wholes_of(self, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        for curie in _PART_OF:
            for quad in self.store.quads_for_pattern(node, term(curie), None, None):
                if isinstance(quad.object, ox.NamedNode) and quad.graph_name in self.describing(quad.object):
                    yield quad.object
        for curie in _HAS_PART:
            for quad in self.store.quads_for_pattern(None, term(curie), node, None):
                if isinstance(quad.subject, ox.NamedNode) and quad.graph_name in self.describing(quad.subject):
                    yield quad.subject

    def _reached(self, start: ox.NamedNode, step: Callable[[ox.NamedNode], Iterable[ox.NamedNode]]) -> tuple[str, ...]:
        """What repeated steps reach, without `start`; sources have cycles (`ontology/checks/part-of-itself.rq`)."""
        found: set[str] = set()
        pending = [start]
        while pending:
            for each in step(pending.pop()):
                if each != start and each.value not in found and self.is_unit(each):
                    found.add(each.value)
                    pending.append(each)
        return tuple(sorted(found))

    def _members(self, curie: str) -> set[str]:
        quads = self.store.quads_for_pattern(None, TYPE, term(curie), None)
        return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def _is_a(self, node: ox.NamedNode, curie: str) -> bool:
        return next(iter(self.store.quads_for_pattern(node, TYPE, term(curie), None)), None) is not None


@cache
def country_codes() -> dict[str, str]:
    """ISO 3166-1 alpha-2 codes of countries by their IRI (the EU's authority list)."""
    return {country.iri: country.alpha2 for country in countries().values()}


def _value(node: ox.NamedNode) -> str:
    return node.value
