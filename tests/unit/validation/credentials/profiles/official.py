"""What the official profiles of the reference folder enforce: the oracle of the table and of the generated shapes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from passerelle.validation.report import compact

FILES = {
    "edc-generic-no-cv": "edc/EDC-generic-no-cv",
    "edc-generic-full": "edc/EDC-generic-full",
    "edc-accredited": "edc/EDC-accredited",
    "edc-converted": "edc/EDC-converted",
    "edc-issued-by-mandate": "edc/EDC-issuedByMandate",
    "edc-diploma-supplement": "edc/EDC-diplomaSupplement",
    "loq": "loq/LOQ-constraints",
    "loq-mdr": "loq/LOQ-constraints-mdr",
    "ams": "ams/AMS-constraints",
    "ams-mdr": "ams/AMS-constraints-mdr",
}
"""The file of each table, below `elm/shapes`, without its ending."""

COLUMNS = [
    "shape",
    "target",
    "property",
    "min",
    "max",
    "class",
    "datatype",
    "node_kind",
    "unique_lang",
    "node",
    "has_value",
    "in",
    "pattern",
    "or",
    "and",
    "disjoint",
    "max_inclusive",
    "closed",
]

_PLAIN = {
    "class": SH["class"],
    "datatype": SH.datatype,
    "node_kind": SH.nodeKind,
    "has_value": SH.hasValue,
    "disjoint": SH.disjoint,
}
_LEXICAL = {"min": SH.minCount, "max": SH.maxCount, "pattern": SH.pattern, "max_inclusive": SH.maxInclusive}
_WITHOUT_EFFECT = {
    SH.path, SH.name, SH.description, SH.message, SH.severity, SH.property, SH.targetClass, SH.node, SH["in"], SH["or"],
    SH["and"], SH.uniqueLang, SH.closed, SH.ignoredProperties, rdflib.URIRef(str(SH) + "nodekind"), RDF.type,
}  # fmt: skip

# The group that follows `^` is optional in all its parts, so the pattern matches every text; with a scheme in front,
# every text that begins with that scheme. What a blank node has is no text, and SHACL has it fail.
_ANY_TEXT = "^"
_WEB_ADDRESS = "^[Hh][Tt][Tt][Pp][Ss]?:"


def graph_of(reference: Path, name: str) -> rdflib.Graph:
    """The shapes of one file, as they are."""
    return rdflib.Graph().parse(reference / "elm" / "shapes" / f"{FILES[name]}.ttl", format="turtle")


@cache
def rows_of(reference: Path, name: str) -> tuple[dict[str, str], ...]:
    """One row a property shape with an effect (in closed shapes: each), and one for what a node shape says itself."""
    graph = graph_of(reference, name)
    used = {_name(shape) for shape in set(graph.objects(None, SH.node))}
    rows: list[dict[str, str]] = []
    for shape in set(graph.subjects(RDF.type, SH.NodeShape)):
        targets = [compact(str(each)) for each in graph.objects(shape, SH.targetClass)]
        if _off(graph, shape) or not (targets or _name(shape) in used):
            continue
        closed = (shape, SH.closed, rdflib.Literal(True)) in graph
        head = {"shape": _name(shape), "target": " ".join(sorted(targets))}
        own = _constraints(graph, shape)
        if closed:
            ignored = Collection(graph, graph.value(shape, SH.ignoredProperties))
            own["closed"] = " ".join(compact(str(each)) for each in ignored)
        if own:
            rows.append({**head, "property": "", **own})
        for part in graph.objects(shape, SH.property):
            constraints = {} if _off(graph, part) else _constraints(graph, part)
            if constraints or closed:
                rows.append({**head, "property": compact(str(graph.value(part, SH.path))), **constraints})
    full = ({column: row.get(column, "") for column in COLUMNS} for row in rows)
    return tuple(sorted(full, key=lambda row: (row["target"] == "", row["target"], row["shape"], row["property"])))


def _off(graph: rdflib.Graph, shape: Node) -> bool:
    return (shape, SH.deactivated, rdflib.Literal(True)) in graph


def _name(shape: Node) -> str:
    return str(shape).rpartition("/")[2]


def _constraints(graph: rdflib.Graph, shape: Node) -> dict[str, str]:
    found = dict(_cells(graph, shape))
    if found.get("min") == "0":
        del found["min"]
    unknown = {p for p in graph.predicates(shape) if str(p).startswith(str(SH))} - _WITHOUT_EFFECT
    assert unknown <= {*_PLAIN.values(), *_LEXICAL.values()}, unknown
    return found


def _cells(graph: rdflib.Graph, shape: Node) -> Iterator[tuple[str, str]]:
    for column, predicate in _PLAIN.items():
        if (value := graph.value(shape, predicate, any=False)) is not None:
            yield column, compact(str(value))
    for column, predicate in _LEXICAL.items():
        if (value := graph.value(shape, predicate, any=False)) is not None:
            yield column, _text(str(value))
    if (value := graph.value(shape, SH.node, any=False)) is not None:
        yield "node", _name(value)
    if (shape, SH.uniqueLang, rdflib.Literal(True)) in graph:
        yield "unique_lang", "true"
    if (value := graph.value(shape, SH["in"], any=False)) is not None:
        yield "in", " ".join(compact(str(each)) for each in Collection(graph, value))
    for column in ("or", "and"):
        if (value := graph.value(shape, SH[column], any=False)) is not None:
            parts = [" ".join(next(_cells(graph, each))) for each in Collection(graph, value)]
            yield (
                column,
                " | ".join(part for part in dict.fromkeys(parts) if part != "pattern ^" or len(set(parts)) == 1),
            )


def _text(value: str) -> str:
    if value.startswith("^(?i)(http|https):("):
        return _WEB_ADDRESS
    return _ANY_TEXT if value.startswith("^(([^:/?#]+):)?(//") else value
