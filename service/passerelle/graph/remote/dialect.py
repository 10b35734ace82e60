"""How an engine is asked and how its answers are read: the standard's way, which others are made from."""

from __future__ import annotations

from typing import IO, BinaryIO

from requests import Response

from passerelle.errors import BackendFailed, PasserelleError, QuerySyntaxError, QueryTimeout
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Kind, Question
from passerelle.graph.remote.connection import Fields
from passerelle.graph.remote.query_text import based

RESULTS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
"""The two formats in which engines are asked, whatever the client wants: they lose nothing, and can be read as they
come. What the client wants is written from them."""

NO_GRAPH = "urn:passerelle:no-graph"
"""Holds nothing: names an empty set of named graphs."""


class Dialect:
    """SPARQL 1.1 as it is written (Protocol and Query Results JSON, W3C Recommendations of 21 March 2013)."""

    name = "sparql11"

    def check(self, question: Question) -> None:
        """Raise RequestError for a query that this engine must not be asked."""

    def fields(
        self,
        question: Question,
        default: tuple[str, ...],
        named: tuple[str, ...],
        limits: Limits,  # noqa: ARG002 - the standard has no field for it, engines have
    ) -> Fields:
        """What is sent. `default` and `named` graphs are what a question without a dataset of its own sees."""
        query = based(question.query, question.base_iri)
        if question.own_dataset and not (question.default_graphs or question.named_graphs):
            return [("query", query)]
        if question.default_graphs or question.named_graphs:
            default, named = question.default_graphs, question.named_graphs
        return [("query", query), *dataset(default, named)]

    def opened(self, response: Response, content: BinaryIO, kind: Kind) -> IO[bytes]:
        """The content as the standard has it for a question of this kind.

        Raises BackendFailed, QueryTimeout, AnswerTooLarge by the header; so does reading it.
        """
        media_types = {TRIPLES, "text/plain"} if kind == "triples" else {RESULTS, "application/json"}
        if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() not in media_types:
            raise BackendFailed("remote-format")
        return content

    def triples_at_most(self) -> int | None:
        """Triples from which on an answer of this engine may have been cut; None where it does not cut."""
        return None

    def failure(self, status: int, text: str, seconds: float) -> PasserelleError:  # noqa: ARG002 - others read the text
        """The error behind a status that is not 200. What the engine says stays here: it names its inner workings."""
        if status == 400:
            return QuerySyntaxError("remote-syntax")
        if status in (408, 504):
            return QueryTimeout("query-timeout", seconds=seconds)
        if status in (401, 403):
            return BackendFailed("remote-forbidden")
        return BackendFailed("remote-status", status=status)


def dataset(default: tuple[str, ...], named: tuple[str, ...]) -> Fields:
    """The dataset of a query as fields of the protocol (2.1.4).

    An empty set next to one that is not empty is named by a graph that holds nothing, as some engines take an absent
    field for everything.
    """
    if default or named:
        default, named = default or (NO_GRAPH,), named or (NO_GRAPH,)
    return [*(("default-graph-uri", iri) for iri in default), *(("named-graph-uri", iri) for iri in named)]
