"""What the parser says of a query: the place in the reader's language, its own words short and named as its own."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from passerelle.graph.answering.syntax_errors import WORDS_SHOWN, syntax_error


def test_the_place_is_told_in_both_languages() -> None:
    error = syntax_error("error at 3:10: expected OPTIONAL")
    assert error.what("en") == (
        "The query is not SPARQL 1.1 at line 3, column 10. The engine's own words: “expected OPTIONAL”."
    )
    assert error.what("fr") == (
        "La requête n'est pas du SPARQL 1.1 à la ligne 3, colonne 10. "
        "Le moteur dit, en anglais\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}expected OPTIONAL\N{NO-BREAK SPACE}»."
    )


def test_words_without_a_place_promise_none() -> None:
    error = syntax_error("something else")
    assert "“something else”" in error.what("en")
    assert "line" not in error.what("en") + error.remedy("en")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("expected one of \"$\", \"[\", ['0'..='9'], ['\\''], [_]", 'expected one of "$", "["'),
        ("expected one of ['A' ..= 'Z'\n| 'a'], Duplicated variable, [_]", "expected one of Duplicated variable"),
        ("expected [_]", "expected [_]"),
        ("x " * 100, "x " * 58 + "x…"),
        ("y" * 500, "y" * 119 + "…"),
    ],
)
def test_words_are_shortened(said: str, words: str) -> None:
    assert syntax_error(f"error at 1:1: {said}").parameters["words"] == words


@pytest.mark.parametrize(
    "query", ["SELECT * {", "DESCRIBE", 'SELECT * { ?s ?p "é', "ASK { _:a ?p ?o . { _:a ?q ?r } }"]
)
def test_what_the_engine_says_has_a_place(query: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(query)
    error = syntax_error(str(caught.value.args[0]))
    assert error.message_id == "sparql-syntax"
    assert 0 < len(str(error.parameters["words"])) <= WORDS_SHOWN
