"""The scan of queries: what runs, what is refused, and texts that try to look like the other."""

from __future__ import annotations

import pytest

from passerelle.errors import PasserelleError, QueryRefused, QuerySyntaxError, RequestError, RequestTooLarge
from passerelle.graph.answering.query_tokens import tokens
from passerelle.sparql.authorise import DEPTH_LIMIT, Authorised, authorise

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
        ("VERSION '1.2' PREFIXex:<http://x/>\rBASE<http://y/>\nSELECT * { FILTER(REGEX(?a, '\\\\.')) }", "SELECT"),
    ],
)
def test_form_is_the_first_keyword_after_the_prologue(query: str, form: str) -> None:
    assert scan(query).form == form


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("", 1, 1),
        ("hello", 1, 1),
        ("# nothing\n", 2, 1),
        ("PREFIX ex: <http://x/>\n  DEFINE input:same-as 'yes' SELECT * {}", 2, 3),
        (r"\u0053ELECT * {}", 1, 1),
        ("{ SELECT * {} }", 1, 1),
        # the engine reads these, as it has no lexer
        ("DESCRIBEex:a", 1, 1),
        ("ASKFROM <http://x/> {}", 1, 1),
        ("SELECTDISTINCT * {}", 1, 1),
    ],
)
def test_a_query_without_form_is_told_by_line_and_column(query: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        scan(query)
    assert caught.value.message_id == "sparql-form"
    assert caught.value.parameters == {"line": line, "column": column}


@pytest.mark.parametrize(
    "query",
    [
        "ASK {} ; CLEAR ALL",
        "ASK {};# next\nCLEAR ALL",
        "ASK {} ; PREFIX ex: <http://x/> INSERT DATA { ex:a ex:b 1 }",
        "SELECT * {} LIMIT 1\n;\ndrop all",
        r"ASK {} \u003B CLEAR ALL",
    ],
)
def test_one_request_holds_one_query(query: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        scan(query)
    assert caught.value.message_id == "sparql-several"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (bif:http_get('http://x/') AS ?x) {}",
        "PREFIX f: <sql:> SELECT (f:x(1) AS ?x) {}",
        "SELECT * { ?s <BIF:contains> 'x' }",
        r"SELECT * { ?s <b\u0069f:contains> 'x' }",
    ],
)
def test_functions_of_one_engine_are_refused(query: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        scan(query)
    assert caught.value.message_id == "sparql-extension"


def test_a_prefix_of_the_user_may_be_called_like_an_engine() -> None:
    assert scan("PREFIX sql: <http://x/> SELECT * { ?s sql:a 'bif:x' }").form == "SELECT"


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
        scan("SELECT *\n{ FILTER(?a<'x'&&?b>'y') ?service ?p ?o }")
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
    ("query", "word"),
    [
        ("PREFIX g: <https://example.org/graph/> SELECT *\nFROMg:rncp {}", "FROM"),
        ("PREFIX g: <https://example.org/graph/> SELECT *\nFROMNAMEDg:rncp {}", "FROMNAMED"),
        ("PREFIX g: <https://example.org/graph/> PREFIX namedg: <https://x/> SELECT * FROM\nnamedg:rncp {}", "NAMED"),
    ],
)
def test_from_that_runs_into_a_name_is_refused(query: str, word: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        scan(query)
    assert caught.value.message_id == "sparql-glued"
    assert caught.value.parameters == {"word": word, "line": 2, "column": 1}


def test_a_prefix_may_begin_with_from() -> None:
    query = (
        "PREFIX fromage: <http://x/> PREFIX from: <http://y/> DESCRIBE fromage:brie from:a { fromage:brie ?p from:b }"
    )
    assert scan(query).form == "DESCRIBE"
    assert not scan(query).own_dataset


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


def test_text_without_a_word_to_hide_may_be_read_in_two_ways() -> None:
    assert scan("SELECT * { FILTER(?a<'x'&&?b>'y') }").form == "SELECT"


def test_escapes_of_no_character_stay() -> None:
    with pytest.raises(RequestError) as caught:
        scan(r"SELECT * FROM <http://x/\uD800> {}")
    assert caught.value.what("fr").encode("utf-8")
    assert scan(r"SELECT * { ?s ?p '\uD800 \U00110000' }").form == "SELECT"


@pytest.mark.parametrize(
    ("query", "deterministic"),
    [
        ("SELECT * { ?s ?p ?o }", True),
        ("SELECT ?rand { ?rand ex:now ?uuid . ?a ex:knowledge 'NOW' }", True),
        ("SELECT * { ?know ex:bnode _:uuid }", True),
        ("SELECT (RAND() AS ?x) {}", False),
        ("SELECT (now ( ) AS ?x) {}", False),
        ("SELECT * { BIND(UUID() AS ?x) }", False),
        ("SELECT * { BIND(STRUUID\n() AS ?x) }", False),
        ("SELECT * { BIND(BNODE() AS ?x) }", False),
        ("SELECT * { BIND(BNODE('a') AS ?x) }", False),
        ("SELECT * {} ORDER BYRAND()", False),
        ("SELECT (NOW#(\n() AS ?x) {}", False),
        (r"SELECT (\u004EOW() AS ?x) {}", False),
    ],
)
def test_deterministic(query: str, deterministic: bool) -> None:
    assert scan("PREFIX ex: <http://x/> " + query).deterministic is deterministic
    # a text that is cut into tokens gives the same
    assert scan(f"PREFIX ex: <http://x/> {query}#\\").deterministic is deterministic
