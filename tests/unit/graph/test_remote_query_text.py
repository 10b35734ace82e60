"""What is written into a query on its way to a remote engine."""

from __future__ import annotations

import pytest

from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.graph.remote.dialect import Dialect
from passerelle.graph.remote.query_text import based

AT = "https://example.org/sparql"


@pytest.mark.parametrize(
    "query",
    ["ASK { <a> ?p ?o }", "#BASE\nASK {}", "ASK { ?base ?p 'BASE <x>' }", "PREFIX base: <b> ASK { base:a ?p ?o }"],
)
def test_a_query_without_a_base_gets_one_on_its_first_line(query: str) -> None:
    assert based(query, AT) == f"BASE <{AT}> {query}"


@pytest.mark.parametrize(
    "query", ["BASE <http://a/> ASK {}", "base<http://a/> ASK {}", r"\u0042ASE <http://a/> ASK {}"]
)
def test_the_base_of_a_query_stays(query: str) -> None:
    assert based(query, AT) == query


@pytest.mark.parametrize(
    "address", ["", "http:///sparql> <x", "https://a b/", "urn:x", "http://a\n/", "http://a\\u003E/"]
)
def test_what_could_end_the_declaration_is_no_base(address: str) -> None:
    assert based("ASK {}", address) == "ASK {}"


def test_an_engine_that_keeps_to_the_standard_gets_it_too() -> None:
    question = Question("ASK {}", "text/csv", base_iri=AT)
    (sent,) = Dialect().fields(question, (), (), Limits(1, 1, 1))
    assert sent == ("query", f"BASE <{AT}> ASK {{}}")
