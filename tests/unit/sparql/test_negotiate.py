"""Accept headers against what there is."""

from __future__ import annotations

import pytest

from passerelle.errors import NotAcceptable
from passerelle.graph.answering.question import Kind
from passerelle.sparql.media_types import PAGE, content_type
from passerelle.sparql.negotiate import best, negotiate

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
OFFERED = f"json ({JSON}), xml ({XML}), csv (text/csv), tsv (text/tab-separated-values), excel (text/csv)"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", "text/csv; charset=utf-8"),
        (XML, XML),
        ("TEXT/CSV", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.6", "text/tab-separated-values; charset=utf-8"),
        (f"*/*;q=0.1, {XML};q=0.2", XML),
        (f"*/*, {JSON};q=0", XML),
        ("application/json", JSON),
        ("application/xml", XML),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
        (BROWSER, XML),
        ("text/csv;header=present", "text/csv; charset=utf-8"),
        (f"{JSON}, {XML}", JSON),
        (f"{XML}, {JSON}", JSON),
        ("*", JSON),
        ("nonsense, text/csv", "text/csv; charset=utf-8"),
        ("*/*;q=0.1", JSON),
        ("application/sparql-results+json;charset=utf-8", JSON),
        ('text/x;profile="text/csv;q=1,text/csv", application/xml;q=0.1', XML),
        (';;, ,"', JSON),
        ("application/rdf+json, */*;q=0.01", JSON),
    ],
)
def test_solutions(accept: str | None, sent: str) -> None:
    assert content_type(negotiate(accept, "solutions")) == sent
    assert content_type(negotiate(accept, "boolean")) == sent


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json;profile=x, text/turtle;q=0.9", "application/ld+json"),
        ("application/json", "application/ld+json"),
        (f"{JSON}, text/turtle;q=0.1", "text/turtle; charset=utf-8"),
        ("text/turtle;profile=x", "text/turtle; charset=utf-8"),
        ("text/*", "text/turtle; charset=utf-8"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened, x;q=0";q=0.5', "application/ld+json"),
    ],
)
def test_triples(accept: str | None, sent: str) -> None:
    assert content_type(negotiate(accept, "triples")) == sent


@pytest.mark.parametrize(
    "accept", ["text/turtle", "image/*", f"{JSON};q=0", "text/csv;q=2", "*/*;q=0", "application/n-quads"]
)
def test_nothing_acceptable_lists_what_there_is(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate(accept, "solutions")
    assert caught.value.parameters["offered"] == OFFERED


@pytest.mark.parametrize(
    ("name", "kind", "sent"),
    [
        ("json", "solutions", JSON),
        ("JSON", "boolean", JSON),
        ("xml", "solutions", XML),
        ("csv", "solutions", "text/csv; charset=utf-8"),
        ("excel", "solutions", "text/csv; charset=utf-8"),
        ("tsv", "solutions", "text/tab-separated-values; charset=utf-8"),
        ("text/csv", "solutions", "text/csv; charset=utf-8"),
        ("turtle", "triples", "text/turtle; charset=utf-8"),
        ("ttl", "triples", "text/turtle; charset=utf-8"),
        ("ntriples", "triples", "application/n-triples"),
        ("rdfxml", "triples", "application/rdf+xml"),
        ("xml", "triples", "application/rdf+xml"),
        ("jsonld", "triples", "application/ld+json"),
        ("json", "triples", "application/ld+json"),
        # SPARQLWrapper 2 says these
        ("json-ld", "triples", "application/ld+json"),
        ("rdf+xml", "triples", "application/rdf+xml"),
        ("n3", "triples", "text/turtle; charset=utf-8"),
        ("application/turtle,text/turtle", "triples", "text/turtle; charset=utf-8"),
    ],
)
def test_format_wins_over_accept(name: str, kind: Kind, sent: str) -> None:
    assert content_type(negotiate("image/png", kind, name)) == sent
    assert content_type(negotiate("text/html", kind, name, page=True)) == sent


@pytest.mark.parametrize(
    ("name", "kind"), [("turtle", "solutions"), ("csv", "triples"), ("html", "boolean"), ("", "triples")]
)
def test_a_format_that_is_not_there(name: str, kind: Kind) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate(JSON, kind, name)
    offered = caught.value.parameters["offered"]
    assert offered == OFFERED if kind != "triples" else str(offered).startswith("turtle (text/turtle), ntriples (")
    assert "html" not in str(offered)


def test_excel_alone_begins_with_a_byte_order_mark() -> None:
    assert negotiate(None, "solutions", "excel").signed
    assert not negotiate("text/csv", "solutions").signed
    assert not negotiate(None, "solutions", "csv").signed


def test_a_page_where_the_caller_has_one() -> None:
    assert negotiate(BROWSER, "solutions", page=True) is PAGE
    assert negotiate("*/*", "solutions", "html", page=True) is PAGE
    assert negotiate(JSON, "triples", "text/html", page=True) is PAGE
    assert negotiate("*/*", "solutions", page=True).name == "json"
    assert negotiate("text/*", "triples", page=True).name == "turtle"
    with pytest.raises(NotAcceptable) as caught:
        negotiate("image/png", "solutions", page=True)
    assert str(caught.value.parameters["offered"]).endswith(", html (text/html)")


def test_best_keeps_the_order_of_preference_among_equals() -> None:
    assert best("text/html, application/json", ["application/json", "text/html"]) == "application/json"
    assert best(BROWSER, ["application/json", "text/html"]) == "text/html"
    assert best("image/png", ["text/html"]) is None
