"""Content coding: which one a client gets, that streams flow, and that a broken answer stays broken."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest
import zstandard
from flask import Flask, Response, request

from passerelle.web.responses.compression import SMALLEST, CodedBody, coded, coding_of


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate", "gzip"),
        ("deflate, br", None),
        ("zstd;q=0.5, gzip;q=0.8", "gzip"),
        ("zstd;q=0.5, gzip;q=0.5", "zstd"),
        ("zstd;q=0, gzip", "gzip"),
        ("gzip;q=0", None),
        ("*", "zstd"),
        ("*;q=0", None),
        ("gzip;q=0, *", "zstd"),
        ("identity", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("gzip;q=nan", None),
        ("gzip;q=2", None),
        ("gzip;q=x", None),
    ],
)
def test_the_coding_that_a_header_asks_for(accepted: str | None, coding: str | None) -> None:
    assert coding_of(accepted) == coding


class Pieces:
    def __init__(self, *pieces: bytes, breaks: bool = False) -> None:
        self.pieces = iter(pieces)
        self.breaks = breaks
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self.pieces, None)
        if piece is None:
            if self.breaks:
                raise RuntimeError("broken off")
            raise StopIteration
        return piece

    def close(self) -> None:
        self.closed += 1


def response_to(accepted: str, response: Response, method: str = "GET") -> Response:
    with Flask("test").test_request_context(method=method, headers={"Accept-Encoding": accepted}):
        return coded(response, request)


def stream(accepted: str, body: Pieces) -> CodedBody:
    response = response_to(accepted, Response(body, content_type="text/csv", direct_passthrough=True))
    assert "Content-Length" not in response.headers
    assert isinstance(response.response, CodedBody)
    return response.response


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_the_first_piece_of_a_stream_goes_out_at_once_and_the_rest_follows(coding: str) -> None:
    pieces = [b"first\n", *(f"row {number}\n".encode() * 200 for number in range(200))]
    body = stream(coding, Pieces(*pieces))
    decoder = zlib.decompressobj(31) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj()
    assert decoder.decompress(next(body)) == b"first\n"
    assert b"".join(decoder.decompress(piece) for piece in body) == b"".join(pieces[1:])
    assert decoder.eof
    assert not decoder.unused_data


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_stream_that_breaks_off_has_no_end(coding: str) -> None:
    body = stream(coding, Pieces(b"first\n", b"second\n" * 1000, breaks=True))
    received = [next(body)]
    with pytest.raises(RuntimeError, match="broken off"):
        received.extend(body)
    body.close()
    assert list(body) == []
    decoder = zlib.decompressobj(31) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj()
    for piece in received:
        decoder.decompress(piece)
    assert not decoder.eof


def test_a_body_that_nobody_reads_is_closed() -> None:
    pieces = Pieces(b"first")
    stream("gzip", pieces).close()
    assert pieces.closed == 1


def test_empty_streams_are_whole() -> None:
    assert gzip.decompress(b"".join(stream("gzip", Pieces()))) == b""
    assert zstandard.ZstdDecompressor().decompressobj().decompress(b"".join(stream("zstd", Pieces()))) == b""


@pytest.mark.parametrize(
    "response",
    [
        Response(b"a" * (SMALLEST - 1), content_type="text/csv"),
        Response(b"a" * SMALLEST, content_type="image/png"),
        Response(b"a" * SMALLEST, content_type="text/csv", headers={"Content-Encoding": "br"}),
        Response(b"a" * SMALLEST, content_type="text/csv", status=206),
        Response(status=304),
    ],
)
def test_what_is_left_as_it_is(response: Response) -> None:
    before = response.headers.copy()
    assert response_to("gzip", response).headers == before


def test_a_strong_tag_becomes_weak_and_head_says_what_get_would() -> None:
    content = b"a" * SMALLEST
    found = response_to("gzip", Response(content, content_type="text/css", headers={"ETag": '"a"'}))
    assert found.headers["ETag"] == 'W/"a"'
    assert gzip.decompress(found.data) == content
    assert found.content_length == len(found.data)
    head = response_to("gzip", Response(content, content_type="text/css"), "HEAD")
    assert head.headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in head.headers
