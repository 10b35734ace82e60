"""What is part of what, and chains of parts, generalisations and organisations that come back to themselves."""

from __future__ import annotations

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
    """Chains that come back to where they began; of those that share a node only the first."""
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
    """Cycles without a node in common, depth first and without recursion."""
    done: set[str] = set()
    told: set[str] = set()
    for start in following:
        if start in done:
            continue
        trail: list[Edge] = []
        depth = {start: 0}
        waiting = [iter(following[start])]
        while waiting:
            edge = next(waiting[-1], None)
            if edge is None:
                waiting.pop()
                left = trail.pop().part if trail else start
                depth.pop(left, None)
                done.add(left)
            elif edge.part in depth:
                if edge.part not in told:
                    cycle = [*trail[depth[edge.part] :], edge]
                    told.update(each.part for each in cycle)
                    yield cycle
            elif edge.part not in done:
                trail.append(edge)
                depth[edge.part] = len(trail)
                waiting.append(iter(following.get(edge.part, ())))
