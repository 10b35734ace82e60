"""Accept headers against what there is."""

from __future__ import annotations

import pytest

from passerelle.errors import NotAcceptable
from passerelle.sparql.media_types import content_type
from passerelle.sparql.negotiate import best, negotiate

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
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
    ],
)
def test_triples(accept: str | None, sent: str) -> None:
    assert content_type(negotiate(accept, "triples")) == sent


@pytest.mark.parametrize("accept", ["text/turtle", "image/*", f"{JSON};q=0", "text/csv;q=2", "*/*;q=0"])
def test_nothing_acceptable_lists_what_there_is(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate(accept, "solutions")
    assert caught.value.parameters["offered"] == f"{JSON}, {XML}, text/csv, text/tab-separated-values"


def test_best_keeps_the_order_of_preference_among_equals() -> None:
    assert best("text/html, application/json", ["application/json", "text/html"]) == "application/json"
    assert best(BROWSER, ["application/json", "text/html"]) == "text/html"
    assert best("image/png", ["text/html"]) is None
