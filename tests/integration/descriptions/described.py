"""Names in the descriptions of a release, and how they are read over HTTP."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Literal, Namespace, URIRef
from werkzeug.test import TestResponse

from passerelle.graph.release import Release
from passerelle.namespaces import expand

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
PSL = Namespace(expand("psl:"))
STATE = "https://w3id.org/passerelle/vocabulary/link-state/"
SHAPES = Path(__file__).parent / "dcat-ap-3.ttl"
PUBLIC = "https://data.example.org/passerelle"
ESCO_SENTENCE = "This service uses the ESCO classification of the European Commission."
RDF_TYPES = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml",
             "application/ld+json": "json-ld"}  # fmt: skip
DEPRECATED_IN_RDFLIB = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]
"""What rdflib uses itself, to read JSON-LD and to ask a dataset."""


def get(client: FlaskClient, path: str, accept: str = "text/turtle", **headers: str) -> TestResponse:
    return client.get(path, headers={"Accept": accept, **headers}, buffered=True)


def graph_at(client: FlaskClient, path: str, accept: str = "text/turtle") -> Graph:
    response = get(client, path, accept)
    assert response.status_code == 200, response.text
    assert response.mimetype == accept
    return Graph().parse(data=response.data, format=RDF_TYPES[accept])


def number(graph: Graph, subject: object, predicate: URIRef) -> int:
    value = graph.value(URIRef(str(subject)), predicate)
    assert isinstance(value, Literal)
    return int(value)


# VoID


def dataset_iri(release: Release) -> str:
    return f"{release.manifest.base}/id/release/{release.identifier}"


# DCAT-AP


def conforms(graph: Graph) -> tuple[bool, str]:
    ok, _, text = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES), allow_warnings=False)
    return bool(ok), str(text)
