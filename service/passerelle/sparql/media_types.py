"""The media types of answers, by what a query answers; the first of each list is the default."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.graph.answering.question import Kind

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""U+FEFF in UTF-8 (The Unicode Standard, 23.8). Excel takes a CSV file without it for one of the local 8-bit code."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """One representation.

    `name` is its short name, `asked` what a client asks for (empty: by name alone), `written` the format that the
    engine writes, `sent` the content type of the response, `signed` whether it is for a spreadsheet: BYTE_ORDER_MARK
    goes before the body, and cells that would be formulas are guarded (`spreadsheet_cells`).
    """

    name: str
    asked: str
    written: str
    sent: str = ""
    signed: bool = False


_RESULTS = (
    MediaType("json", "application/sparql-results+json", "application/sparql-results+json"),
    MediaType("xml", "application/sparql-results+xml", "application/sparql-results+xml"),
    MediaType("csv", "text/csv", "text/csv", "text/csv; charset=utf-8"),
    MediaType(
        "tsv", "text/tab-separated-values", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"
    ),
    MediaType("excel", "", "text/csv", "text/csv; charset=utf-8", signed=True),
    # general clients ask by the general names
    MediaType("json", "application/json", "application/sparql-results+json", "application/sparql-results+json"),
    MediaType("xml", "application/xml", "application/sparql-results+xml", "application/sparql-results+xml"),
)
_TRIPLES = (
    MediaType("turtle", "text/turtle", "text/turtle", "text/turtle; charset=utf-8"),
    MediaType("ntriples", "application/n-triples", "application/n-triples"),
    MediaType("rdfxml", "application/rdf+xml", "application/rdf+xml"),
    MediaType("jsonld", "application/ld+json", "application/ld+json"),
    MediaType("jsonld", "application/json", "application/ld+json", "application/ld+json"),
    MediaType("rdfxml", "application/xml", "application/rdf+xml", "application/rdf+xml"),
)
PAGE = MediaType("html", "text/html", "", "text/html; charset=utf-8")
"""A page for people, which the caller renders: the engine writes none."""

_OTHER_NAMES = {
    # of SPARQLWrapper
    "json-ld": "jsonld",
    "rdf+xml": "rdfxml",
    "rdf": "rdfxml",
    "n3": "turtle",
    # of file names
    "ttl": "turtle",
    "nt": "ntriples",
    "n-triples": "ntriples",
}
_OF_TRIPLES = {"json": "jsonld", "xml": "rdfxml"}


def offered(kind: Kind) -> tuple[MediaType, ...]:
    """The representations of an answer of this kind, most preferred first."""
    return _TRIPLES if kind == "triples" else _RESULTS


def content_type(media_type: MediaType) -> str:
    """The value of the header Content-Type."""
    return media_type.sent or media_type.asked


def format_name(value: str) -> str:
    """Our short name for what a client calls a format: a name, a media type, or a list of media types.

    What is unknown comes back as it is, in small letters.

    >>> format_name("application/turtle,text/turtle"), format_name("json-ld"), format_name("Word")
    ('turtle', 'jsonld', 'word')
    """
    value = value.strip().lower()
    for part in value.split(","):
        media_type = part.partition(";")[0].strip()
        if media_type in _NAME_OF_MEDIA_TYPE:
            return _NAME_OF_MEDIA_TYPE[media_type]
    return _OTHER_NAMES.get(value, value)


def by_name(name: str, kind: Kind) -> MediaType | None:
    """The representation of this short name for an answer of this kind; None where there is none.

    `json` and `xml` are what a client that knows no others says for triples as well.
    """
    if kind == "triples":
        name = _OF_TRIPLES.get(name, name)
    return next((choice for choice in offered(kind) if choice.name == name), None)


# the general names come last, and mean the results: `by_name` turns them into triples where triples are asked for
_NAME_OF_MEDIA_TYPE = {
    choice.asked: choice.name for choice in (*reversed(_TRIPLES), *reversed(_RESULTS), PAGE) if choice.asked
}
