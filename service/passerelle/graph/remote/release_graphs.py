"""The graphs of a release as N-Triples in pieces, with the digests by which an unchanged graph is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice

import pyoxigraph as ox

from passerelle.graph.release import Release

_TRIPLES = 2000
"""In one piece: with labels and descriptions about 400 kB; Virtuoso takes no request over 10 MB as N-Triples."""


class ReleaseGraphs:
    """Reads the store of a release."""

    def __init__(self, release: Release) -> None:
        self._store = ox.Store.read_only(str(release.store))
        self.sizes = dict(sorted(release.manifest.graphs.items()))

    def pieces(self, graph: str) -> Iterator[bytes]:
        """One graph; a graph without triples is one empty piece."""
        triples = (quad.triple for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
        return _pieces(triples)

    def digests(self) -> dict[str, str]:
        """The digest of each graph."""
        return {graph: self.digest(graph) for graph in self.sizes}

    def digest(self, graph: str) -> str:
        """SHA-256 of the graph, whatever the order of its triples: the sum of theirs, modulo 2 to the 256."""
        total = 0
        for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            total += int.from_bytes(hashlib.sha256(str(quad.triple).encode()).digest())
        return f"{total % 2**256:064x}"


def _pieces(triples: Iterator[ox.Triple]) -> Iterator[bytes]:
    first = True
    while batch := list(islice(triples, _TRIPLES)):
        first = False
        yield ox.serialize(batch, format=ox.RdfFormat.N_TRIPLES) or b""
    if first:
        yield b""
