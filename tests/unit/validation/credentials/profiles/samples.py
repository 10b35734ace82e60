"""The official samples as triples, by PyLD with the official contexts: what our own reader has no part in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyld import jsonld

from official_shapes import MADE_UP_BASE
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Term, Triple
from passerelle.validation.terms import triples_of

_CONTEXTS = {
    "https://www.w3.org/2018/credentials/v1": "credentials-v1",
    "https://www.w3.org/ns/credentials/v2": "credentials-v2",
    "http://data.europa.eu/snb/model/context/edc-ap": "edc-ap",
    "http://dev.everisdx.io/datamodel/test/edc-ap": "edc-ap",
    "http://dev.everisdx.io/datamodel/test/edc-ap-context.jsonld": "edc-ap",
}
_OWN = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]


@cache
def samples(reference: Path) -> dict[str, tuple[Triple, ...]]:
    """Every official sample by its file name."""
    folder = reference / "elm" / "samples"
    files = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".jsonld"))
    found = {path.name: _triples(reference, path) for path in files}
    turtle = folder / "credential-sample-turtle.ttl"
    found[turtle.name] = tuple(triples_of(ox.parse(path=str(turtle), format=ox.RdfFormat.TURTLE)))
    return found


def _triples(reference: Path, path: Path) -> tuple[Triple, ...]:
    document = json.loads(path.read_text(encoding="utf-8"))
    if "payload" in document:
        document = json.loads(document["payload"])
    document = document.get("credential", document)
    given = document.get("@context")
    known = [each for each in ([given] if isinstance(given, str) else given or _OWN) if each in _CONTEXTS]
    document["@context"] = known

    def load(address: str, _options: dict[str, Any]) -> dict[str, Any]:
        text = (reference / "elm" / "context" / f"{_CONTEXTS[address]}.jsonld").read_text(encoding="utf-8")
        return {"contextUrl": None, "documentUrl": address, "document": json.loads(text)}

    dataset = jsonld.to_rdf(document, {"documentLoader": load})
    statements = [each for graph in dataset.values() for each in graph]
    made = ((_term(each["subject"]), _term(each["predicate"]), _term(each["object"])) for each in statements)
    return tuple(
        dict.fromkeys(
            each for each in made if not any(term.kind == IRI and term.value.startswith(MADE_UP_BASE) for term in each)
        )
    )


def _term(node: dict[str, str]) -> Term:
    if node["type"] == "literal":
        # one sample writes "en " with a space, which no RDF has; in N-Quads the space would be lost
        language = (node.get("language") or "").strip() or None
        datatype = None if language or node["datatype"].endswith("#string") else node["datatype"]
        return Term(LITERAL, node["value"], datatype, language)
    if node["type"] == "blank node":
        return Term(BLANK, node["value"].removeprefix("_:"))
    return Term(IRI, node["value"])
