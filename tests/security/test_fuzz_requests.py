"""Requests drawn by chance: none is answered 500, tells of our insides, or costs a query process for good."""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote, quote_from_bytes
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guards import never_endless
from raw_http import Answer, ask, connection, query_path
from running_server import Server, served
from security.attack import TOKEN, sent
from small_release import BASE, IDENTIFIER, small_release

WORKERS, SPARES = 2, 1
CHOSEN = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=250,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    releases = tmp_path_factory.mktemp("releases")
    small_release(releases)
    limits = ("query_seconds=1", "stream_seconds=3", "body_seconds=1", "answer_rows=2000", "answer_bytes=500000")
    with served(releases, f"workers={WORKERS}", *limits, "client_rate=0", f"admin_token={TOKEN}") as running:
        assert running.process.stderr is not None
        os.set_blocking(running.process.stderr.fileno(), False)
        yield running
        with never_endless():
            assert ask(running, query_path("ASK {}"), Accept="text/csv").status == 200
            while not at_rest(running):
                pass


def at_rest(server: Server) -> bool:
    """Whether no question is at work, and no query process is missing."""
    found = ask(server, "/healthz").json["queries"]
    return bool(found["running"] == found["waiting"] == 0 and found["idle"] == WORKERS + SPARES)


# ---- what is drawn

ODD = st.sampled_from(
    ["..", ".", "%2e%2e", "%2f", "%00", "%0d%0a", "%ff", "%", "é", "<script>", "'", '"', "{}", "$&", ";", "\\", "*", ""]
)
SEGMENT = st.one_of(ODD, st.text(max_size=8).map(lambda text: quote(text, safe="", errors="surrogatepass")))
START = st.sampled_from(
    [
        "/", "/sparql", "/releases", f"/releases/{IDENTIFIER}", f"/releases/{IDENTIFIER}/sparql",
        f"/releases/{IDENTIFIER}/void", f"/releases/{IDENTIFIER}/graph/rncp", "/queries", "/queries/successors",
        "/queries/status-on-a-day", "/things", "/id", "/id/rncp/1", "/graph/rncp", "/definitions", "/ontology",
        "/vocabulary", "/shapes", "/.well-known/void", "/.well-known/genid", "/catalogue", "/rules", "/healthz",
        "/readyz", "/metrics", "/openapi.json", "/static/passerelle.css", "/validate", "/admin/releases", "/nothing",
    ]
)  # fmt: skip
PATH = st.tuples(START, st.lists(SEGMENT, max_size=3)).map(lambda parts: "/".join((parts[0], *parts[1])))
METHOD = st.sampled_from(
    ["GET"] * 8 + ["POST"] * 4 + ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "CONNECT", "X"]
)
NAME = st.sampled_from(
    ["query", "update", "format", "timeout", "max-rows", "lang", "iri", "release", "example", "q", "layer", "profile",
     "default-graph-uri", "named-graph-uri", "certification", "day", "token", "unknown", ""]
)  # fmt: skip
VALUE = st.one_of(
    st.sampled_from(
        ["ASK {}", "SELECT * { ?s ?p ?o }", "json", "xml", "csv", "turtle", "html", "excel", "1", "0", "-1", "1e9",
         "nan", "en", "fr", f"{BASE}/graph/rncp", f"{BASE}/id/rncp/1", "javascript:alert(1)", "../..", "2026-01-01"]
    ),
    st.text(max_size=12),
)  # fmt: skip
PARAMETERS = st.lists(
    st.tuples(NAME, VALUE).map(lambda pair: f"{pair[0]}={quote(pair[1], safe='', errors='surrogatepass')}"), max_size=4
).map("&".join)
FIELD_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=30)
FIELD_NAME = st.sampled_from(
    ["Accept", "Accept-Language", "Accept-Encoding", "Content-Type", "Content-Encoding", "Authorization", "Host",
     "If-None-Match", "If-Modified-Since", "Range", "Origin", "Access-Control-Request-Method", "Cookie", "Expect",
     "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Connection", "Upgrade", "Transfer-Encoding", "X-Y"]
)  # fmt: skip
FIELD_VALUE = st.one_of(
    st.sampled_from(
        ["*/*", "text/html", "text/turtle", "application/json;q=0.5, */*;q=0.1", "text/csv", "gzip", "zstd;q=1, gzip",
         "fr-CH, en;q=0.5", "application/x-www-form-urlencoded", "application/sparql-query", "multipart/form-data",
         "application/sparql-query; charset=utf-16", f"Bearer {TOKEN[1:]}", "bytes=0-1,5-", '"a", W/"b"', "close"]
    ),
    FIELD_TEXT,
)  # fmt: skip
FIELDS = st.lists(
    st.tuples(FIELD_NAME, FIELD_VALUE).map(lambda pair: f"{pair[0]}: {pair[1]}".encode("latin-1")),
    max_size=4,
    unique_by=lambda field: field.partition(b":")[0],
)
BODY = st.one_of(
    st.just(b""),
    st.binary(max_size=60),
    PARAMETERS.map(str.encode),
    VALUE.map(lambda text: text.encode("utf-8", "surrogatepass")),
)

TERM = st.sampled_from(
    ["?s", "?p", "?o", "?x", "1", "-1.5e3", "true", '"a"', '"a"@fr', "'''a\n'b'''", "<x:a>", f"<{BASE}/number>", "[]",
     "_:b", "()", "(1 ?x)", "a", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>', r'"\u0041"', "<< ?s ?p ?o >>"]
)  # fmt: skip
VERB = st.sampled_from(
    ["?p", "a", f"<{BASE}/number>", "<x:a>*", "(<x:a>|^<x:b>)+", "!(<x:a>)", "<x:a>/<x:b>?", "(!<x:>)*"]
)
EXPRESSION = st.recursive(
    st.sampled_from(["?o", "?x", "1", "0", '"a"', "<x:a>", "NOW()", "RAND()", "true", "1e400", "UUID()"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "=", "!=", "<", ">", "&&", "||", "IN"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} ({parts[2]}))"
        ),
        st.tuples(
            st.sampled_from(
                ["STR", "!", "-", "ABS", "STRLEN", "UCASE", "LANG", "DATATYPE", "YEAR", "MD5", "BOUND", "IRI"]
            ),
            inner,
        ).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(
            st.sampled_from(["REGEX", "CONCAT", "STRDT", "STRLANG", "SUBSTR", "IF", "REPLACE", "COALESCE", "CONTAINS"]),
            st.lists(inner, min_size=1, max_size=3),
        ).map(lambda parts: f"{parts[0]}({', '.join(parts[1])})"),
    ),
    max_leaves=6,
)
TRIPLE = st.tuples(TERM, VERB, TERM).map(" ".join)
GROUP = st.recursive(
    st.lists(TRIPLE, max_size=3).map(" . ".join),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["OPTIONAL", "MINUS", "FILTER EXISTS", "GRAPH ?g", ""]), inner).map(
            lambda parts: f"{parts[0]} {{ {parts[1]} }}"
        ),
        st.tuples(inner, inner).map(lambda parts: f"{{ {parts[0]} }} UNION {{ {parts[1]} }}"),
        st.tuples(inner, EXPRESSION).map(lambda parts: f"{parts[0]} FILTER({parts[1]})"),
        st.tuples(inner, EXPRESSION).map(lambda parts: f"{{ {parts[0]} }} BIND({parts[1]} AS ?y)"),
        inner.map(lambda group: f"{{ SELECT * {{ {group} }} LIMIT 3 }}"),
        st.just("VALUES (?x ?y) { (1 UNDEF) (<x:a> 'b') }"),
    ),
    max_leaves=5,
)
FORM = st.sampled_from(
    ["SELECT * {", "SELECT DISTINCT ?s ?o {", "SELECT (COUNT(*) AS ?n) {", "ASK {",
     "CONSTRUCT { ?s <x:p> ?o, [] } WHERE {", "DESCRIBE ?s {",
     "SELECT ?s (GROUP_CONCAT(?o) AS ?all) {", f"SELECT * FROM <{BASE}/graph/rncp> {{"]
)  # fmt: skip
TAIL = st.sampled_from(
    ["", "LIMIT 5", "ORDER BY ?o OFFSET 1", "GROUP BY ?s HAVING(COUNT(*) > 1)", "LIMIT 0", "VALUES ?x {1}"]
)
QUERY = st.tuples(FORM, GROUP, TAIL).map(lambda parts: f"{parts[0]} {parts[1]} }} {parts[2]}")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A query in which a few places are removed, doubled or replaced."""
    query = draw(QUERY)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(query)))
        end = min(place + draw(st.integers(0, 6)), len(query))
        piece = draw(
            st.sampled_from(["", "{", "}", "(", ")", "\\u0053ERVICE <x:a> {", "#", "'", '"', "FROM <x:a>", "\x00",
                             "LOAD",
                             ";",
                             "\u202e", "<", "*", "SERVICE", query[place:end] * 2])
        )  # fmt: skip
        query = query[:place] + piece + query[end:]
    return query


# ---- what must hold


@CHOSEN
@given(METHOD, PATH, PARAMETERS, FIELDS, BODY)
def test_any_request(server: Server, method: str, path: str, parameters: str, fields: list[bytes], body: bytes) -> None:
    target = path + ("?" + parameters if parameters else "")
    request = sent(method, target.encode("utf-8", "surrogatepass"), *fields, body=body)
    answered = asked(server, request, method)
    if answered is not None:
        holds(answered, method)


@CHOSEN
@given(mutated(), st.sampled_from(["", "json", "xml", "csv", "tsv", "turtle", "ntriples", "rdfxml", "jsonld", "html"]))
def test_any_query(server: Server, query: str, name: str) -> None:
    text = query.encode("utf-8", "surrogatepass")
    target = "/sparql" + (f"?format={name}" if name else "")
    body = b"query=" + quote_from_bytes(text).encode() + (b"&format=" + name.encode() if name else b"")
    kind = "Content-Type: application/x-www-form-urlencoded"
    answered = asked(server, sent("POST", target.partition("?")[0], kind, body=body), "POST")
    if answered is not None:
        holds(answered, "POST")


def asked(server: Server, request: bytes, method: str) -> Answer | None:
    """The answer; None where it broke off after its beginning, or a tunnel was refused without one."""
    drain(server)
    with connection(server) as using:
        with suppress(BrokenPipeError, ConnectionResetError):
            using.sendall(request)
        response = http.client.HTTPResponse(using, method=method)
        response.begin()
        try:
            return Answer(response)
        except (http.client.IncompleteRead, ConnectionResetError):
            assert response.status == 200
            return None


def drain(server: Server) -> None:
    """Take what the server has logged, and see that nothing was unexpected."""
    assert server.process.stderr is not None
    written = b""
    with suppress(BlockingIOError):
        while piece := os.read(server.process.stderr.fileno(), 65_536):
            written += piece
    assert b"Traceback" not in written
    assert b"unexpected" not in written, written


def holds(answered: Answer, method: str) -> None:
    """No failure of ours; a problem where there is a fault; a body that its media type can be read from."""
    assert answered.status != 500, answered.body
    assert answered.headers["X-Content-Type-Options"] == "nosniff" or answered.status in (204, 304)
    assert "Set-Cookie" not in answered.headers
    media_type = answered.headers.get_content_type()
    if method == "HEAD" or answered.status in (204, 304):
        assert answered.body == b""
        return
    if answered.status >= 400:
        assert media_type in ("application/problem+json", "text/html")
        assert b"Traceback" not in answered.body
        if media_type != "text/html":
            assert answered.json["status"] == answered.status
    if answered.headers["Content-Encoding"] is None and answered.status != 206:
        readable(media_type, answered.body)


_RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def readable(media_type: str, body: bytes) -> None:
    """Read a body by a parser of its media type; raises where it is none."""
    if media_type.endswith("xml") and media_type != "application/rdf+xml":
        ElementTree.fromstring(body)
    elif media_type in _RDF:
        list(ox.parse(body, _RDF[media_type], base_iri="http://x.example/"))
    elif media_type.endswith("json"):
        json.loads(body)
    elif media_type == "text/csv":
        widths = {len(row) for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")) if row}
        assert len(widths) <= 1
    else:
        body.decode()
