"""What stands around an outcome: the skills of the occupations that its unit is for, and the unit's other outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from passerelle.graph.node_reader import NodeReader
from passerelle.graph.statements.writer import TYPE, term
from passerelle.graph.unit_statements import UNDETERMINED, UnitStatements
from passerelle.records.text import LanguageText

_CODES = ("psl:rome4Code", "psl:rome3Code")
_RELATIONS = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch")
"""As the crosswalk reads them, from a ROME appellation to an ESCO occupation; related ones are left out."""


@dataclass(frozen=True, slots=True)
class Surrounding:
    """`essential` and `optional` are skills (IRIs) of the occupations, `neighbours` wordings of the other outcomes."""

    essential: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    neighbours: tuple[LanguageText, ...] = ()


class Surroundings:
    """A store, read-only or being built; what an outcome is linked to is not read, so no review changes an order."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        # no cache of functools: bound to a method, it would keep the store open until the next collection of garbage
        self._needs: dict[ox.NamedNode, tuple[frozenset[str], frozenset[str]]] = {}
        self._occupations: dict[ox.NamedNode, tuple[ox.NamedNode, ...]] = {}

    def of(self, outcome: str) -> Surrounding:
        """What stands around an outcome (IRI), over all units that state it; around a text without IRI, nothing."""
        if not outcome:
            return Surrounding()
        node = ox.NamedNode(outcome)
        stated = UnitStatements(NodeReader(self._store))
        essential: set[str] = set()
        optional: set[str] = set()
        neighbours: set[LanguageText] = set()
        for quad in self._store.quads_for_pattern(None, term("psl:hasOutcome"), node, None):
            if not isinstance(quad.subject, ox.NamedNode):
                continue
            graphs = stated.describing(quad.subject)
            for other in stated.nodes(quad.subject, "psl:hasOutcome", graphs):
                if other != node:
                    titles = stated.titles(other, graphs)
                    neighbours.update(text for text in titles if text.language != UNDETERMINED)
            for occupation in self._occupations_of(quad.subject, stated):
                needs = self._needs_of(occupation, stated)
                essential |= needs[0]
                optional |= needs[1]
        ordered = sorted(neighbours, key=lambda text: (text.language, text.text))
        return Surrounding(frozenset(essential), frozenset(optional - essential), tuple(ordered))

    def _occupations_of(self, unit: ox.NamedNode, stated: UnitStatements) -> tuple[ox.NamedNode, ...]:
        """The ESCO occupations of a unit, or of what it is a part of: named themselves, or through ROME."""
        if unit not in self._occupations:
            chain = (unit, *map(ox.NamedNode, stated.wholes(unit)))
            named = next(filter(None, (stated.nodes(each, "psl:targetOccupation") for each in chain)), [])
            self._occupations[unit] = tuple(sorted(self._esco_occupations(named, stated), key=lambda node: node.value))
        return self._occupations[unit]

    def _esco_occupations(self, named: Iterable[ox.NamedNode], stated: UnitStatements) -> set[ox.NamedNode]:
        found: set[ox.NamedNode] = set()
        for node in named:
            if self._is_occupation(node):
                found.add(node)
            for code in _CODES:
                for quad in self._store.quads_for_pattern(None, term(code), node, None):
                    if isinstance(quad.subject, ox.NamedNode):
                        found.update(each for name in _RELATIONS for each in stated.nodes(quad.subject, name))
        return found

    def _is_occupation(self, node: ox.NamedNode) -> bool:
        return next(iter(self._store.quads_for_pattern(node, TYPE, term("esco:Occupation"), None)), None) is not None

    def _needs_of(self, occupation: ox.NamedNode, stated: UnitStatements) -> tuple[frozenset[str], frozenset[str]]:
        if occupation not in self._needs:
            essential = stated.nodes(occupation, "esco:relatedEssentialSkill")
            optional = stated.nodes(occupation, "esco:relatedOptionalSkill")
            skills = (frozenset(each.value for each in nodes) for nodes in (essential, optional))
            self._needs[occupation] = (next(skills), next(skills))
        return self._needs[occupation]
