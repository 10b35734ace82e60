"""Property paths as data: where, from a unit, a fact stands, and which graph states it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from passerelle.graph.statements.writer import term

Value = ox.NamedNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Stated:
    """A value at the end of a path, the thing that has it, and the graph that states it of that thing."""

    value: Value
    subject: ox.NamedNode
    graph: ox.NamedNode


class NodeReader:
    """What a store says of things, each thing read once: a unit has some fifty paths, and most begin alike."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._kept: dict[ox.NamedNode, dict[ox.NamedNode, list[Stated]]] = {}

    def of(self, node: ox.NamedNode, predicate: ox.NamedNode) -> list[Stated]:
        """The values that `node` has with this property, in any graph."""
        kept = self._kept.get(node)
        if kept is None:
            kept = self._kept[node] = {}
            for quad in self._store.quads_for_pattern(node, None, None, None):
                graph, value = quad.graph_name, quad.object
                if isinstance(graph, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
                    kept.setdefault(quad.predicate, []).append(Stated(value, node, graph))
        return kept.get(predicate, [])

    def pointing_to(self, node: ox.NamedNode, predicate: ox.NamedNode) -> Iterator[Stated]:
        """The things that have `node` as their value of this property."""
        for quad in self._store.quads_for_pattern(None, predicate, node, None):
            if isinstance(quad.graph_name, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
                yield Stated(quad.subject, node, quad.graph_name)


@dataclass(frozen=True, slots=True)
class FactPath:
    """Steps from a unit to a value; each step is one of several properties, forwards or (`^`) backwards."""

    steps: tuple[tuple[tuple[ox.NamedNode, bool], ...], ...]

    def stated(self, reader: NodeReader, start: ox.NamedNode, graphs: Collection[object]) -> Iterator[Stated]:
        """What stands at the end of the path, as far as these graphs state each of its steps."""
        nodes = [start]
        for step in self.steps[:-1]:
            found = (each.value for node in nodes for each in _one_step(reader, node, step, graphs))
            nodes = list(dict.fromkeys(each for each in found if isinstance(each, ox.NamedNode)))
        for node in nodes:
            yield from _one_step(reader, node, self.steps[-1], graphs)


@cache
def fact_path(written: str) -> FactPath:
    """The path of a cell of `mappings/element-facts.tsv`: CURIEs set apart by `/`, alternatives by `|`.

    Raises KeyError for an unknown prefix.
    """
    return FactPath(
        tuple(
            tuple((term(curie.lstrip("^")), curie.startswith("^")) for curie in step.split("|"))
            for step in written.split("/")
        )
    )


def _one_step(
    reader: NodeReader, node: ox.NamedNode, step: tuple[tuple[ox.NamedNode, bool], ...], graphs: Collection[object]
) -> Iterator[Stated]:
    for predicate, backwards in step:
        found = reader.pointing_to(node, predicate) if backwards else reader.of(node, predicate)
        yield from (each for each in found if each.graph in graphs)
