"""What a store states about a unit, believed only from the graphs that describe it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from passerelle.graph.node_reader import NodeReader, Value
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

_UNIT, _ACTIVITY, _STUB = map(term, ("psl:ComparableSpecification", "psl:LearningActivity", "psl:Unresolved"))
_PART_OF = ("elm:isPartOf", "psl:blocOf")
_HAS_PART = ("dcterms:hasPart", "elm:hasPart")


class UnitStatements:
    """What a reader of nodes finds about units.

    A graph describes a unit where it states that it is a `psl:ComparableSpecification`. What other graphs add to it
    (outcomes, parts, a level) moves no figure: a source speaks for its own units. A part is the whole's to name,
    whichever way the statement points. What a unit may lead to is no part.
    """

    def __init__(self, reader: NodeReader) -> None:
        self.reader = reader

    def units(self) -> Iterator[str]:
        """The IRIs of all units that a source describes, sorted. Learning activities and stubs are none."""
        yield from sorted(self._members(_UNIT) - self._members(_ACTIVITY) - self._members(_STUB))

    def is_unit(self, node: ox.NamedNode) -> bool:
        """Whether `units` has it."""
        types = self._types(node)
        return _UNIT in types and _ACTIVITY not in types and _STUB not in types

    def is_stub(self, node: ox.NamedNode) -> bool:
        """Whether sources refer to it and none describes it."""
        return _STUB in self._types(node)

    def is_known(self, node: ox.NamedNode) -> bool:
        """Whether anything is stated about it."""
        return next(iter(self.reader.store.quads_for_pattern(node, None, None, None)), None) is not None

    def describing(self, node: ox.NamedNode) -> Graphs:
        """The graphs that describe a unit."""
        return frozenset(each.graph for each in self.reader.of(node, TYPE) if each.value == _UNIT)

    def nodes(self, node: ox.NamedNode, curie: str, graphs: Graphs | None = None) -> list[ox.NamedNode]:
        """What `node` points to with a property, each once, sorted; None: as any graph says."""
        found = {
            each.value
            for each in self.reader.of(node, term(curie))
            if isinstance(each.value, ox.NamedNode) and (graphs is None or each.graph in graphs)
        }
        return sorted(found, key=_value)

    def texts(self, node: ox.NamedNode, curie: str, graphs: Graphs | None = None) -> tuple[LanguageText, ...]:
        """The literals of a property, sorted by language and text; None: of any graph."""
        found = {
            (each.value.language or UNDETERMINED, each.value.value)
            for each in self.reader.of(node, term(curie))
            if isinstance(each.value, ox.Literal) and (graphs is None or each.graph in graphs)
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
            for each in self.reader.pointing_to(node, term(curie)):
                if isinstance(each.value, ox.NamedNode) and each.graph in graphs:
                    yield each.value

    def _wholes_of(self, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        stated = [each for curie in _PART_OF for each in self.reader.of(node, term(curie))]
        stated += [each for curie in _HAS_PART for each in self.reader.pointing_to(node, term(curie))]
        for each in stated:
            if isinstance(each.value, ox.NamedNode) and each.graph in self.describing(each.value):
                yield each.value

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

    def _members(self, kind: ox.NamedNode) -> set[str]:
        quads = self.reader.store.quads_for_pattern(None, TYPE, kind, None)
        return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def _types(self, node: ox.NamedNode) -> set[Value]:
        return {each.value for each in self.reader.of(node, TYPE)}


@cache
def country_codes() -> dict[str, str]:
    """ISO 3166-1 alpha-2 codes of countries by their IRI (the EU's authority list)."""
    return {country.iri: country.alpha2 for country in countries().values()}


def _value(node: ox.NamedNode) -> str:
    return node.value
