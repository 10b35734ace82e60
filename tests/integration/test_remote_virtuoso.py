"""What a real Virtuoso hides is said: its row cap, its time limit, its repeated rows, its extensions of SPARQL."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from passerelle.errors import AnswerTooLarge, BackendFailed, QueryRefused, QuerySyntaxError, QueryTimeout
from passerelle.graph.answering.embedded import EmbeddedStore
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.graph.release import Releases
from passerelle.graph.remote.backend import RemoteBackend
from passerelle.graph.remote.opening import open_remote
from passerelle.graph.remote.publishing import Publisher
from passerelle.settings import Settings
from published_store import writing
from small_release import BASE, ESCO, RNCP, small_release
from virtuoso import ROW_CAP, Virtuoso, running_virtuoso

JSON = "application/sparql-results+json"
XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS = "urn:test:terms"
HIDDEN = "urn:passerelle:staged:0"


@pytest.fixture(scope="module")
def server(virtuoso: Virtuoso, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    """A Virtuoso with the small release, and with a graph that a publication under way has put aside."""
    with running_virtuoso(tmp_path_factory.mktemp("virtuoso-traps")) as running:
        folder = tmp_path_factory.mktemp("releases")
        small_release(folder)
        target, publications = writing(running)
        Publisher(target, publications).publish(Releases(folder).current())
        target.write(HIDDEN, [b'<urn:hidden> <urn:hidden> "hidden" .\n'])
        yield running


@pytest.fixture(scope="module")
def backend(server: Virtuoso) -> Iterator[RemoteBackend]:
    _, opened = open_remote(Settings(backend=server.endpoint))
    yield opened
    opened.close()


def csv(backend: RemoteBackend, query: str, **fields: object) -> list[str]:
    question = Question(query, "text/csv", **fields)  # type: ignore[arg-type]
    return b"".join(backend.run(question).body).decode().splitlines()[1:]


def rows_of(count: int) -> str:
    """A query with so many rows: 300 numbers, joined with themselves."""
    return f"SELECT ?a ?b {{ ?a <{BASE}/number> ?x . ?b <{BASE}/number> ?y . FILTER(?x * 300 + ?y < {count}) }}"


def test_the_engine_cuts_rows_with_status_200_and_we_do_not(server: Virtuoso, backend: RemoteBackend) -> None:
    status, headers, body = server.get(rows_of(5000))
    assert (status, headers["X-SPARQL-MaxRows"], len(body.splitlines())) == (200, str(ROW_CAP), ROW_CAP + 1)
    with pytest.raises(AnswerTooLarge) as raised:
        csv(backend, rows_of(5000))
    assert raised.value.parameters == {"limit": str(ROW_CAP)}
    assert len(csv(backend, rows_of(ROW_CAP - 1))) == ROW_CAP - 1


def test_the_engine_cuts_triples_without_a_word_and_we_do_not(server: Virtuoso, backend: RemoteBackend) -> None:
    query = rows_of(5000).replace("SELECT ?a ?b", "CONSTRUCT { ?a <urn:with> ?b }")
    status, headers, body = server.get(query, "application/n-triples")
    assert (status, "X-SPARQL-MaxRows" in headers) == (200, False)
    assert ROW_CAP <= body.count(b"urn:with") <= ROW_CAP + 1
    with pytest.raises(AnswerTooLarge):
        b"".join(backend.run(Question(query, "text/turtle")).body)
    fewer = rows_of(ROW_CAP - 1).replace("SELECT ?a ?b", "CONSTRUCT { ?a <urn:with> ?b }")
    answer = b"".join(backend.run(Question(fewer, "application/n-triples")).body)
    assert len(answer.splitlines()) == ROW_CAP - 1


def test_the_engine_times_out_with_status_200_and_a_wrong_count_and_we_do_not(
    server: Virtuoso, backend: RemoteBackend
) -> None:
    product = (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STRLEN(CONCAT(STR(?c), STR(?f))) > 1e9) }"
    )
    status, headers, body = server.get(product, timeout="1000")
    assert (status, headers["X-SQL-State"]) == (200, "S1TAT")
    assert body.splitlines()[1:] in ([], [b"0"])  # no count, or that of the rows so far
    with pytest.raises(QueryTimeout):
        csv(backend, product, limits=Limits(1, 1000, 10**6))


def test_the_engine_repeats_rows_of_paths_and_such_are_refused(server: Virtuoso, backend: RemoteBackend) -> None:
    target, _ = writing(server)
    edges = (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"))
    target.write(TERMS, ["".join(f"<urn:{x}> <urn:broader> <urn:{y}> .\n" for x, y in edges).encode()])
    path = "SELECT ?above { <urn:a> <urn:broader>+ ?above } ORDER BY ?above"
    rows = server.get(path, **{"default-graph-uri": TERMS})[2].decode().split()[1:]
    assert rows == ['"urn:b"', '"urn:c"', '"urn:d"', '"urn:d"']
    with pytest.raises(QueryRefused) as raised:
        csv(backend, path, default_graphs=(TERMS,))
    assert raised.value.message_id == "sparql-path-repeats"
    distinct = path.replace("SELECT", "SELECT DISTINCT")
    assert csv(backend, distinct, default_graphs=(TERMS,)) == ["urn:b", "urn:c", "urn:d"]


def test_only_the_graphs_of_the_release_are_seen(server: Virtuoso, backend: RemoteBackend) -> None:
    everywhere = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    assert HIDDEN in server.get(everywhere)[2].decode()
    assert csv(backend, everywhere) == [ESCO, RNCP]
    assert csv(backend, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["302"]
    assert csv(backend, f"SELECT ?o {{ GRAPH <{HIDDEN}> {{ ?s ?p ?o }} }}") == []


def test_the_dataset_of_the_protocol_replaces_that_of_the_query(backend: RemoteBackend) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
    assert csv(backend, count.format(f"FROM <{RNCP}>"), own_dataset=True) == ["2"]
    assert csv(backend, count.format(f"FROM <{RNCP}>"), own_dataset=True, default_graphs=(ESCO,)) == ["300"]
    assert csv(backend, count.format(f"FROM NAMED <{RNCP}>"), own_dataset=True) == ["0"]
    graphs = "SELECT DISTINCT ?g {} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert csv(backend, graphs.format(f"FROM <{RNCP}>"), own_dataset=True) == []
    assert csv(backend, graphs.format(f"FROM <{ESCO}> FROM NAMED <{RNCP}>"), own_dataset=True) == [RNCP]
    assert csv(backend, graphs.format(""), named_graphs=(ESCO,)) == [ESCO]
    assert csv(backend, count.format(""), named_graphs=(ESCO,)) == ["0"]


@pytest.mark.parametrize(
    "query",
    [
        'DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }',
        "SELECT (bif:now() AS ?x) {}",
        "SELECT (<bif:user_name>() AS ?x) {}",
        "SELECT (sql:exec('shutdown') AS ?x) {}",
        "PREFIX b: <bif:> SELECT (b:now() AS ?x) {}",
        r"SELECT (<b\u0069f:now>() AS ?x) {}",
        r"\u0044EFINE sql:x 1 SELECT * {}",
        "SELECT * { ?s <bif:contains> 'x' }",
        "SELECT * { ?s ?p ?o OPTION (score ?x) }",
        "SELECT * { ?s ?p `now()` }",
    ],
)
def test_extensions_of_the_engine_are_refused(query: str, backend: RemoteBackend) -> None:
    with pytest.raises(QueryRefused):
        backend.run(Question(query, JSON))


def test_words_in_texts_and_comments_are_no_extensions(backend: RemoteBackend) -> None:
    query = "SELECT (\"define bif:x `\" AS ?x) ('''sql:y \"OPTION (''' AS ?y) {} # bif:now() define"
    assert csv(backend, query) == ['define bif:x `,"sql:y ""OPTION ("']


def test_a_syntax_error_is_one(backend: RemoteBackend) -> None:
    with pytest.raises(QuerySyntaxError) as raised:
        backend.run(Question("SELECT ?x\nWHERE { ?x", JSON))
    assert (raised.value.message_id, raised.value.parameters["line"]) == ("sparql-syntax", "2")


@pytest.mark.parametrize("query", ["SELECT (BNODE() AS ?x) {}", "SELECT ?s { ?s ?p ?o } ORDER BY BNODE()"])
def test_valid_sparql_that_the_engine_does_not_compile_is_no_syntax_error(
    query: str, server: Virtuoso, backend: RemoteBackend
) -> None:
    status, _, body = server.get(query)
    assert (status, body.startswith(b"Virtuoso 37000 Error SP031: SPARQL compiler")) == (400, True)
    with pytest.raises(BackendFailed) as raised:
        backend.run(Question(query, JSON, kind="solutions"))
    assert raised.value.message_id == "remote-cannot"


SHARING = ("urn:test:sharing:a", "urn:test:sharing:b")


@pytest.fixture(scope="module")
def embedded(server: Virtuoso) -> EmbeddedStore:
    """Our own store with two graphs that share two triples, which the engine has too."""
    shared = '<urn:x> <urn:p> <urn:y> .\n<urn:x> <urn:n> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    store = ox.Store()
    for graph, own in zip(SHARING, ("a", "b"), strict=True):
        content = f"{shared}<urn:{own}> <urn:p> <urn:y> .\n".encode()
        writing(server)[0].write(graph, [content])
        store.load(content, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph))
    return EmbeddedStore(store)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", ["6"]),
        ("SELECT (COUNT(DISTINCT *) AS ?n) { ?s ?p ?o }", ["4"]),
        ("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }", ["3"]),
        ("SELECT (SUM(?o) AS ?n) { ?s <urn:n> ?o }", ["10"]),
        ("SELECT ?o { <urn:x> <urn:p> ?o }", ["urn:y", "urn:y"]),
        ("SELECT (COUNT(*) AS ?n) { ?s <urn:n> 5 ; <urn:p> ?y }", ["4"]),
        ("SELECT ?s { ?s <urn:p> ?o } ORDER BY ?s", ["urn:a", "urn:b", "urn:x", "urn:x"]),
    ],
)
def test_a_triple_of_two_graphs_comes_twice_as_in_our_own_store(
    query: str, rows: list[str], embedded: EmbeddedStore, backend: RemoteBackend
) -> None:
    assert csv(backend, query, default_graphs=SHARING, named_graphs=SHARING) == rows
    output = io.BytesIO()
    embedded.ask(Question(query, "text/csv")).write(output)
    assert output.getvalue().decode().splitlines()[1:] == rows


def test_ask_has_the_standard_form_in_all_formats(backend: RemoteBackend) -> None:
    for query, expected in (("ASK { ?s ?p ?o }", True), ("ASK { ?s <urn:none> ?o }", False)):
        for media_type, read in (
            (JSON, ox.QueryResultsFormat.JSON),
            ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ):
            answer = backend.run(Question(query, media_type, kind="boolean"))
            result = ox.parse_query_results(b"".join(answer.body), format=read)
            assert (answer.kind, bool(result)) == ("boolean", expected)
            assert isinstance(result, ox.QueryBoolean)
        table = backend.run(Question(query, "text/csv", kind="boolean"))
        assert b"".join(table.body) == str(expected).lower().encode()


def test_a_variable_named_like_its_row_of_an_ask_is_a_variable(backend: RemoteBackend) -> None:
    query = "SELECT ?__ASK_RETVAL { VALUES ?__ASK_RETVAL { 1 2 3 } }"
    answer = backend.run(Question(query, "text/csv", kind="solutions"))
    assert (answer.kind, b"".join(answer.body).split()) == ("solutions", [b"__ASK_RETVAL", b"1", b"2", b"3"])


TERM_PAIRS = [
    # what was written, and what comes back: where they differ, Virtuoso keeps the value and not its form
    ('"true"^^xsd:boolean', '"true"^^xsd:boolean'),
    ('"0"^^xsd:boolean', '"false"^^xsd:boolean'),
    ('"042"^^xsd:integer', '"42"^^xsd:integer'),
    ('"0.750"^^xsd:decimal', '"0.75"^^xsd:decimal'),
    ('"1.5E0"^^xsd:double', '"1.5"^^xsd:double'),
    ('"2026-11-22"^^xsd:date', '"2026-11-22"^^xsd:date'),
    ('"2026-11-22+01:00"^^xsd:date', '"2026-11-22+01:00"^^xsd:date'),
    ('"2026-11-22T10:00:00.5Z"^^xsd:dateTime', '"2026-11-22T10:00:00.500Z"^^xsd:dateTime'),
    ('"2026"^^xsd:gYear', '"2026"^^xsd:gYear'),
    ('"P2DT2H"^^xsd:duration', '"P2DT2H"^^xsd:duration'),
    ('"PT90M"^^xsd:duration', '"PT1H30M"^^xsd:duration'),
    ('"P14M"^^xsd:duration', '"P1Y2M"^^xsd:duration'),
    ('"chat"@fr-CA', '"chat"@fr-ca'),
    ('"0a1B"^^xsd:hexBinary', '"0a1B"^^xsd:hexBinary'),
    (r'"a\"b\\c\n\t\u0001 é 😀 </x>&"', r'"a\"b\\c\n\t\u0001 é 😀 </x>&"'),
    ("<https://example.org/é😀>", "<https://example.org/é😀>"),
]


@pytest.mark.parametrize(("written", "back"), TERM_PAIRS, ids=[written for written, _ in TERM_PAIRS])
@pytest.mark.parametrize("form", ["select", "construct"])
def test_terms_come_back(written: str, back: str, form: str, server: Virtuoso, backend: RemoteBackend) -> None:
    def full(term: str) -> str:
        name, mark, datatype = term.rpartition("^^xsd:")
        return f"{name}^^<{XSD}{datatype}>" if mark else term

    target, _ = writing(server)
    target.write(TERMS, [f"<urn:s> <urn:p> {full(written)} .\n".encode()])
    query = ("SELECT ?o" if form == "select" else "CONSTRUCT { ?s ?p ?o }") + " WHERE { ?s ?p ?o }"
    asked = Question(query, JSON if form == "select" else "application/n-triples", default_graphs=(TERMS,))
    body = b"".join(backend.run(asked).body)
    expected = next(iter(ox.parse(f"<urn:s> <urn:p> {full(back)} .", format=ox.RdfFormat.N_TRIPLES))).object
    if form == "select":
        results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(results, ox.QuerySolutions)
        assert [row["o"] for row in results] == [expected]
    else:
        assert [quad.object for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)] == [expected]


AT = "https://example.org/releases/1/sparql"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (STR(<x>) AS ?iri) {}", "https://example.org/releases/1/x"),
        ("SELECT (STR(<>) AS ?iri) {}", AT),
        ("PREFIX x: <x#> SELECT (STR(x:y) AS ?iri) {}", "https://example.org/releases/1/x#y"),
        ("BASE <urn:own:> SELECT (STR(<urn:x>) AS ?iri) {}", "urn:x"),
        ("# a comment\nSELECT (STR(<x>) AS ?iri) {}", "https://example.org/releases/1/x"),
    ],
)
def test_relative_iris_are_of_the_address_that_was_asked(backend: RemoteBackend, query: str, expected: str) -> None:
    assert csv(backend, query, base_iri=AT) == [expected]
    assert csv(backend, query, base_iri=AT, default_graphs=(RNCP,)) == [expected]
    assert csv(backend, query.replace(" {}", f" FROM <{RNCP}> {{}}"), base_iri=AT, own_dataset=True) == [expected]


def test_the_base_changes_nothing_of_what_is_refused(backend: RemoteBackend) -> None:
    with pytest.raises(QueryRefused):
        backend.run(Question("DEFINE sql:x 1 SELECT * {}", JSON, base_iri=AT))
    with pytest.raises(QuerySyntaxError):
        backend.run(Question("SELECT ?x WHERE { ?x", JSON, base_iri=AT))
