"""PyLD as the second opinion on JSON-LD: its triples, and ours, in one canonical form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyld import jsonld

from passerelle.contexts import known_contexts, local_contexts
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Term, Triple
from passerelle.validation.credentials.reading.json_ld import JsonLdReading, read_json_ld
from passerelle.validation.credentials.reading.json_text import parse

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
EDC = "http://data.europa.eu/snb/model/context/edc-ap"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DEFAULT = (V1, EDC)
_MADE_UP = "http://example.org/base/"
"""PyLD resolves relative references against this where a document has no base; the standard drops them."""
Quad = tuple[Term | None, Triple]


def read(value: Any, default: tuple[str, ...] = ()) -> JsonLdReading:
    """Our reading of a JSON value."""
    return read_json_ld(parse(json.dumps(value)), "", default)


def ours(value: Any) -> frozenset[str]:
    """Our quads of a JSON value, named graphs too."""
    reading = read(value)
    return canonical([*((None, triple) for triple in reading.triples), *reading.named])


def pyld(value: Any, contexts: Mapping[str, Any] | None = None) -> frozenset[str]:
    """PyLD's quads, with our contexts or those of `contexts` (files by name)."""
    return canonical(_dataset(value, contexts))


def _dataset(value: Any, contexts: Mapping[str, Any] | None) -> Iterable[Quad]:
    def load(url: str, options: Any) -> dict[str, Any]:
        document = {"@context": local_contexts()[url]} if contexts is None else contexts[known_contexts()[url].file]
        return {
            "contentType": None,
            "contextUrl": None,
            "documentUrl": url,
            "document": json.loads(json.dumps(document)),
        }

    for name, triples in jsonld.to_rdf(value, {"documentLoader": load}).items():
        graph = None if name == "@default" else Term(BLANK, name[2:]) if name.startswith("_:") else Term(IRI, name)
        for each in triples:
            quad = graph, (_term(each["subject"]), _term(each["predicate"]), _term(each["object"]))
            if not any(term.kind == IRI and term.value.startswith(_MADE_UP) for term in quad[1]):
                yield quad


def _term(found: Mapping[str, str]) -> Term:
    if found["type"] == "IRI":
        return Term(IRI, found["value"])
    if found["type"] == "blank node":
        return Term(BLANK, found["value"][2:])
    if "language" in found:
        return Term(LITERAL, found["value"], None, found["language"])
    datatype = found["datatype"]
    return Term(LITERAL, found["value"], None if datatype.endswith("XMLSchema#string") else datatype)


def canonical(quads: Iterable[Quad]) -> frozenset[str]:
    """Quads with blank nodes named by their place, and language tags in lower case."""
    found = ox.Dataset()
    for graph, (subject, predicate, value) in quads:
        name = ox.DefaultGraph() if graph is None else _resource(graph)
        found.add(ox.Quad(_resource(subject), ox.NamedNode(predicate.value), _value(value), name))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, found))


def _resource(term: Term) -> ox.NamedNode | ox.BlankNode:
    return ox.NamedNode(term.value) if term.kind == IRI else ox.BlankNode(term.value)


def _value(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if term.kind != LITERAL:
        return _resource(term)
    if term.language:
        return ox.Literal(term.value, language=term.language.lower().strip())
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype)) if term.datatype else ox.Literal(term.value)


def samples(reference: Path) -> dict[str, dict[str, Any]]:
    """The credentials of the reference, unwrapped, with the default contexts where a file has none.

    Without the one whose context nobody has frozen.
    """
    return {name: json.loads(text) for name, text in _samples(reference).items()}


@cache
def _samples(reference: Path) -> dict[str, str]:
    found = {}
    for path in sorted((reference / "elm" / "samples").glob("*.json*")):
        value = json.loads(path.read_text(encoding="utf-8"))
        value = json.loads(value["payload"]) if "payload" in value else value.get("credential", value)
        if path.name != "credNoType.jsonld":
            found[path.name] = json.dumps({"@context": list(DEFAULT), **value})
    return found
