"""The scan of queries: what runs, what is refused, and texts that try to look like the other."""

from __future__ import annotations

import pytest

from passerelle.errors import PasserelleError, QueryRefused, QuerySyntaxError, RequestError, RequestTooLarge
from passerelle.sparql.authorise import DEPTH_LIMIT, Authorised, authorise
from passerelle.sparql.tokens import tokens

GRAPH = "https://example.org/graph/rncp"
LIMIT = 65_536


def scan(query: str) -> Authorised:
    return authorise(query, {GRAPH}, size_limit=LIMIT)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("select(1 as ?x){}", "SELECT"),
        ("SELECT*{}", "SELECT"),
        ("ask{}", "ASK"),
        ("DESCRIBE <http://example.org/a>", "DESCRIBE"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("# SELECT\nBASE <http://example.org/>\nPREFIX ask: <http://x/> ASK { ask:select ask:a 1 }", "ASK"),
        ("PREFIX : <http://x/ask#SELECT> CONSTRUCT { ?s :p ?o } WHERE { { SELECT ?s { ?s ?p ?o } } }", "CONSTRUCT"),
        (r"\u0053ELECT * {}", None),
        ("", None),
        ("hello", None),
    ],
)
def test_form_is_the_first_keyword_after_the_prologue(query: str, form: str | None) -> None:
    assert scan(query).form == form


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p ?from }",
        "SELECT $service { $service ?insert ?load }",
        'SELECT * { ?s ?p "SERVICE <http://x/> { }" }',
        "SELECT * { ?s ?p 'it\\'s SERVICE <http://x/> {}' }",
        'SELECT * { ?s ?p """say "SERVICE" <http://x/> {} \\""" {}""" }',
        "SELECT * { ?s ?p '''a ' b '' SERVICE <http://x/> {}''' }",
        "SELECT * { ?s ?p 'x'@service . ?s ?q _:service }",
        "SELECT * { ?s <http://example.org/SERVICE> <http://example.org/#from> }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/> {}",
        "PREFIX service: <http://x/> SELECT * { service:a service:b service:c . GRAPH service:g { ?s ?p ?o } }",
        "PREFIX ex: <http://x/> SELECT * { ?s ex:service ex:from ; ex:a-service ex:o\\'SERVICE . { ?a ?b ?c } }",
        "PREFIX ex: <http://x/> SELECT * { ?s ex:insert ?o . ?o ex:load 5.5e3 }",
        "SELECT * { ?s ?p ?o FILTER(?o<5 && ?o>2) FILTER(?s != <http://x/'#()>) }",
        "SELECT * { VALUES (?a ?b) { (<http://x/a#b> <http://x/(c)#d>) (<urn:a:b> <urn:c:d>) } }",
        "SELECT * { ?s ?p (1 <http://x/#a> <http://x/b>) }",
    ],
)
def test_names_strings_and_comments_may_hold_any_word(query: str) -> None:
    assert scan(query).form == "SELECT"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { sErViCe SILENT ?x { ?s ?p ?o } }",
        "SELECT * {service<http://x/>{}}",
        # read by the engine (measured on pyoxigraph 0.5.13), though the grammar's tokens do not allow it
        "PREFIX ex: <http://x/> SELECT * {SERVICEex:x{?s ?p ?o}}",
        "PREFIX ex: <http://x/> SELECT * {SERVICESILENTex:x{?s ?p ?o}}",
        "SELECT * {SERVICESILENT<http://x/>{?s ?p ?o}}",
        "PREFIX ex: <http://x/> SELECT * { ?s ?p ex:.SERVICE <http://x/> {} }",
        "PREFIX ex: <http://x/> SELECT * { ?s ?p true.SERVICEex:x {} }",
        # a comment that ends at a carriage return
        "SELECT * { # \rSERVICE <http://x/> {} }",
        # escapes: the text that follows them is inside a string in one reading only
        'SELECT ("abc\\u0022" AS ?x) { SERVICE <http://x/> {} #"\n}',
        "SELECT * { \\u0053ERVICE <http://x/> {} }",
        "SELECT * { SERV\\U00000049CE <http://x/> {} }",
    ],
)
def test_service_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        scan(query)
    assert caught.value.message_id == "sparql-service"


@pytest.mark.parametrize(
    "query",
    [
        # the engine reads a comparison and goes on behind it; a lexer reads an IRI
        "SELECT * { BIND(1 AS ?a) FILTER(?a<2)SERVICE?x#>\n{ ?s ?p ?o } }",
        "SELECT * { BIND(1 AS ?a) FILTER(?a<'>' ) SERVICE <http://x/> {} #'\n}",
        "SELECT * { BIND(1 AS ?a) FILTER(?a<1#> '''\n ) SERVICE <http://x/> {} #'''\n}",
    ],
)
def test_text_that_can_be_read_in_two_ways_is_refused(query: str) -> None:
    with pytest.raises((QuerySyntaxError, QueryRefused)):
        scan(query)


def test_ambiguous_text_is_named_by_line_and_column() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        scan("SELECT *\n{ FILTER(?a<'x'&&?b>'y') }")
    assert (caught.value.parameters["line"], caught.value.parameters["column"]) == (2, 12)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "insert{}where{}",
        "PREFIX ex: <http://x/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "CLEAR ALL",
        "DROP ALL",
        "CREATE GRAPH <a:b>",
        "COPY <a:a> TO <a:b>",
        "MOVE <a:a> TO <a:b>",
        "ADD <a:a> TO <a:b>",
        "WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        r"\u0049NSERT DATA { }",
    ],
)
def test_updates_are_refused(query: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        scan(query)
    assert caught.value.message_id == "sparql-update"


def test_from_may_name_a_graph_that_is_held_here() -> None:
    assert scan(f"SELECT * FROM <{GRAPH}> {{ ?s ?p ?o }}").own_dataset
    assert scan(f"SELECT * FROM NAMED <{GRAPH}> {{ GRAPH ?g {{ ?s ?p ?o }} }}").own_dataset
    assert scan("PREFIX g: <https://example.org/graph/> SELECT * FROM g:rncp { ?s ?p ?o }").own_dataset
    assert not scan("SELECT * { ?s ?p ?o }").own_dataset


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", QueryRefused),
        ("SELECT * FROM NAMED <http://127.0.0.1/> { ?s ?p ?o }", QueryRefused),
        (f"SELECT * FROM <{GRAPH}> FROM <{GRAPH}2> {{ ?s ?p ?o }}", QueryRefused),
        ("PREFIX g: <https://example.org/> SELECT * FROM g:rncp { ?s ?p ?o }", QueryRefused),
        ("BASE <https://example.org/graph/> SELECT * FROM <rncp> { ?s ?p ?o }", RequestError),
    ],
)
def test_from_may_name_nothing_else(query: str, kind: type[PasserelleError]) -> None:
    with pytest.raises(kind):
        scan(query)


def test_nesting_has_a_limit() -> None:
    def nested(depth: int) -> str:
        return "ASK" + "{" * depth + "}" * depth

    assert scan(nested(DEPTH_LIMIT)).form == "ASK"
    with pytest.raises(RequestError) as caught:
        scan(nested(DEPTH_LIMIT + 1))
    assert caught.value.parameters == {"depth": DEPTH_LIMIT + 1, "limit": DEPTH_LIMIT}


def test_size_is_counted_in_bytes() -> None:
    padding = "é" * 100  # 200 bytes
    query = f"ASK {{}} #{padding}"
    authorise(query, (), size_limit=len("ASK {} #") + 200)
    with pytest.raises(RequestTooLarge):
        authorise(query, (), size_limit=len("ASK {} #") + 199)


@pytest.mark.parametrize(
    "piece", ["a.", "a-.", ":a.%", "_:a.", '"""', "'''a", '"', "<", "<a", "{", "\\u0022", "'\"", "1."]
)
def test_every_character_of_any_text_is_seen_once(piece: str) -> None:
    text = (piece * LIMIT)[:LIMIT]
    found = list(tokens(text))
    ends = [token.start + len(token.text) for token in found]
    assert all(end <= following.start for end, following in zip(ends, found[1:], strict=False))
    assert "".join(token.text for token in found) == text
