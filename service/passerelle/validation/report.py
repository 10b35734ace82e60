"""Turns a SHACL validation report into findings, the same way for every engine."""

from __future__ import annotations

from collections.abc import Mapping

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import Node

from passerelle.namespaces import PREFIXES
from passerelle.records.finding import Finding
from passerelle.validation.shapes import Rule


def findings_of(report: rdflib.Graph, rules: Mapping[str, Rule]) -> list[Finding]:
    """The results of a report in a stable order, each once, with the sentences of its shape.

    Severity and sentences come from the shape, not from the report: engines differ in which of several
    `sh:message` they copy. Results within `sh:detail` belong to their outer result and are left out.
    Raises KeyError when the report names a shape that the profile does not have.
    """
    found: dict[tuple[str, ...], Finding] = {}
    for result in report.objects(None, SH.result):
        described = dict(report.predicate_objects(result))
        rule = rules[str(described[SH.sourceShape])]
        path = described.get(SH.resultPath)
        finding = Finding(
            severity=rule.severity,
            rule=rule.iri,
            focus=str(described[SH.focusNode]),
            message_en=rule.message_en,
            message_fr=rule.message_fr,
            path="" if path is None else path_text(report, path),
            component=compact(str(described[SH.sourceConstraintComponent])),
            value=_value(described),
        )
        found[(*finding.key, finding.value)] = finding
    return [found[key] for key in sorted(found)]


def compact(iri: str) -> str:
    """`iri` as a CURIE with a prefix of `namespaces`, or as it is in angle brackets."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and not set(local) & set("/#?"):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def path_text(graph: rdflib.Graph, path: Node) -> str:
    """A SHACL property path in the notation of SPARQL property paths."""
    if isinstance(path, rdflib.URIRef):
        return compact(str(path))
    if (inverse := graph.value(path, SH.inversePath)) is not None:
        return f"^{path_text(graph, inverse)}"
    if (choices := graph.value(path, SH.alternativePath)) is not None:
        return f"({' | '.join(path_text(graph, each) for each in Collection(graph, choices))})"
    for predicate, mark in ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?")):
        if (repeated := graph.value(path, predicate)) is not None:
            return f"({path_text(graph, repeated)}){mark}"
    return " / ".join(path_text(graph, each) for each in Collection(graph, path))


def _value(described: Mapping[Node, Node]) -> str:
    """The offending value; not where a SPARQL constraint without ?value makes engines repeat the focus node."""
    value = described.get(SH.value)
    return "" if value is None or value == described[SH.focusNode] else str(value)
