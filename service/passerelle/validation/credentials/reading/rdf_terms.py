"""Terms and triples of the RDF parser made ours; what cannot be a term is reported and left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Observation, Term, Triple

_STRING = expand("xsd:string")
_LABELS = re.compile(r"_:([^\s,;()\[\]{}<>\"']+)|nodeID\s*=\s*[\"']([^\"']*)")
_GIVEN = re.compile(r"[0-9a-f]{8,32}")
"""Labels that the parser gives: a random number in hexadecimal, without leading zeros."""


class Terms:
    """Makes the terms of one file: the same node for the same label, `b0`, `b1` … for those without one."""

    def __init__(self, text: str, *, doubtful: bool) -> None:
        """`doubtful` where the parser did not check IRIs and language tags itself."""
        self._text = text
        self._doubtful = doubtful
        self._labels: set[str] | None = None
        self._blanks: dict[str, Term] = {}
        self._made: dict[object, Term | None] = {}
        self.observations: dict[tuple[str, str], Observation] = {}

    def triples(self, quads: Iterable[ox.Quad]) -> Iterator[Triple]:
        """The triples of all graphs, in the order of the file, with repetitions."""
        for quad in quads:
            subject, predicate, value = self._term(quad.subject), self._term(quad.predicate), self._term(quad.object)
            if subject is not None and predicate is not None and value is not None:
                yield subject, predicate, value

    def _term(self, node: object) -> Term | None:
        if node not in self._made:
            self._made[node] = self._make(node)
        return self._made[node]

    def _make(self, node: object) -> Term | None:
        if isinstance(node, ox.NamedNode):
            return self._iri(node.value)
        if isinstance(node, ox.BlankNode):
            return self._blank(node.value)
        if isinstance(node, ox.Literal):
            return self._literal(node)
        self.observations.setdefault(("ELM-FILE-TRIPLE-TERM", ""), Observation("ELM-FILE-TRIPLE-TERM"))
        return None

    def _iri(self, iri: str) -> Term | None:
        if self._doubtful:
            try:
                ox.NamedNode(iri)
            except ValueError:
                self.observations.setdefault(("ELM-FILE-IRI", iri), Observation("ELM-FILE-IRI", value=iri))
                return None
        return Term(IRI, iri)

    def _literal(self, node: ox.Literal) -> Term | None:
        if node.language is not None:
            if self._doubtful:
                try:
                    ox.Literal("", language=node.language)
                except ValueError:
                    found = Observation("ELM-FILE-LANGUAGE-TAG", value=node.language)
                    self.observations.setdefault((found.code, node.language), found)
                    return None
            return Term(LITERAL, node.value, None, node.language)
        datatype = self._iri(node.datatype.value)
        if datatype is None:
            return None
        return Term(LITERAL, node.value, None if datatype.value == _STRING else datatype.value)

    def _blank(self, label: str) -> Term:
        if label not in self._blanks:
            self._blanks[label] = Term(BLANK, self._name(label))
        return self._blanks[label]

    def _name(self, label: str) -> str:
        if self._labels is None:
            self._labels = {(one or other).rstrip(".") for one, other in _LABELS.findall(self._text)}
        if label in self._labels or not _GIVEN.fullmatch(label):
            return label
        # the parser names what has no label by chance, and a report must be the same each time
        number = len(self._blanks)
        while f"b{number}" in self._labels:
            number += 1
        self._labels.add(f"b{number}")
        return f"b{number}"
