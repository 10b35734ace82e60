"""Headers of named queries are strict, and parameters are the only way into their text."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from passerelle.errors import ParameterError, UnknownName
from passerelle.messages import message
from passerelle.queries import catalogue, named_query, read_query
from passerelle.queries.parameters import parse
from passerelle.queries.word_patterns import word_pattern

BASE = "https://example.org/r"
HEADER = "".join(
    f"# {key}\n"
    for key in (
        "name: q",
        "title_en: Title",
        "title_fr: Titre",
        "description_en: What it does",
        "description_fr: Ce qu'elle fait",
    )
)
TEXT = "SELECT * WHERE { ?s ?p $thing }\n"
THING = "# parameter: thing | iri | required | Thing | Chose | https://example.org/x\n"


def term(kind: str, value: str) -> str:
    examples = {"integer 1..12": "3", "iri": "urn:a", "unit": "RNCP1", "fiche": "RS5", "country": "IT", "level": "5",
                "date": "2026-01-01", "language": "fr", "rome": "I1306", "text": "a", "words": "a"}  # fmt: skip
    return parse(f"p | {kind} | required | P | P | {examples[kind]}").term(value, BASE)


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "q.rq"
        path.write_text(text, encoding="utf-8")
        return read_query(path)

    return write


def test_a_whole_header_is_read(written):
    query = written(HEADER + THING + TEXT)
    assert (query.title("en"), query.title("fr")) == ("Title", "Titre")
    assert (query.description("en"), query.description("fr")) == ("What it does", "Ce qu'elle fait")
    assert query.parameters[0].label("fr") == "Chose"
    assert query.text == TEXT


def test_a_question_may_say_what_no_row_means(written):
    query = written(HEADER + "# none_en: Nothing\n# none_fr: Rien\n" + THING + TEXT)
    assert (query.none("en"), query.none("fr")) == ("Nothing", "Rien")
    assert written(HEADER + THING + TEXT).none("fr") == ""
    assert "passerelle nearest" in named_query("nearest-units").none("fr")


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "# author: me\n" + THING + TEXT,
        HEADER + "# a remark\n" + THING + TEXT,
        HEADER + "# title_en: Twice\n" + THING + TEXT,
        HEADER.replace("# title_fr: Titre\n", "") + THING + TEXT,
        HEADER.replace("name: q", "name: other") + THING + TEXT,
        HEADER + TEXT,
        HEADER + THING + "SELECT * WHERE { ?s ?p ?o }",
        HEADER + THING + THING + TEXT,
        HEADER + THING.replace("iri", "number") + TEXT,
        HEADER + THING.replace("required", "maybe") + TEXT,
        HEADER + THING.replace("required", "optional") + TEXT,
        HEADER + THING.replace("https://example.org/x", "not an iri") + TEXT,
        HEADER + THING.replace(" | Chose", "") + TEXT,
        HEADER + THING.replace("iri", "integer") + TEXT,
        HEADER + THING.replace("iri", "iri 1..2") + TEXT,
        HEADER + THING + TEXT + "# x #? nobody\n",
    ],
)
def test_a_defective_file_is_refused(written, text):
    with pytest.raises(ValueError, match=r"\S"):
        written(text)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("iri", "https://example.org/a?b=c#d", "<https://example.org/a?b=c#d>"),
        ("unit", "RNCP37674BC01", f"<{BASE}/id/rncp/37674/bloc/RNCP37674BC01>"),
        ("unit", "rncp37674bc01", f"<{BASE}/id/rncp/37674/bloc/RNCP37674BC01>"),
        ("unit", "EE:9e0012da:1", f"<{BASE}/id/unit/EE/9e0012da/1>"),
        ("unit", "RNCP37674/01", f"<{BASE}/id/rncp/37674/bloc/01>"),
        ("unit", "RNCP37674", f"<{BASE}/id/rncp/37674>"),
        ("unit", "RS5000", f"<{BASE}/id/rs/5000>"),
        ("unit", "https://example.org/u", "<https://example.org/u>"),
        ("fiche", " rncp 37674 ", f"<{BASE}/id/rncp/37674>"),
        ("fiche", f"{BASE}/id/rs/5000", f"<{BASE}/id/rs/5000>"),
        ("country", "it", "<http://publications.europa.eu/resource/authority/country/ITA>"),
        ("country", "http://publications.europa.eu/resource/authority/country/GRC",
         "<http://publications.europa.eu/resource/authority/country/GRC>"),
        ("level", "8", "8"),
        ("integer 1..12", "012", "12"),
        ("date", "2024-02-29", '"2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("language", "PT-br", '"pt-br"'),
        ("rome", "i1306", f"<{BASE}/id/rome/I1306>"),
        ("text", 'énergie "verte" } #', '"énergie \\"verte\\" } #"'),
    ],
)  # fmt: skip
def test_values_become_terms(kind, value, expected):
    assert term(kind, value) == expected


ATTACKS = [
    "x> } ; DROP ALL #",
    "https://example.org/a> <b",
    "https://example.org/a\n?s ?p ?o",
    "https://example.org/\\u003E",
    '" . ?s ?p ?o . "',
    "\\u0022 ?x",
    "5 UNION",
    "RNCP1BC01> }",
    "٥",
    "²",
    "2026-01-01\n",
    '2026-01-01"^^<x>',
    'fr") || true',
    "I1306> ?p",
    "\x00",
    "\u2028",
    "$thing",
    "?s",
    "_:b",
    "UNDEF",
]


@pytest.mark.parametrize("value", ATTACKS)
@pytest.mark.parametrize(
    "kind", ["iri", "unit", "fiche", "country", "level", "integer 1..12", "date", "language", "rome", "text", "words"]
)
def test_no_value_ever_becomes_more_than_one_term(kind, value):
    try:
        rendered = term(kind, value)
    except ParameterError as error:
        for language in ("en", "fr"):
            assert message(error.message_id).what(language, **error.parameters)
            assert message(error.message_id).remedy(language, **error.parameters)
        return
    # a text parameter may hold nearly anything, as one literal with exactly that value
    assert kind in {"text", "words", "date"}
    if kind == "date":
        assert (value.strip(), rendered) == ("2026-01-01", '"2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date>')
        return
    expected = value.strip() if kind == "text" else word_pattern(value.strip())
    answer = ox.Store().query(f"SELECT * WHERE {{ BIND({rendered} AS ?value) }}")
    assert [row["value"] for row in answer] == [ox.Literal(expected)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("level", "0"), ("level", "9"), ("integer 1..12", "13"), ("integer 1..12", "1.5"), ("date", "2026-02-30"),
     ("date", "30/06/2026"), ("country", "ZZ"), ("country", "http://publications.europa.eu/resource/authority/country/ZZZ"),
     ("rome", "Z1306"), ("rome", "I130"), ("fiche", "RNCP"), ("fiche", BASE + "/id/rome/I1306"), ("unit", "BC01"),
     ("language", "français"), ("text", "a" * 201), ("words", "a" * 201), ("iri", "javascript:alert(1)"), ("iri", "file:///etc/passwd")],
)  # fmt: skip
def test_values_of_another_kind_are_refused(kind, value):
    with pytest.raises(ParameterError):
        term(kind, value)


def test_a_dollar_in_a_value_is_not_a_parameter(written):
    query = written(HEADER + THING + TEXT)
    assert "<https://example.org/$thing>" in query.bind({"thing": "https://example.org/$thing"}, BASE)


def test_missing_empty_and_unknown_parameters_are_named(written):
    query = written(HEADER + THING + TEXT)
    for values in ({}, {"thing": " "}):
        with pytest.raises(ParameterError) as error:
            query.bind(values, BASE)
        assert (error.value.message_id, error.value.parameters["name"]) == ("query-parameter-missing", "thing")
    with pytest.raises(ParameterError) as error:
        query.bind({"thing": "urn:a", "other": "1"}, BASE)
    assert (error.value.message_id, error.value.parameters["name"]) == ("query-parameter-unknown", "other")
    assert "other" in error.value.what("fr")


def test_an_open_parameter_takes_its_line_along(written):
    query = written(
        HEADER + THING.replace("required", "optional") + "SELECT * WHERE {\n  ?s ?p ?o .\n  ?s a $thing . #? thing\n}\n"
    )
    assert query.bind({}, BASE) == "SELECT * WHERE {\n  ?s ?p ?o .\n}\n"
    assert query.bind({"thing": "urn:a"}, BASE) == "SELECT * WHERE {\n  ?s ?p ?o .\n  ?s a <urn:a> .\n}\n"


def test_a_default_stands_in(written):
    query = written(HEADER + THING.replace("required", "default=urn:a") + TEXT)
    assert "<urn:a>" in query.bind({}, BASE)
    assert "<urn:b>" in query.bind({"thing": "urn:b"}, BASE)


def test_an_unknown_query_is_answered_with_the_known_ones():
    with pytest.raises(UnknownName) as error:
        named_query("nope")
    assert "successors" in error.value.remedy("en")


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_named_query_is_bilingual_and_parses_with_all_and_with_required_values(name):
    query = catalogue()[name]
    assert query.title("en") != query.title("fr")
    assert query.description("en") != query.description("fr")
    every = {parameter.name: parameter.example for parameter in query.parameters}
    required = {parameter.name: parameter.example for parameter in query.parameters if parameter.required}
    for values in (every, required):
        bound = query.bind(values, BASE)
        assert isinstance(ox.Store().query(bound), ox.QuerySolutions)
        assert not re.search(r"\$[A-Za-z]|#\?", bound)


def test_the_questions_of_the_first_issue_are_there():
    assert len(catalogue()) >= 12
    assert "fundable" not in " ".join(query.text + query.description_en for query in catalogue().values())
