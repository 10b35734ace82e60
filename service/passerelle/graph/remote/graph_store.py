"""Whole graphs of a remote store: written by the Graph Store Protocol, copied and dropped by SPARQL Update."""

from __future__ import annotations

from collections.abc import Iterable

from requests import Timeout

from passerelle.errors import BackendFailed, QueryTimeout
from passerelle.graph.remote.connection import Connection
from passerelle.graph.remote.metadata import Metadata

_WRITTEN = frozenset({200, 201, 202, 204})
_N_TRIPLES = {"Content-Type": "application/n-triples"}


class GraphStore:
    """One store that we may write. Raises BackendFailed and QueryTimeout all over."""

    def __init__(self, connection: Connection, metadata: Metadata, address: str, seconds: float) -> None:
        self._connection = connection
        self._metadata = metadata
        self._address = address
        self._seconds = seconds

    def write(self, graph: str, pieces: Iterable[bytes]) -> None:
        """Replace a graph by N-Triples in pieces (SPARQL 1.1 Graph Store HTTP Protocol, 5.3 and 5.5)."""
        method = "PUT"
        for piece in pieces:
            self._send(method, graph, piece)
            method = "POST"

    def count(self, graph: str) -> int:
        """The number of triples of a graph; 0 where there is none."""
        return self._metadata.count(f"SELECT (COUNT(*) AS ?count) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")

    def copy(self, source: str, target: str) -> None:
        """Replace one graph by another, which stays (SPARQL 1.1 Update, 3.2.3)."""
        self._metadata.update(f"COPY GRAPH <{source}> TO GRAPH <{target}>")

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there."""
        self._metadata.update(f"DROP SILENT GRAPH <{graph}>")

    def update(self, update: str) -> None:
        """Run an update."""
        self._metadata.update(update)

    def _send(self, method: str, graph: str, piece: bytes) -> None:
        try:
            response = self._connection.send(
                method,
                self._address,
                self._seconds,
                data=piece,
                headers=_N_TRIPLES,
                parameters=[("graph", graph)],
            )
        except Timeout:
            raise QueryTimeout("query-timeout", seconds=self._seconds) from None
        with response:
            if response.status_code in (401, 403):
                raise BackendFailed("remote-forbidden")
            if response.status_code not in _WRITTEN:
                raise BackendFailed("remote-status", status=response.status_code)
            response.content  # noqa: B018 - read, so that the connection can be used again
