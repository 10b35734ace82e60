"""The media types of answers, by what a query answers; the first of each list is the default."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.graph.question import Kind


@dataclass(frozen=True, slots=True)
class MediaType:
    """One representation.

    `name` is its short name, `asked` what a client asks for, `written` the format that the engine writes, `sent` the
    content type of the response.
    """

    name: str
    asked: str
    written: str
    sent: str


_RESULTS = (
    MediaType("json", "application/sparql-results+json", "application/sparql-results+json", ""),
    MediaType("xml", "application/sparql-results+xml", "application/sparql-results+xml", ""),
    MediaType("csv", "text/csv", "text/csv", "text/csv; charset=utf-8"),
    MediaType(
        "tsv", "text/tab-separated-values", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"
    ),
    # general clients ask by the general names
    MediaType("json", "application/json", "application/sparql-results+json", "application/sparql-results+json"),
    MediaType("xml", "application/xml", "application/sparql-results+xml", "application/sparql-results+xml"),
)
_TRIPLES = (
    MediaType("turtle", "text/turtle", "text/turtle", "text/turtle; charset=utf-8"),
    MediaType("ntriples", "application/n-triples", "application/n-triples", ""),
    MediaType("rdfxml", "application/rdf+xml", "application/rdf+xml", ""),
    MediaType("jsonld", "application/ld+json", "application/ld+json", ""),
    MediaType("jsonld", "application/json", "application/ld+json", "application/ld+json"),
    MediaType("rdfxml", "application/xml", "application/rdf+xml", "application/rdf+xml"),
)


def offered(kind: Kind) -> tuple[MediaType, ...]:
    """The representations of an answer of this kind, most preferred first."""
    return _TRIPLES if kind == "triples" else _RESULTS


def content_type(media_type: MediaType) -> str:
    """The value of the header Content-Type."""
    return media_type.sent or media_type.asked
