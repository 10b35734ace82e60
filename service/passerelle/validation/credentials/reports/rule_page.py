"""What the page about one rule shows: its words, its source, its shape as Turtle, the repair that concerns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pyoxigraph as ox
import rdflib

from passerelle.messages import Language, message
from passerelle.namespaces import PREFIXES, expand
from passerelle.records.finding import Severity
from passerelle.resources import folder
from passerelle.validation.credentials import rules
from passerelle.validation.credentials.model import Layer
from passerelle.validation.credentials.rules import RULES
from passerelle.validation.credentials.wording import generic, label

_PROPERTY = ox.NamedNode(expand("sh:property"))
_TARGET = ox.NamedNode(expand("sh:targetClass"))
_Described = Mapping[ox.NamedNode | ox.BlankNode, list[ox.Triple]]
_CODES = f"{RULES}ELM-"
_MOST_STATEMENTS = 500


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule in one language.

    An ellipsis in `sentence` and `remedy` stands for what differs from case to case. `path` and `target` are IRIs of
    the property and the class concerned (`path_name`, `target_name` their names), empty where there is none. `turtle`
    is the shape with what it holds in blank nodes. `repair` is the code of the repair that sets the rule aside,
    `sets_aside` the codes that this rule, being a repair, sets aside.
    """

    code: str
    iri: str
    layer: Layer
    layer_name: str
    severity: Severity
    severity_name: str
    sentence: str
    remedy: str
    source: str
    link: str
    path: str
    path_name: str
    target: str
    target_name: str
    file: str
    turtle: str
    repair: str
    sets_aside: tuple[str, ...]


def rule_page(code: str, language: Language) -> RulePage:
    """The page of one rule. Raises KeyError for a code that no rule has."""
    rule = rules.rule(code)
    described = _described(folder("shapes") / rule.file)
    target = _target(ox.NamedNode(rule.iri), described)
    french = language == "fr"
    return RulePage(
        code=code,
        iri=rule.iri,
        layer=rule.layer,
        layer_name=message(f"credential-layer-name-{rule.layer}").what(language),
        severity=rule.severity,
        severity_name=message(f"credential-severity-{rule.severity.lower()}").what(language),
        sentence=generic(rule.message_fr if french else rule.message_en),
        remedy=generic(rule.remedy_fr if french else rule.remedy_en),
        source=rule.source_fr if french else rule.source_en,
        link=rule.link,
        path=rule.path,
        path_name=label(rule.path).of(language) if rule.path else "",
        target=target,
        target_name=label(target).of(language) if target else "",
        file=rule.file,
        turtle=_turtle(ox.NamedNode(rule.iri), described),
        repair=next((each.code for each in rules.catalogue().values() if code in each.sets_aside), ""),
        sets_aside=tuple(sorted(rule.sets_aside)),
    )


@cache
def _described(path: Path) -> _Described:
    found: dict[ox.NamedNode | ox.BlankNode, list[ox.Triple]] = {}
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode | ox.BlankNode):
            found.setdefault(quad.subject, []).append(quad.triple)
    return found


def _target(rule: ox.NamedNode, described: _Described) -> str:
    """The class that the rule is about: its own target, or that of the shape that holds it."""
    holders = [rule]
    seen = set()
    while holders:
        shape = holders.pop()
        if shape in seen:
            continue
        seen.add(shape)
        targets = sorted(
            each.object.value
            for each in described.get(shape, ())
            if each.predicate == _TARGET and isinstance(each.object, ox.NamedNode)
        )
        if targets:
            return targets[0]
        for subject, triples in described.items():
            if isinstance(subject, ox.NamedNode) and any(
                each.predicate == _PROPERTY and each.object == shape for each in triples
            ):
                holders.append(subject)
    return ""


def _is_part(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> TypeGuard[ox.NamedNode]:
    """Whether it is a shape of ours that is no rule: it has no page of its own."""
    return isinstance(node, ox.NamedNode) and node.value.startswith(RULES) and not node.value.startswith(_CODES)


def _turtle(rule: ox.NamedNode, described: _Described) -> str:
    """The rule, with the blank nodes and the shapes without a code that it leans on, in a stable order."""
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "rule": RULES}.items():
        graph.bind(prefix, namespace)
    waiting: list[ox.NamedNode | ox.BlankNode] = [rule]
    taken: list[ox.Triple] = []
    reached = set(waiting)
    while waiting and len(taken) < _MOST_STATEMENTS:
        for triple in described.get(waiting.pop(), ()):
            taken.append(triple)
            inner = triple.object
            if (isinstance(inner, ox.BlankNode) or _is_part(inner)) and inner not in reached:
                reached.add(inner)
                waiting.append(inner)
    data = ox.serialize(taken, format=ox.RdfFormat.N_TRIPLES)
    graph.parse(data=data or b"", format="nt")
    return str(graph.serialize(format="turtle")).strip() + "\n"
