"""The store of a release, opened read-only by pyoxigraph: ask it a query, write the answer in a standard format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from passerelle.errors import DamagedRelease, NotAcceptable, RequestError
from passerelle.graph.answering.question import Kind, Question
from passerelle.graph.answering.syntax_errors import syntax_error
from passerelle.graph.damage import reason_of
from passerelle.records.place import Place

SOLUTION_FORMATS: dict[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Formats of SELECT and ASK (SPARQL 1.1 Query Results JSON, XML, CSV and TSV)."""

TRIPLE_FORMATS: dict[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
"""Formats of CONSTRUCT and DESCRIBE."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The running evaluation of a query. `write` serialises it as it is computed, in the thread that asked."""

    kind: Kind
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
    media_type: str

    def write(self, output: IO[bytes], counted: Callable[[Iterable[ox.Triple]], Iterable[ox.Triple]] = iter) -> None:
        """Write the whole answer in pieces of about 8 kB; of triples those that `counted` lets pass.

        Raises what the evaluation, `output` and `counted` raise, also half-way.
        """
        if isinstance(self.results, ox.QueryTriples):
            # without prefixes: pyoxigraph writes them in another order in each process; equal answers are equal bytes
            ox.serialize(counted(self.results), output, TRIPLE_FORMATS[self.media_type])
        else:
            self.results.serialize(output, SOLUTION_FORMATS[self.media_type])

    def has_more_than(self, rows: int) -> bool:
        """Evaluate until there is one more row than that, or no more; afterwards the answer is used up."""
        if isinstance(self.results, ox.QueryBoolean):
            return False
        return next(islice(self.results, rows, None), None) is not None


class EmbeddedStore:
    """A store that answers queries and cannot be written."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path) -> EmbeddedStore:
        """Open the RocksDB folder `path` read-only. Raises DamagedRelease."""
        try:
            return cls(ox.Store.read_only(str(path)))
        except (OSError, ValueError, RuntimeError) as error:  # the last one is what damage to its files is
            raise DamagedRelease("store-unreadable", place=Place(file=path.name), reason=reason_of(error)) from error

    def ask(self, question: Question) -> Answer:
        """Parse the query and begin its evaluation.

        Raises QuerySyntaxError (with the parser's position), NotAcceptable when the format does not fit the query's
        form, RequestError for a graph name that is no IRI. Prefixes must be declared by the query, as the standard has
        it.
        """
        query, base_iri = question.query, question.base_iri or None
        try:
            if question.default_graphs or question.named_graphs:
                results = self._store.query(
                    query,
                    base_iri=base_iri,
                    default_graph=[_named(iri) for iri in question.default_graphs],
                    named_graphs=[_named(iri) for iri in question.named_graphs],
                )
            else:
                # the union flag would make the engine ignore the FROM clauses of the query
                results = self._store.query(
                    query, base_iri=base_iri, use_default_graph_as_union=not question.own_dataset
                )
        except SyntaxError as error:
            raise syntax_error(str(error.args[0] if error.args else error)) from error
        kind: Kind
        if isinstance(results, ox.QuerySolutions):
            kind = "solutions"
        elif isinstance(results, ox.QueryBoolean):
            kind = "boolean"
        else:
            kind = "triples"
        formats = TRIPLE_FORMATS if kind == "triples" else SOLUTION_FORMATS
        if question.media_type not in formats:
            raise NotAcceptable("sparql-not-acceptable", offered=", ".join(formats))
        return Answer(kind, results, question.media_type)


def _named(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise RequestError("sparql-graph-iri", iri=iri) from error
