"""Words are found in titles whatever their case and accents, and nothing in them is an operator of a pattern."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from passerelle.queries.parameters import parse
from passerelle.queries.word_patterns import word_pattern

FOUND = [
    ("eolienne", "Maintenance d'une ÉOLIENNE"),
    ("Éolienne", "parc d'eoliennes"),
    ("main d'oeuvre", "Encadrer la MAIN D’ŒUVRE"),
    ("main-d’œuvre", "main‑d'oeuvre"),
    ("coëfficient", "Coefficient"),
    ("faenge vindmolle", "Fænge vindmølle"),
    ("strasse", "Straße"),
    ("ŁODZ", "łódź"),
    ("niveau 5 (a+b) [x] {y} $z^ a|b?", "Niveau\u00a05 (A+B) [x] {y} $Z^ a|b?"),
    ("ελλάδα", "Ελλαδα"),
    ("țară", "Țara"),
    ("tiếng việt", "Tiếng Việt"),
]
APART = [("a.b", "aXb"), ("eolien", "éoli enne"), ("e*", "eee"), ("oe", "o"), ("^a", "a")]


@pytest.mark.parametrize(("words", "title"), FOUND)
def test_words_are_found_with_and_without_accents(words: str, title: str) -> None:
    assert re.search(word_pattern(words), title)
    assert found_by_the_engine(words, title)


@pytest.mark.parametrize(("words", "title"), APART)
def test_words_stand_as_they_are(words: str, title: str) -> None:
    assert not re.search(word_pattern(words), title)
    assert not found_by_the_engine(words, title)


def found_by_the_engine(words: str, title: str) -> bool:
    parameter = parse("words | words | required | Words | Mots | x")
    asked = f'ASK {{ FILTER(REGEX("{title}", {parameter.term(words, "https://example.org")})) }}'
    return bool(ox.Store().query(asked))


def test_the_longest_words_make_no_question_that_is_too_long() -> None:
    # a question has 65,536 characters at most (settings, query size)
    assert max(len(word_pattern(each * 100)) for each in ("oe", "uu", "ss", "aa")) < 50_000
