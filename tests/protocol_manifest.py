"""The W3C manifests of SPARQL 1.1: which requests are sent, byte for byte, and what must come back."""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
LABEL = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
PREFIX = "/sparql/"
"""With what every path of the manifest begins; the endpoint's own address takes its place."""


def conformance_folder() -> Path:
    """Where the W3C manifests stand: beside the reference data. It may be absent."""
    root = Path(__file__).parents[1]
    reference = Path(os.environ.get("PASSERELLE_REFERENCE", root.parent / "shared" / "reference"))
    return reference.parent / "conformance"


@dataclass(frozen=True)
class Exchange:
    """One request of a test and its expected answer (`statuses`: the first digits)."""

    method: str
    address: str
    authority: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: frozenset[int]
    boolean: bool | None
    format: str | None

    def send(self, connection: http.client.HTTPConnection, endpoint: str) -> tuple[int, str, bytes]:
        """Send it with nothing added but Host and, where needed, Content-Length: status, content type, body."""
        assert self.address.startswith(PREFIX)
        target = endpoint + self.address.removeprefix(PREFIX)
        connection.putrequest(self.method, target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", self.authority)
        for name, value in self.headers:
            connection.putheader(name, value)
        if self.body is not None or self.method != "GET":
            connection.putheader("Content-Length", str(len(self.body or b"")))
        connection.endheaders(self.body)
        response = connection.getresponse()
        return response.status, response.headers.get("Content-Type", ""), response.read()


@dataclass(frozen=True)
class Entry:
    """A test of a manifest."""

    name: str
    title: str
    kind: str
    exchanges: tuple[Exchange, ...] = field(repr=False)
    data: tuple[tuple[str, str], ...] = field(repr=False)
    """The graphs it needs: file, IRI."""

    @property
    def is_update(self) -> bool:
        return "update" in self.name


def entries(folder: Path) -> tuple[Entry, ...]:
    """The entries of `folder/manifest.ttl` in their order."""
    path = folder / "manifest.ttl"
    graph = Graph().parse(path, format="turtle")
    manifest = next(graph.subjects(RDF.type, MF.Manifest))
    return tuple(_entry(graph, node) for node in _list(graph, manifest, MF.entries))


def _entry(graph: Graph, node: Node) -> Entry:
    connection = graph.value(node, MF.action)
    authority = str(graph.value(connection, HT.connectionAuthority))
    requests = _list(graph, connection, HT.requests) if connection is not None else ()
    return Entry(
        str(node).partition("#")[2],
        str(graph.value(node, MF.name)),
        str(graph.value(node, RDF.type)).partition("#")[2],
        tuple(_exchange(graph, request, authority) for request in requests),
        tuple(
            (str(graph.value(data, UT.graph)).rpartition("/")[2], str(graph.value(data, LABEL)))
            for data in graph.objects(node, UT.graphData)
        ),
    )


def _exchange(graph: Graph, request: Node, authority: str) -> Exchange:
    response = graph.value(request, HT.resp)
    boolean = graph.value(response, MF.expectedBoolean)
    format_ = graph.value(response, MF.expectedFormat)
    return Exchange(
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)),
        authority,
        tuple(
            (str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue)))
            for header in _list(graph, request, HT.headers)
        ),
        _body(graph, graph.value(request, HT.body)),
        frozenset(int(str(status)[-3]) for status in graph.objects(response, MF.expectedStatus)),
        boolean.toPython() if isinstance(boolean, Literal) else None,
        None if format_ is None else str(format_),
    )


def _body(graph: Graph, node: Node | None) -> bytes | None:
    if node is None:
        return None
    return str(graph.value(node, CNT.chars)).encode(str(graph.value(node, CNT.characterEncoding)))


def _list(graph: Graph, subject: Node, predicate: URIRef) -> Iterator[Node]:
    head = graph.value(subject, predicate)
    return iter(()) if head is None else iter(Collection(graph, head))
