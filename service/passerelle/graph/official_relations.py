"""What the catalogues declare about two units: correspondences, each in its own direction, and successions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import VOCABULARY
from passerelle.records.comparison import Related

Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

_EXTENT = f"{VOCABULARY}correspondence-extent/"
_SOURCES = ("psl:correspondenceSource", "psl:correspondenceSourceQualification")
_TARGETS = ("psl:correspondenceTarget", "psl:correspondenceTargetQualification")


class OfficialRelations:
    """The correspondences and successions of a store.

    A graph is believed about a relation where it describes one of the units that it names: a file about something else
    cannot relate two units.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def correspondences(self, unit: str) -> Iterator[Related]:
        """The correspondences that name `unit` on either side, in the order of their IRIs.

        Where a fiche names blocs on a side, they are that side; where it names none, the whole certification is.
        """
        node = ox.NamedNode(unit)
        found = {
            quad.subject
            for curie in (*_SOURCES, *_TARGETS)
            for quad in self._store.quads_for_pattern(None, term(curie), node, None)
            if isinstance(quad.subject, ox.NamedNode) and self._is_declared(quad.subject)
        }
        for each in sorted(found, key=lambda correspondence: correspondence.value):
            extents = self._values(each, "psl:correspondenceExtent")
            yield Related(
                "correspondence",
                next(iter(self._values(each, "psl:declaredBy")), ""),
                self._side(each, _SOURCES),
                self._side(each, _TARGETS),
                extents[0].removeprefix(_EXTENT) if extents else "not-stated",
            )

    def succession(self, older: str, newer: str) -> Iterator[Related]:
        """The steps by which one certification replaced another, directly or through others; none where it did not.

        A step counts whether the older fiche names the newer one, or the other way round.
        """
        if newer == older or newer not in self._replacing(older):
            return
        for each in sorted({older, *self._replacing(older)}):
            for following in self._next(each):
                if following == newer or newer in self._replacing(following):
                    yield Related("succession", "", (each,), (following,))

    def _replacing(self, unit: str) -> set[str]:
        """All that replaced a unit, directly or through others."""
        found: set[str] = set()
        pending = [unit]
        while pending:
            fresh = {*self._next(pending.pop())} - found - {unit}
            found |= fresh
            pending += fresh
        return found

    def _next(self, unit: str) -> list[str]:
        """What replaced a unit directly, sorted."""
        node = ox.NamedNode(unit)
        replaced = self._store.quads_for_pattern(node, term("dcterms:isReplacedBy"), None, None)
        replacing = self._store.quads_for_pattern(None, term("dcterms:replaces"), node, None)
        found = [(quad.object, quad.graph_name) for quad in replaced]
        found += [(quad.subject, quad.graph_name) for quad in replacing]
        return sorted(
            {
                other.value
                for other, graph in found
                if isinstance(other, ox.NamedNode) and self._describes(graph, (node.value, other.value))
            }
        )

    def _side(self, node: ox.NamedNode, curies: tuple[str, str]) -> tuple[str, ...]:
        blocs, qualifications = (self._values(node, curie) for curie in curies)
        return tuple(blocs or qualifications)

    def _values(self, node: ox.NamedNode, curie: str) -> list[str]:
        quads = self._store.quads_for_pattern(node, term(curie), None, None)
        return sorted({quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)})

    def _is_declared(self, node: ox.NamedNode) -> bool:
        named = [unit for curie in (*_SOURCES, *_TARGETS) for unit in self._values(node, curie)]
        stated = self._store.quads_for_pattern(node, TYPE, term("psl:OfficialCorrespondence"), None)
        return any(self._describes(quad.graph_name, named) for quad in stated)

    def _describes(self, graph: Graph, units: Iterable[str]) -> bool:
        patterns = ((ox.NamedNode(unit), TYPE, term("psl:ComparableSpecification"), graph) for unit in units)
        return any(next(iter(self._store.quads_for_pattern(*pattern)), None) is not None for pattern in patterns)
