"""What is part of what, and chains of parts, generalisations and organisations that come back to themselves."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from passerelle.namespaces import expand
from passerelle.validation.credentials.layers.statements import Statements
from passerelle.validation.credentials.model import LITERAL, Observation

_HAS_PART, _PART_OF = expand("elm:hasPart"), expand("elm:isPartOf")
_RELATIONS = (
    (_HAS_PART, _PART_OF),
    (expand("elm:generalisationOf"), expand("elm:specialisationOf")),
    (expand("org:hasSubOrganization"), expand("org:subOrganizationOf")),
    (expand("dcterms:hasPart"), expand("dcterms:isPartOf")),
    ("", expand("ob:parentOrg")),
)
"""Pairs of a property and its inverse: a chain may use both."""
_SHOWN = 8
"""Nodes of a cycle that are told; the others are left out with dots."""


class Edge(NamedTuple):
    """A whole and a part (or what stands in their place), and the statement that says so."""

    whole: str
    part: str
    node: str
    path: str
    value: str


def parts(statements: Statements) -> list[Edge]:
    """Every whole with each of its parts, once, whichever of the two says so."""
    return _edges(statements, _HAS_PART, _PART_OF)


def cycles(statements: Statements) -> Iterator[Observation]:
    """Chains that come back to where they began, one for each set of nodes that reach each other."""
    for forward, backward in _RELATIONS:
        if forward not in statements and backward not in statements:
            continue
        edges = _edges(statements, forward, backward)
        following: dict[str, list[Edge]] = {}
        for edge in edges:
            following.setdefault(edge.whole, []).append(edge)
        for cycle in _found(following):
            first = cycle[0]
            names = [first.whole, *(each.part for each in cycle)]
            shown = names if len(names) <= _SHOWN else [*names[: _SHOWN - 1], "…", names[-1]]
            yield Observation(
                "ELM-FIELDS-CYCLE", first.node, first.path, first.value, parameters={"cycle": " → ".join(shown)}
            )


def _edges(statements: Statements, forward: str, backward: str) -> list[Edge]:
    found: dict[tuple[str, str], Edge] = {}
    for node, path, value in statements.of(forward, backward):
        if value.kind != LITERAL:
            pair = (node, value.node) if path == forward else (value.node, node)
            found.setdefault(pair, Edge(*pair, node, path, value.node))
    return list(found.values())


def _found(following: Mapping[str, Sequence[Edge]]) -> Iterator[list[Edge]]:
    """A shortest cycle through the first node of each set of nodes that reach each other."""
    for group in _groups(following):
        inside = set(group)
        first = group[-1]
        came: dict[str, Edge] = {}
        waiting = deque([first])
        while waiting and first not in came:
            for edge in following.get(waiting.popleft(), ()):
                if edge.part in inside and edge.part not in came:
                    came[edge.part] = edge
                    waiting.append(edge.part)
        if first in came:
            cycle = [came[first]]
            while cycle[-1].whole != first:
                cycle.append(came[cycle[-1].whole])
            yield cycle[::-1]


def _groups(following: Mapping[str, Sequence[Edge]]) -> Iterator[list[str]]:
    """The strongly connected components (Tarjan 1972), without recursion; a node alone is one as well."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    stacked: set[str] = set()
    for start in following:
        waiting = [] if start in number else [(start, iter(following[start]))]
        while waiting:
            node, edges = waiting[-1]
            if node not in number:
                number[node] = lowest[node] = len(number)
                stack.append(node)
                stacked.add(node)
            edge = next(edges, None)
            if edge is None:
                waiting.pop()
                if waiting:
                    above = waiting[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == number[node]:
                    group = [stack.pop()]
                    while group[-1] != node:
                        group.append(stack.pop())
                    stacked.difference_update(group)
                    yield group
            elif edge.part not in number:
                waiting.append((edge.part, iter(following.get(edge.part, ()))))
            elif edge.part in stacked:
                lowest[node] = min(lowest[node], number[edge.part])
