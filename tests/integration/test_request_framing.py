"""Requests whose length can be read in two ways, and requests that are none: refused, and the connection closed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from raw_http import answer, ask, connection, is_closed, query_head
from running_server import Server, served
from small_release import small_release

POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNK = b"7\r\nASK {}\n\r\n0\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    releases = tmp_path_factory.mktemp("releases")
    small_release(releases)
    # many tests knock from one address
    with served(releases, "workers=1", "client_rate=0") as running:
        yield running


AMBIGUOUS = {
    "two lengths": b"Content-Length: 6\r\nContent-Length: 40\r\n\r\nASK {}",
    "one length twice": b"Content-Length: 6\r\nContent-Length: 6\r\n\r\nASK {}",
    "a list of lengths": b"Content-Length: 6, 6\r\n\r\nASK {}",
    "length and chunks": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK,
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n" + CHUNK,
    "negative": b"Content-Length: -6\r\n\r\nASK {}",
    "with a sign": b"Content-Length: +6\r\n\r\nASK {}",
    "hexadecimal": b"Content-Length: 0x6\r\n\r\nASK {}",
    "with a point": b"Content-Length: 6.0\r\n\r\nASK {}",
    "with an underscore": b"Content-Length: 1_0\r\n\r\nASK {}",
    "superscript": b"Content-Length: \xb2\r\n\r\nASK {}",
    "empty": b"Content-Length:\r\n\r\nASK {}",
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n" + CHUNK,
    "chunked in two fields": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK,
    "chunked, then identity": b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNK,
    "never chunked": b"Transfer-Encoding: gzip\r\n\r\n" + CHUNK,
    "folded": b"X-Field: one\r\n two\r\nContent-Length: 6\r\n\r\nASK {}",
    "folded length": b"Content-Length:\r\n 6\r\n\r\nASK {}",
    "space before the colon": b"Content-Length : 6\r\n\r\nASK {}",
    "tab before the colon": b"Transfer-Encoding\t: chunked\r\n\r\n" + CHUNK,
    "control before the value": b"Transfer-Encoding: \x0bchunked\r\n\r\n" + CHUNK,
    "zero byte": b"X-Field: a\x00b\r\nContent-Length: 6\r\n\r\nASK {}",
    "bare line feed in a value": b"X-Field: a\nContent-Length: 6\r\n\r\nASK {}",
    "bare line feeds": b"Content-Length: 6\n\nASK {}",
    "bare carriage return": b"X-Field: a\rContent-Length: 40\r\nContent-Length: 6\r\n\r\nASK {}",
    "no name": b": 6\r\nContent-Length: 6\r\n\r\nASK {}",
    "no colon": b"Content-Length 6\r\n\r\nASK {}",
    "two hosts": b"Host: y\r\nContent-Length: 6\r\n\r\nASK {}",
    "two content types": b"Content-Type: text/plain\r\nContent-Length: 6\r\n\r\nASK {}",
}


@pytest.mark.parametrize("case", AMBIGUOUS)
def test_a_request_of_uncertain_length_is_refused_and_nothing_behind_it_is_read(server: Server, case: str) -> None:
    with connection(server) as sent:
        sent.sendall(POST + AMBIGUOUS[case] + HIDDEN)
        refusal = answer(sent)
        assert refusal.status == 400
        assert refusal.headers["Content-Type"] == "application/problem+json"
        assert refusal.headers["Connection"] == "close"
        assert refusal.headers["X-Content-Type-Options"] == "nosniff"
        assert refusal.json["type"].endswith("/protocol-malformed")
        assert refusal.json["instance"] == f"urn:uuid:{refusal.headers['Passerelle-Request']}"
        assert is_closed(sent)


CHUNKS = {
    "not a number": b"x\r\nASK {}\r\n0\r\n\r\n",
    "negative": b"-6\r\nASK {}\r\n0\r\n\r\n",
    "with a sign": b"+6\r\nASK {}\r\n0\r\n\r\n",
    "with a prefix": b"0x6\r\nASK {}\r\n0\r\n\r\n",
    "with an underscore": b"0_6\r\nASK {}\r\n0\r\n\r\n",
    "with a space": b" 6\r\nASK {}\r\n0\r\n\r\n",
    "too long": b"6\r\nASK {} \r\n0\r\n\r\n",
    "bare line feed": b"6\nASK {}\n0\n\n",
    "no size": b"\r\nASK {}\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("case", CHUNKS)
def test_chunks_of_uncertain_size_are_refused_and_nothing_behind_them_is_read(server: Server, case: str) -> None:
    with connection(server) as sent:
        sent.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS[case] + HIDDEN)
        refusal = answer(sent)
        assert refusal.status == 400
        assert refusal.headers["Content-Type"] == "application/problem+json"
        assert is_closed(sent)


def test_a_huge_chunk_and_a_huge_length_are_refused(server: Server) -> None:
    for framing in (
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nASK {}",
        b"Content-Length: 99999999999999999999\r\n\r\nASK {}",
    ):
        with connection(server) as sent:
            sent.sendall(POST + framing)
            sent.shutdown(socket.SHUT_WR)
            assert answer(sent).status in (400, 413)
            assert is_closed(sent)


def test_two_requests_in_one_piece_are_two_requests(server: Server) -> None:
    with connection(server) as sent:
        sent.sendall(POST + b"Accept: text/csv\r\nContent-Length: 6\r\n\r\nASK {}" + query_head("SELECT (1 AS ?n) {}"))
        assert answer(sent).body in (b"true\r\n", b"true")
        assert answer(sent).body == b"n\r\n1\r\n"


MALFORMED = {
    "nothing to read": (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
    "no version": (b"GET /\r\n\r\n", 400),
    "two spaces": (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "no such version": (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505),
    "no version at all": (b"GET / HTTPS/1.1\r\nHost: x\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "authority": (b"GET example.org:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "raw bytes in the address": (b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "long address": (b"GET /sparql?query=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "long field": (b"GET / HTTP/1.1\r\nHost: x\r\nX-Field: " + b"a" * 9000 + b"\r\n\r\n", 431),
    "many fields": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Field: a\r\n" * 500 + b"\r\n", 431),
    "endless header": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Field: abcdefgh\r\n" * 8000, 431),
    "expectation": (b"GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n", 417),
    "transfer coding": (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: brotli\r\n\r\n", 501),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_request_gets_a_problem_in_both_languages(server: Server, case: str) -> None:
    sent_bytes, status = MALFORMED[case]
    with connection(server) as sent:
        sent.sendall(sent_bytes)
        refusal = answer(sent)
        assert refusal.status == status
        assert refusal.headers["Content-Type"] == "application/problem+json"
        assert refusal.headers["Content-Language"] == "en, fr"
        assert refusal.json["status"] == status
        assert " / " in refusal.json["detail"]
        assert b"<html" not in refusal.body
        assert b"aaaa" not in refusal.body
        assert is_closed(sent)


INJECTED = "x\r\nSet-Cookie: a=b\r\n\r\n<script>"


@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=ASK%7B%7D&format=",
        "/sparql?query=ASK%7B%7D&max-rows=",
        "/sparql?query=ASK%7B%7D&lang=",
        "/things?iri=http://x/",
        "/things?iri=",
        "/queries?lang=",
        "/queries/",
        "/releases/",
        "/id/",
        "/rules/",
        "/",
        "/?lang=",
        "/static/",
        "//",
    ],
)
def test_line_ends_in_parameters_and_addresses_make_no_header(server: Server, path: str) -> None:
    answered = ask(server, path + quote(INJECTED, safe=""))
    assert answered.status < 500
    assert "Set-Cookie" not in answered.headers


def test_a_strange_host_makes_no_header(server: Server) -> None:
    for host in ("x%0d%0aSet-Cookie: a", "x y", "[::1", "a/../b", "x:notaport", "<b>"):
        answered = ask(server, "/", Host=host)
        assert answered.status < 500
        assert "Set-Cookie" not in answered.headers
        assert b"<b>" not in answered.body
