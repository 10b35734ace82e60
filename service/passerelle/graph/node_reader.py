"""What a store says of single things, each question asked of it once: by far the dearest part of reading a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph as ox

Value = ox.NamedNode | ox.Literal

NODES_KEPT = 2_000
"""Things of which a reader keeps what it read; a unit leads to some hundred, and one has ten kilobytes at most."""


class Stated(NamedTuple):
    """A value, the thing that has it, and the graph that states it of that thing."""

    value: Value
    subject: ox.NamedNode
    graph: ox.NamedNode


class _Known:
    """What is known of one thing so far: all that it has if `everything`, else the properties that were asked for."""

    __slots__ = ("everything", "pointing", "stated")

    def __init__(self) -> None:
        self.everything = False
        self.stated: dict[ox.NamedNode, list[Stated]] = {}
        self.pointing: dict[ox.NamedNode, list[Stated]] = {}


class NodeReader:
    """A store, asked about one thing at a time. What was read is kept, so a reader must not outlive a change of it.

    A look-up costs ten microseconds, and each statement that it finds as much again: so one property is asked for,
    unless `read` said that many will be. Blank nodes are left out, and what stands in no named graph.
    """

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self._kept: dict[ox.NamedNode, _Known] = {}

    def read(self, node: ox.NamedNode) -> None:
        """Read all that is stated of a thing by one look-up."""
        known = self._known(node)
        if known.everything:
            return
        known.everything = True
        known.stated = {}
        for quad in self.store.quads_for_pattern(node, None, None, None):
            graph, value = quad.graph_name, quad.object
            if isinstance(graph, ox.NamedNode) and isinstance(value, Value):
                known.stated.setdefault(quad.predicate, []).append(Stated(value, node, graph))

    def of(self, node: ox.NamedNode, predicate: ox.NamedNode) -> Sequence[Stated]:
        """The values that a thing has with this property, in any graph."""
        known = self._known(node)
        found = known.stated.get(predicate)
        if found is not None:
            return found
        if known.everything:
            return ()
        found = known.stated[predicate] = []
        for quad in self.store.quads_for_pattern(node, predicate, None, None):
            graph, value = quad.graph_name, quad.object
            if isinstance(graph, ox.NamedNode) and isinstance(value, Value):
                found.append(Stated(value, node, graph))
        return found

    def graphs_saying(self, node: ox.NamedNode, predicate: ox.NamedNode, value: Value) -> frozenset[object]:
        """The graphs in which a thing has this very value: dearer than `of` where it has it, cheaper where not."""
        known = self._known(node)
        if predicate in known.stated or known.everything:
            return frozenset(each.graph for each in self.of(node, predicate) if each.value == value)
        return frozenset(quad.graph_name for quad in self.store.quads_for_pattern(node, predicate, value, None))

    def pointing_to(self, node: ox.NamedNode, predicate: ox.NamedNode) -> Sequence[Stated]:
        """The things that have `node` as their value of this property."""
        known = self._known(node)
        found = known.pointing.get(predicate)
        if found is None:
            found = known.pointing[predicate] = []
            for quad in self.store.quads_for_pattern(None, predicate, node, None):
                graph, subject = quad.graph_name, quad.subject
                if isinstance(graph, ox.NamedNode) and isinstance(subject, ox.NamedNode):
                    found.append(Stated(subject, node, graph))
        return found

    def _known(self, node: ox.NamedNode) -> _Known:
        known = self._kept.get(node)
        if known is None:
            if len(self._kept) >= NODES_KEPT:
                # the one that came first: what many units share is soon read again
                del self._kept[next(iter(self._kept))]
            known = self._kept[node] = _Known()
        return known
