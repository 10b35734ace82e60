"""Builds the quads of one named graph, with the terms that recur kept once."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from passerelle.namespaces import Minting, expand

XSD_DATE = ox.NamedNode(expand("xsd:date"))
XSD_DECIMAL = ox.NamedNode(expand("xsd:decimal"))
TYPE = ox.NamedNode(expand("rdf:type"))


@lru_cache(maxsize=1024)
def term(curie: str) -> ox.NamedNode:
    """The node of a CURIE of `namespaces.PREFIXES`."""
    return ox.NamedNode(expand(curie))


def date(value: str) -> ox.Literal:
    """An xsd:date from ISO 8601 (`2026-08-31`)."""
    return ox.Literal(value, datatype=XSD_DATE)


class GraphWriter:
    """Collects quads; the build drains them into the store in chunks.

    Objects given as `str` are refused by type checking: wrap IRIs in `node`, texts in `text`.
    """

    def __init__(self, graph: str, minting: Minting) -> None:
        self.graph = ox.NamedNode(graph)
        self.minting = minting
        self._quads: list[ox.Quad] = []

    def __len__(self) -> int:
        return len(self._quads)

    def add(self, subject: ox.NamedNode, predicate: str, *objects: ox.NamedNode | ox.Literal) -> None:
        """State `subject predicate object` for each object; `predicate` is a CURIE."""
        node = term(predicate)
        for each in objects:
            self._quads.append(ox.Quad(subject, node, each, self.graph))

    def a(self, subject: ox.NamedNode, *classes: str) -> None:
        """State the types of `subject`, given as CURIEs."""
        for each in classes:
            self._quads.append(ox.Quad(subject, TYPE, term(each), self.graph))

    def text(self, subject: ox.NamedNode, predicate: str, value: str | None, language: str) -> None:
        """State a text with its language; nothing when it is empty."""
        if value:
            self._quads.append(ox.Quad(subject, term(predicate), ox.Literal(value, language=language), self.graph))

    def quad(self, quad: ox.Quad) -> None:
        """State a statement that is already whole, in whatever graph it names (a foreign file's own)."""
        self._quads.append(quad)

    def drain(self) -> list[ox.Quad]:
        """Hand over the quads collected so far."""
        quads, self._quads = self._quads, []
        return quads
