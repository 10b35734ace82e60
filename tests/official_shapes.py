"""The official way, as the peer of our tests: PyLD with the official contexts, then pySHACL with the official shapes.

A result is (focus node, path, constraint component); blank nodes are all called `_:`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from pyld import jsonld
from rdflib.namespace import SH

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
EDC_AP = "http://data.europa.eu/snb/model/context/edc-ap"
ALIASES = (
    "http://dev.everisdx.io/datamodel/test/edc-ap",
    "http://dev.everisdx.io/datamodel/test/edc-ap-context.jsonld",
)
FILES: Mapping[str, tuple[str, ...]] = {
    "edc-generic-no-cv": ("edc/EDC-generic-no-cv",),
    "edc-generic-full": ("edc/EDC-generic-no-cv", "edc/EDC-generic-full"),
    "edc-accredited": ("edc/EDC-generic-no-cv", "edc/EDC-generic-full", "edc/EDC-accredited"),
    "edc-converted": ("edc/EDC-generic-no-cv", "edc/EDC-generic-full", "edc/EDC-converted"),
    "edc-issued-by-mandate": ("edc/EDC-generic-no-cv", "edc/EDC-generic-full", "edc/EDC-issuedByMandate"),
    "edc-diploma-supplement": (
        "edc/EDC-generic-no-cv",
        "edc/EDC-generic-full",
        "edc/EDC-accredited",
        "edc/EDC-diplomaSupplement",
    ),
    "loq": ("loq/LOQ-constraints",),
    "loq-mdr": ("loq/LOQ-constraints", "loq/LOQ-constraints-mdr"),
    "ams": ("ams/AMS-constraints",),
    "ams-mdr": ("ams/AMS-constraints", "ams/AMS-constraints-mdr"),
}
Result = tuple[str, str, str]
MADE_UP_BASE = "http://example.org/base/"
"""What PyLD 3.3.0 resolves relative IRIs against where a document has no base.

Statements with them are left out, as the standard says: with an address that nobody wrote, a value that is lost would
count as given, and the official verdict would be one that no other processor comes to.
"""


@cache
def official_shapes(reference: Path, profile: str) -> rdflib.Graph:
    """The untouched official files of a profile in one graph."""
    graph = rdflib.Graph()
    for name in FILES[profile]:
        graph.parse(reference / "elm" / "shapes" / f"{name}.ttl")
    return graph


def official_results(reference: Path, profile: str, data: rdflib.Graph) -> set[Result]:
    """What the official shapes say."""
    return set(all_official_results(reference, profile, data))


def all_official_results(reference: Path, profile: str, data: rdflib.Graph) -> list[Result]:
    """Every result of the official report, one cause as often as it is told."""
    _, report, _ = pyshacl.validate(data, shacl_graph=official_shapes(reference, profile))
    assert isinstance(report, rdflib.Graph)
    return [
        (
            _name(report.value(result, SH.focusNode)),
            _name(report.value(result, SH.resultPath)),
            str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2],
        )
        for result in report.objects(None, SH.result)
    ]


def _name(node: object) -> str:
    return "_:" if isinstance(node, rdflib.BNode) else "" if node is None else str(node)


@cache
def _contexts(reference: Path) -> Mapping[str, Any]:
    def read(name: str) -> Any:
        return json.loads((reference / "elm" / "context" / name).read_text(encoding="utf-8"))

    profile = read("edc-ap.jsonld")
    return {CREDENTIALS_V1: read("credentials-v1.jsonld"), EDC_AP: profile, **dict.fromkeys(ALIASES, profile)}


def official_triples(reference: Path, document: Mapping[str, Any]) -> rdflib.Graph:
    """The triples that PyLD makes of a bare credential with the official contexts, without those of relative IRIs."""
    contexts = _contexts(reference)

    def load(address: str, _: object = None) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": address, "document": contexts[address]}

    quads = jsonld.to_rdf(dict(document), {"format": "application/n-quads", "documentLoader": load})
    graph = rdflib.Graph()
    for triple in rdflib.Graph().parse(data=quads, format="nt"):
        if not any(isinstance(term, rdflib.URIRef) and term.startswith(MADE_UP_BASE) for term in triple):
            graph.add(triple)
    return graph


def bare_credential(path: Path) -> dict[str, Any]:
    """The credential of a sample, taken out of its seal or wrapper; the profile's contexts where it names none."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if "payload" in document:
        document = json.loads(document["payload"])
    document = document.get("credential", document)
    document.setdefault("@context", [CREDENTIALS_V1, EDC_AP])
    return dict(document)
