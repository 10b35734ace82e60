"""Turns a SHACL validation report into results and findings, the same way for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from passerelle.namespaces import PREFIXES, expand
from passerelle.records.finding import Finding
from passerelle.validation.credentials.model import BLANK, Term, Triple
from passerelle.validation.shapes import Rule

_RESULT = expand("sh:result")
_FOCUS = expand("sh:focusNode")
_PATH = expand("sh:resultPath")
_VALUE = expand("sh:value")
_SHAPE = expand("sh:sourceShape")
_COMPONENT = expand("sh:sourceConstraintComponent")
_SEVERITY = expand("sh:resultSeverity")
_MESSAGE = expand("sh:resultMessage")
_INVERSE = expand("sh:inversePath")
_ALTERNATIVE = expand("sh:alternativePath")
_REPEATED = (
    (expand("sh:zeroOrMorePath"), "*"),
    (expand("sh:oneOrMorePath"), "+"),
    (expand("sh:zeroOrOnePath"), "?"),
)
_FIRST = expand("rdf:first")
_REST = expand("rdf:rest")
_NIL = expand("rdf:nil")

Described = Mapping[Term, Mapping[str, list[Term]]]
"""A report: the values of each property of each node."""


class Result(NamedTuple):
    """One result of a report: `shape` and `component` are IRIs (the shape can be a blank node, as `_:label`).

    `path` is None where the shape has none; `value` where the result names none, or only repeats the focus node.
    """

    shape: str
    focus: Term
    path: Path | None
    component: str
    value: Term | None
    severity: str
    messages: tuple[Term, ...]


class Path(NamedTuple):
    """A property path: `text` in the notation of SPARQL with CURIEs; `iri` of a single property, else empty."""

    text: str
    iri: str


def results_of(report: Iterable[Triple]) -> list[Result]:
    """The results of a report, in its order; those within `sh:detail` belong to their outer result and are left out."""
    described: dict[Term, dict[str, list[Term]]] = {}
    for subject, predicate, value in report:
        described.setdefault(subject, {}).setdefault(predicate.value, []).append(value)
    return [
        _result(described, described[node])
        for properties in tuple(described.values())
        for node in properties.get(_RESULT, ())
    ]


def findings_of(results: Iterable[Result], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings in a stable order, each once, with the sentences of its shape.

    Severity and sentences come from the shape, not from the report: engines differ in which of several
    `sh:message` they copy. Raises KeyError when the report names a shape that the profile does not have.
    """
    found: dict[tuple[str, ...], Finding] = {}
    for result in results:
        rule = rules[result.shape]
        finding = Finding(
            severity=rule.severity,
            rule=rule.iri,
            focus=result.focus.value,
            message_en=rule.message_en,
            message_fr=rule.message_fr,
            path="" if result.path is None else result.path.text,
            component=compact(result.component),
            value="" if result.value is None else result.value.value,
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


def path_text(described: Described, path: Term) -> str:
    """A SHACL property path in the notation of SPARQL property paths."""
    if path.kind != BLANK:
        return compact(path.value)
    said = described.get(path, {})
    if _INVERSE in said:
        return f"^{path_text(described, said[_INVERSE][0])}"
    if _ALTERNATIVE in said:
        return f"({' | '.join(path_text(described, each) for each in _members(described, said[_ALTERNATIVE][0]))})"
    for predicate, mark in _REPEATED:
        if predicate in said:
            return f"({path_text(described, said[predicate][0])}){mark}"
    return " / ".join(path_text(described, each) for each in _members(described, path))


def _result(described: Described, said: Mapping[str, list[Term]]) -> Result:
    focus = said[_FOCUS][0]
    path = said[_PATH][0] if _PATH in said else None
    value = said[_VALUE][0] if _VALUE in said else None
    return Result(
        said[_SHAPE][0].node,
        focus,
        None if path is None else Path(path_text(described, path), "" if path.kind == BLANK else path.value),
        said[_COMPONENT][0].value,
        # a SPARQL constraint without ?value makes engines repeat the focus node
        None if value == focus else value,
        said[_SEVERITY][0].value if _SEVERITY in said else "",
        tuple(said.get(_MESSAGE, ())),
    )


def _members(described: Described, items: Term) -> list[Term]:
    found: list[Term] = []
    seen: set[Term] = set()
    while items.value != _NIL and items not in seen:
        seen.add(items)
        said = described.get(items, {})
        found += said.get(_FIRST, [])[:1]
        items = said.get(_REST, [Term(0, _NIL)])[0]
    return found
