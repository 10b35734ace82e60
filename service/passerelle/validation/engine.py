"""Runs the shapes over quads: a fast engine and the reference engine behind one interface."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import pyoxigraph as ox
import pyshacl
import pyshacl_turbo
import rdflib
from pyshacl_turbo.rdf import Input

from passerelle.namespaces import expand
from passerelle.records.finding import Finding
from passerelle.validation.report import findings_of
from passerelle.validation.shapes import Profile

_STRING = ox.NamedNode(expand("xsd:string"))
_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_Record = tuple[int, str, str | None, str | None]


class ShapesEngine(Protocol):
    """What validates quads against the shapes that it was made for."""

    def validate(self, quads: Iterable[ox.Quad]) -> Sequence[Finding]:
        """The findings about these quads, in a stable order; named graphs count as their union."""
        ...


class TurboEngine:
    """pyshacl-turbo: shapes are compiled once, validation runs in native code and releases the GIL.

    Memory grows by about 0.5 kB a triple (measured on 88,500), so callers give it batches.
    """

    def __init__(self, profile: Profile) -> None:
        self._rules = profile.rules
        self._shapes = pyshacl_turbo.compile_shapes(profile.graph)  # type: ignore[no-untyped-call]

    def validate(self, quads: Iterable[ox.Quad]) -> Sequence[Finding]:
        """See `ShapesEngine.validate`."""
        # A Store would go the long way round, and 0.6.5 then finds no plain string in sh:in, sh:hasValue or a query.
        # Terms are what the package itself makes of an rdflib graph: right, and 5 times faster than N-Triples.
        _, report, _ = self._shapes.validate(Input(_as_terms(quads), "terms", None, {}))
        return findings_of(report, self._rules)


class ReferenceEngine:
    """pySHACL, the reference: slow, and what the fast engine's verdicts are compared with in tests."""

    def __init__(self, profile: Profile) -> None:
        self._rules = profile.rules
        self._shapes = profile.graph

    def validate(self, quads: Iterable[ox.Quad]) -> Sequence[Finding]:
        """See `ShapesEngine.validate`."""
        data = rdflib.Graph()
        triples = (ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
        data.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
        _, report, _ = pyshacl.validate(data, shacl_graph=self._shapes, inplace=True)
        return findings_of(report, self._rules)


def _as_terms(quads: Iterable[ox.Quad]) -> tuple[list[_Record], list[tuple[int, int, int, None]]]:
    """Each term once, as (kind, value, datatype, language), and the triples as positions in that list."""
    positions: dict[_Term, int] = {}
    triples = [
        (
            positions.setdefault(quad.subject, len(positions)),
            positions.setdefault(quad.predicate, len(positions)),
            positions.setdefault(quad.object, len(positions)),
            None,
        )
        for quad in quads
    ]
    return [_record(term) for term in positions], triples


def _record(term: _Term) -> _Record:
    if isinstance(term, ox.Triple):
        raise TypeError("no triple terms in a release")
    if isinstance(term, ox.Literal):
        datatype = None if term.language or term.datatype == _STRING else term.datatype.value
        return 2, term.value, datatype, term.language
    return int(isinstance(term, ox.BlankNode)), term.value, None, None
