"""Bodies that unpack, lie about their length or their characters, and headers that are too much or too many."""

from __future__ import annotations

import gzip
import zlib

import zstandard

from security.attack import Attack, as_bytes, asking, form, get, sent

_BOMB = b"ASK {} #" + b"a" * 10_000_000
_UNPACKED = "a kilobyte becomes gigabytes in memory"
_LENGTH = "two readers of one connection see two requests"
_TEXT = "what is no text becomes another query, or a failure"
_MUCH = "memory or time for each field"
_HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
_QUERY = "Content-Type: application/sparql-query"
_POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


def _coded(coding: str, body: bytes) -> bytes:
    return sent("POST", "/sparql", _QUERY, f"Content-Encoding: {coding}", body=body)


def _text(body: bytes, *, charset: str = "") -> bytes:
    return sent("POST", "/sparql", _QUERY + (f"; charset={charset}" if charset else ""), body=body)


_SELECT = "SELECT ('é' AS ?x) {}"
_FRAMES = {
    "two-lengths": b"Content-Length: 6\r\nContent-Length: 40\r\n\r\nASK {}",
    "length-and-chunks": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
    "chunks-and-length": b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
    "negative": b"Content-Length: -6\r\n\r\nASK {}",
    "plus": b"Content-Length: +6\r\n\r\nASK {}",
    "list": b"Content-Length: 6, 40\r\n\r\nASK {}",
    "folded": b"Content-Length:\r\n 6\r\n\r\nASK {}",
    "folded-field": b"X: 1\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\nASK {}",
    "bare-line-feeds": b"Content-Length: 6\n\nASK {}",
    "bare-carriage-returns": b"Content-Length: 6\r\rASK {}\r\n\r\n",
    "space-before-the-colon": b"Transfer-Encoding : chunked\r\nContent-Length: 6\r\n\r\nASK {}",
    "underscore-name": b"Transfer_Encoding: chunked\r\nContent-Length: 99999\r\nContent-Length: 6\r\n\r\nASK {}",
    "chunked-other": b"Transfer-Encoding: xchunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
    "chunked-quoted": b'Transfer-Encoding: "chunked"\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n',
    "chunk-size-letters": b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n0\r\n\r\n",
    "chunk-size-negative": b"Transfer-Encoding: chunked\r\n\r\n-6\r\nASK {}\r\n0\r\n\r\n",
    "chunk-too-long": b"Transfer-Encoding: chunked\r\n\r\n4\r\nASK {}\r\n0\r\n\r\n",
}

ATTACKS = (
    *(Attack(f"packed-{name}", _coded(coding, body), (415,), _UNPACKED, "sparql-content-coding")
      for name, coding, body in (
          ("gzip", "gzip", gzip.compress(_BOMB, 6)),
          ("gzip-of-gzip", "gzip, gzip", gzip.compress(gzip.compress(_BOMB))),
          ("deflate", "deflate", zlib.compress(_BOMB)), ("brotli", "br", b"\x1b\xff\xff\x00"),
          ("zstd", "zstd", zstandard.compress(_BOMB)), ("identity-gzip", "identity, gzip", gzip.compress(_BOMB)),
          ("capitals", "GZIP", gzip.compress(_BOMB)), ("unknown", "x-none", b"ASK {}"),
          ("never-packed", "gzip", b"ASK {}"),
      )),
    Attack("packed-validation", sent("POST", "/validate", "Content-Type: application/json", "Content-Encoding: gzip",
           body=gzip.compress(_BOMB)), (415,), _UNPACKED),
    # lengths
    *(Attack(f"framing-{name}", _POST + frame + _HIDDEN, (400, 501), _LENGTH, absent=b"/hidden")
      for name, frame in _FRAMES.items()),
    Attack("framing-longer-than-announced", _POST + b"Content-Length: 6\r\n\r\nASK {} UNION { SERVICE <x:> {} }",
           (200,), "what follows the length is another request"),
    Attack("framing-shorter-than-announced", _POST + b"Content-Length: 4000\r\n\r\nASK {}", (408,),
           "a query that was cut may be another query"),
    Attack("framing-huge-length", _POST + b"Content-Length: 99999999999999999999\r\n\r\nASK {}", (400, 413),
           "memory is set aside before the body comes"),
    Attack("framing-huge-chunk", _POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\nASK {}", (400, 408, 413),
           "as before"),
    Attack("framing-many-chunks", _POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n" + b"1\r\n \r\n" * 60_000
           + b"0\r\n\r\n", (200,), "time for each of many chunks"),
    Attack("framing-chunk-extension", _POST + b"Transfer-Encoding: chunked\r\n\r\n6;" + b"a" * 100_000
           + b"\r\nASK {}\r\n0\r\n\r\n", (200, 400), "memory for what means nothing"),
    Attack("framing-trailers", _POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n"
           + b"Content-Type: text/plain\r\n" * 2000 + b"\r\n", (200, 400), "as before"),
    Attack("framing-query-with-a-body", get("/sparql?query=ASK%7B%7D", "Content-Length: 6")[:-4]
           + b"\r\n\r\nDROP a", (200, 400), "the body of a GET means nothing"),
    Attack("framing-old-version", b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", (400,),
           _LENGTH),
    Attack("framing-older-version", b"GET /sparql?query=ASK%7B%7D\r\n\r\n", (400,), _LENGTH),
    Attack("framing-second-protocol", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 505), _LENGTH),
    Attack("framing-upgrade", asking("ASK {}", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"), (200,), _LENGTH),
    Attack("framing-encrypted", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\x7f" * 40 + b"\r\n\r\n", (400,),
           _LENGTH),
    Attack("framing-expectation", sent("POST", "/sparql", _QUERY, "Expect: 200-ok", body=b"ASK {}"), (417,), _LENGTH),
    # sizes
    Attack("line-too-long", get("/sparql?query=" + "a" * 9000), (414,), _MUCH),
    Attack("field-too-long", get("/", "X-Long: " + "a" * 100_000), (431,), _MUCH),
    Attack("cookie-too-long", get("/", "Cookie: " + "a=b; " * 3000), (431,), _MUCH),
    Attack("fields-1000", get("/", *(f"X-Field-{n}: a" for n in range(1000))), (431,), _MUCH),
    Attack("fields-same-1000", get("/", *(["X-Field: a"] * 1000)), (431,), _MUCH),
    Attack("field-name-too-long", get("/", "X" * 9000 + ": a"), (431,), _MUCH),
    Attack("accept-many", asking("ASK {}", "Accept: " + "a/b;q=0.1," * 700), (200, 406), _MUCH),
    Attack("accept-backtracking", asking("ASK {}", 'Accept: a/b;x="' + "\\a" * 3500), (200, 406), _MUCH),
    Attack("accept-quality", asking("ASK {}", "Accept: text/csv;q=" + "9" * 5000), (200, 406), _MUCH),
    Attack("accept-language-many", asking("ASK {}", "Accept-Language: " + "fr;q=0.1," * 800), (200,), _MUCH),
    Attack("accept-encoding-many", asking("ASK {}", "Accept-Encoding: " + "gzip;q=0.1," * 700), (200,), _MUCH),
    Attack("accept-encoding-odd", asking("ASK {}", "Accept-Encoding: gzip;q=nan, *;q=1e9, ;;=,zstd;q=-1"), (200,),
           _MUCH),
    Attack("if-none-match-many", asking("ASK {}", "If-None-Match: " + 'W/"a",' * 1300), (200,), _MUCH),
    Attack("if-none-match-open", asking("ASK {}", 'If-None-Match: W/"' + "a" * 8000), (200,), _MUCH),
    Attack("if-modified-since-odd", asking("ASK {}", "If-Modified-Since: Mon, 99 Foo 99999 99:99:99 GMT"), (200,),
           "a date that is none"),
    Attack("range-many", asking("ASK {}", "Range: bytes=" + ",".join(f"{n}-" for n in range(1000))), (200,),
           "the answer a thousand times"),
    Attack("range-many-of-a-file", get("/static/passerelle.css", "Range: bytes=" + ",".join(["0-"] * 1000)),
           (200, 206, 416), "as before"),
    Attack("range-beyond-of-a-file", get("/static/passerelle.css", "Range: bytes=99999999999999999999-"),
           (200, 416), "as before"),
    Attack("range-odd-of-a-file", get("/static/passerelle.css", "Range: bytes=-0,,a-b, --5"), (200, 206, 416),
           "as before"),
    Attack("content-type-many", sent("POST", "/sparql", "Content-Type: a/b" + ";a=b" * 1500, body=b"x"), (415,), _MUCH),
    Attack("multipart-query", sent("POST", "/sparql", "Content-Type: multipart/form-data; boundary=b",
           body=b'--b\r\nContent-Disposition: form-data; name="query"\r\n\r\nASK {}\r\n--b--\r\n'), (415,),
           "a way in that nobody looks at"),
    Attack("multipart-boundary", sent("POST", "/validate", "Content-Type: multipart/form-data; boundary=" + "b" * 7000,
           body=b"x"), (400,), _MUCH),
    Attack("multipart-parts", sent("POST", "/validate", "Content-Type: multipart/form-data; boundary=b",
           body=b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 5000 + b"--b--\r\n"),
           (400, 413), _MUCH),
    Attack("body-too-long", sent("POST", "/sparql", _QUERY, body=b"ASK {} #" + b"a" * 500_000), (413,), _MUCH),
    Attack("form-too-long", form("query=" + "a" * 500_000), (413,), _MUCH),
    # characters
    *(Attack(f"text-{name}", _text(body, charset=charset), expected, _TEXT) for name, body, charset, expected in (
        ("utf-16", _SELECT.encode("utf-16"), "", (400, 415)),
        ("utf-16-said", _SELECT.encode("utf-16"), "utf-16", (400, 415)),
        ("utf-16-without-mark", _SELECT.encode("utf-16-le"), "", (400,)),
        ("utf-32", _SELECT.encode("utf-32"), "", (400,)),
        ("utf-7", b"SELECT+ACo-{}", "utf-7", (400, 415)), ("latin-1", _SELECT.encode("latin-1"), "", (400,)),
        ("latin-1-said", _SELECT.encode("latin-1"), "iso-8859-1", (400, 415)),
        ("mark", _SELECT.encode("utf-8-sig"), "", (200, 400)),
        ("surrogate", b"SELECT ('\xed\xa0\x80' AS ?x) {}", "", (400,)),
        ("surrogate-escaped", b"SELECT ('\\uD800' AS ?x) {}", "", (400,)),
        ("beyond-unicode", b"SELECT ('\\UFFFFFFFF' AS ?x) {}", "", (400,)),
        ("overlong", b"SELECT ('\xc0\x80' AS ?x) {}", "", (400,)), ("nul", b"ASK\x00{}", "", (400,)),
        ("nul-escaped", b"SELECT ('\\u0000' AS ?x) {}", "", (200, 400)), ("cut", "é".encode()[:1], "", (400,)),
        ("empty", b" ", "", (400,)), ("unknown-charset", b"ASK {}", "none-such", (400, 415, 200)),
        ("other-spaces", "ASK\u00a0{}".encode(), "", (400,)), ("direction", "ASK {} #\u202e".encode(), "", (200,)),
        ("other-capitals", "ſELECT * {}".encode(), "", (400,)), ("dotless", "SERVıCE".encode(), "", (400, 403)),
        ("line-separators", "ASK {} #\u2028 DROP ALL".encode(), "", (200,)),
    )),
    *(Attack(f"text-in-an-address-{name}", get(b"/sparql?query=" + as_bytes(escaped)), (400,), _TEXT)
      for name, escaped in (
          ("invalid", "ASK%7B%7D%ff"), ("nul", "ASK%00%7B%7D"), ("overlong", "ASK%c0%a0%7B%7D"),
          ("surrogate", "ASK%7B%7D%23%ed%a0%80"), ("half-escape", "ASK%7B%7D%"), ("wrong-escape", "ASK%7B%7D%zz"),
          ("unicode-escape", "ASK%u007B%u007D"), ("utf-16", "%ff%feA%00S%00K%00"),
      )),
    Attack("text-in-a-field-name", form("%ff%fe=1&query=ASK%7B%7D"), (400, 200), _TEXT),
    Attack("text-in-a-header", asking("ASK {}", "Accept-Language: é\u202e"), (200, 400), _TEXT),
    Attack("text-in-accept", asking("ASK {}", "Accept: é/é"), (200, 400, 406), _TEXT),
)  # fmt: skip
