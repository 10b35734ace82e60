"""SERVICE with a list of endpoints that the administrator allows: those and no others, in whatever spelling."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest

from passerelle.errors import PasserelleError, QueryRefused
from passerelle.sparql.authorise import Authorised, authorise

ALLOWED = "https://query.example.org/sparql-service"
SECOND = "https://other.example.org/sparql"
ENDPOINTS = frozenset({ALLOWED, SECOND})


def scan(query: str) -> Authorised:
    return authorise(query, (), size_limit=65_536, service_endpoints=ENDPOINTS)


@pytest.mark.parametrize(
    ("query", "services"),
    [
        ("SELECT * { ?s ?p ?o }", ()),
        ("SELECT ?service { ?s ?p 'SERVICE' } # service", ()),
        (f"SELECT * {{ SERVICE <{ALLOWED}> {{ ?s ?p ?o }} }}", (ALLOWED,)),
        (f"SELECT * {{service silent<{SECOND}>{{}}}}", (SECOND,)),
        (
            f"SELECT * {{ SERVICE # there\n <{ALLOWED}> {{ }} SERVICE <{SECOND}> {{}} SERVICE <{ALLOWED}> {{}} }}",
            (ALLOWED, SECOND),
        ),
        (f"PREFIX there: <{SECOND}> SELECT * {{ SERVICE there: {{ ?s ?p 'a\\\\b' }} }}", (SECOND,)),
        ("PREFIX there: <https://other.example.org/> SELECT * { SERVICE there:sparql { ?s ?p ?o } }", (SECOND,)),
        (f"SELECT * {{ SERVICE <{ALLOWED}> {{ ?s <http://example.org/service/a> ?o }} }}", (ALLOWED,)),
    ],
)
def test_endpoints_on_the_list_may_be_called(query: str, services: tuple[str, ...]) -> None:
    authorised = scan(query)
    assert authorised.services == services
    assert authorised.deterministic is (not services)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <https://evil.example.org/> {} }",
        f"SELECT * {{ SERVICE <{ALLOWED}/> {{}} }}",
        f"SELECT * {{ SERVICE <{ALLOWED}?a> {{}} }}",
        f"BASE <{ALLOWED}> SELECT * {{ SERVICE <> {{}} }}",
        "BASE <https://other.example.org/> SELECT * { SERVICE <sparql> {} }",
        f"SELECT * {{ VALUES ?e {{ <{ALLOWED}> }} SERVICE ?e {{}} }}",
        f"SELECT * {{ SERVICE <{ALLOWED}> {{}} SERVICE <https://evil.example.org/> {{}} }}",
        f"SELECT * {{ SERVICE <{ALLOWED}> {{ SERVICE ?x {{}} }} }}",
        # declared twice, in one way that the tokens show and in one that they hide
        f"PREFIX e: <{SECOND}> PREFIX e: <https://evil.example.org/> SELECT * {{ SERVICE e: {{}} }}",
        f"PREFIX e: <{SECOND}> PREFIXe:<https://evil.example.org/> SELECT * {{ SERVICE e: {{}} }}",
        f"PREFIX e: <{SECOND}> PREFIX e: <https://evil.example.org\\u002F> SELECT * {{ SERVICE e: {{}} }}",
        "PREFIX e: <https://other.example.org/> SELECT * { SERVICE e:sparql. {} }",
        "PREFIX e: <https://other.example.org/> SELECT * { SERVICE e:spar\\-ql {} }",
        # the word stands for something else as well: where the network is open, that is enough
        f"SELECT ?service {{ SERVICE <{ALLOWED}> {{}} }}",
        f"SELECT * {{ SERVICE <{ALLOWED}> {{ ?s ?p 'SERVICE' }} }}",
        f"SELECT * {{ SERVICE <{ALLOWED}> {{}} # a service\n }}",
        f"SELECT * {{ SERVICE <{ALLOWED}> {{ ?s <service:x> ?o }} }}",
        f"PREFIX service: <http://x/> SELECT * {{ SERVICE <{ALLOWED}> {{}} }}",
        f"PREFIX e: <{SECOND}> SELECT * {{SERVICEe:{{}}}}",
        f"SELECT * {{SERVICESILENT<{ALLOWED}>{{}}}}",
        f"SELECT * {{ SERVICE <{ALLOWED}> {{ ?s ?p '\\u0027 . SERVICE <https://evil.example.org/> {{}} #' }} }}",
        f"SELECT * {{ \\u0053ERVICE <{ALLOWED}> {{}} }}",
        f"SELECT * {{ SERVICE <{ALLOWED}>",
        "SELECT * { SERVICE",
    ],
)
def test_everything_else_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        scan(query)
    assert caught.value.message_id in ("sparql-service", "sparql-service-endpoint")


def test_the_refusal_lists_what_is_allowed() -> None:
    with pytest.raises(QueryRefused) as caught:
        scan("SELECT * { SERVICE <https://evil.example.org/> {} }")
    assert (
        caught.value.what("en") == f"SERVICE may name only the endpoints that this service allows: {SECOND}, {ALLOWED}."
    )


class _Endpoint(BaseHTTPRequestHandler):
    """Answers every query with no rows, and remembers the path."""

    asked: set[str]

    def _answer(self) -> None:
        self.asked.add(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"head": {"vars": []}, "results": {"bindings": []}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815 - names that the standard library calls

    def log_message(self, *_args: object) -> None:
        """Silent."""


@pytest.fixture
def endpoint() -> Iterator[tuple[str, set[str]]]:
    """The address of an endpoint on this machine, and the paths that are asked there."""
    asked: set[str] = set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Endpoint", (_Endpoint,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_text_calls_another_endpoint(endpoint: tuple[str, set[str]]) -> None:
    address, asked = endpoint
    good, bad = address + "good", address + "bad"
    calls = [
        f"SERVICE <{good}> {{}}",
        f"SERVICE<{good}>{{?s ?p ?o}}",
        "SERVICE g:good {}",
        f"SERVICE SILENT <{good}>{{}}",
    ]
    evil = [
        f"SERVICE <{bad}> {{}}",
        "SERVICEg:bad{}",
        "SERVICE g:bad{}",
        "SERVICESILENT g:bad{}",
        "SERVICE ?x{}",
        "SERVICE?x#>\n{}",
    ]
    pieces = [
        *[
            "FILTER(?a<2)",
            "FILTER(?a<'>' )",
            "FILTER(?a<1#>",
            "FILTER(?a<?b)",
            "FILTER(?a<'x'",
            "OPTIONAL{",
            "}",
            "#",
            "\n",
        ],
        *[
            "'",
            '"',
            "'''",
            '"""',
            "?s ?p g:",
            "?s ?p '\\u0027'",
            "\\u0022",
            "\\u0023",
            "?s ?p g:a\\'",
            "UNION",
            ".",
            ";",
            "<",
            ">",
        ],
        *[f"BIND(<{bad}> AS ?x)", f"VALUES ?x {{ <{bad}> }}", "{", "}", "(", ")", "?s?p?o.", "é", "?s ?p 1."],
    ]
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://p"), ox.Literal("x")))
    choose = random.Random(20261123)
    passed = 0
    for _ in range(20_000):
        parts = [choose.choice(pieces) for _ in range(choose.randint(0, 4))]
        parts.insert(choose.randint(0, len(parts)), choose.choice(calls))
        if choose.random() < 0.7:
            parts.insert(choose.randint(0, len(parts)), choose.choice(evil))
        pattern = choose.choice(["", " "]).join(parts)
        query = f"PREFIX g:<{address}> SELECT * {{ {pattern}{choose.choice(['}', chr(10) + '}'])}"
        try:
            authorised = authorise(query, (), size_limit=65_536, service_endpoints=frozenset({good}))
            list(store.query(query))  # type: ignore[arg-type]  # SELECT gives solutions
        except (PasserelleError, SyntaxError):
            continue
        passed += 1
        assert asked <= {"/good"}, query
        assert authorised.services <= (good,)
    assert asked == {"/good"}
    assert passed > 100
