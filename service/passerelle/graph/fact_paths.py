"""Property paths as data: where, from a unit, a fact stands, and which graph states it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from passerelle.graph.node_reader import NodeReader, Stated
from passerelle.graph.statements.writer import term


@dataclass(frozen=True, slots=True)
class FactPath:
    """Steps from a unit to a value; each step is one of several properties, forwards or (`^`) backwards."""

    steps: tuple[tuple[tuple[ox.NamedNode, bool], ...], ...]

    def stated(self, reader: NodeReader, start: ox.NamedNode, graphs: Collection[object]) -> list[Stated]:
        """What stands at the end of the path, as far as these graphs state each of its steps."""
        *before, last = self.steps
        nodes = [start]
        for step in before:
            found = (each.value for node in nodes for each in _one_step(reader, node, step, graphs))
            nodes = list(dict.fromkeys(each for each in found if isinstance(each, ox.NamedNode)))
        return [each for node in nodes for each in _one_step(reader, node, last, graphs)]


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
) -> list[Stated]:
    stated: list[Stated] = []
    for predicate, backwards in step:
        found = reader.pointing_to(node, predicate) if backwards else reader.of(node, predicate)
        stated += [each for each in found if each.graph in graphs]
    return stated
