"""Content coding (RFC 9110, 8.4): gzip and zstd (RFC 8878), by Accept-Encoding, for texts and for streams.

A stream is coded as it comes. Its first piece is flushed, so that the first byte is not held back, and a piece goes out
each second. When the answer breaks off, so does the coding: its end is never written, so that a client that decodes
sees a cut answer even where a proxy hid the broken connection.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, Protocol

import zstandard
from flask import Request, Response

Coding = Literal["zstd", "gzip"]
CODINGS: tuple[Coding, ...] = ("zstd", "gzip")
"""In the order of preference: zstd takes a third of the time of gzip."""

SMALLEST = 1024
"""Bytes; what is smaller fits one packet and gains nothing."""

_TEXTS = frozenset(
    {
        "application/json", "application/ld+json", "application/n-quads", "application/n-triples",
        "application/problem+json", "application/rdf+xml", "application/sarif+json",
        "application/sparql-results+json", "application/sparql-results+xml", "application/trig", "application/xml",
        "image/svg+xml",
    }
)  # fmt: skip
# a short answer is kept and sent again and again; a stream must not wait for its coder
_GZIP_SHORT, _GZIP_STREAM = 6, 1
_ZSTD_SHORT, _ZSTD_STREAM = 6, 1
_GZIP_WINDOW = 31  # the largest, with the header and the checksum of gzip
_FLUSH_SECONDS = 1.0
_RANGES_READ = 50


class _Coder(Protocol):
    def code(self, data: bytes) -> bytes:
        """What comes out when this goes in; may be empty."""

    def flush(self) -> bytes:
        """All that went in so far, decodable."""

    def end(self) -> bytes:
        """The rest, with the mark of the end."""


class _Gzip:
    def __init__(self, level: int) -> None:
        self._coder = zlib.compressobj(level, zlib.DEFLATED, _GZIP_WINDOW)
        self.code: Callable[[bytes], bytes] = self._coder.compress

    def flush(self) -> bytes:
        return self._coder.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._coder.flush(zlib.Z_FINISH)


class _Zstd:
    def __init__(self, level: int, size: int = -1) -> None:
        self._coder = zstandard.ZstdCompressor(level, write_checksum=True).compressobj(size)
        self.code: Callable[[bytes], bytes] = self._coder.compress

    def flush(self) -> bytes:
        return self._coder.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        return self._coder.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


class CodedBody(Iterator[bytes]):
    """The coded pieces of a body. A class with `close`, as a generator that was never started would not close it."""

    def __init__(self, body: Iterable[bytes], coder: _Coder) -> None:
        self._body = body
        self._pieces = iter(body)
        self._coder = coder
        self._flushed = float("-inf")
        self._ended = False

    def __next__(self) -> bytes:
        if self._ended:
            raise StopIteration
        for piece in self._pieces:
            coded = self._coder.code(piece)
            if time.monotonic() - self._flushed >= _FLUSH_SECONDS:
                coded += self._coder.flush()
            if coded:
                self._flushed = time.monotonic()
                return coded
        self._ended = True
        return self._coder.end()

    def close(self) -> None:
        """Give up what has not been read; the coding then has no end."""
        self._ended = True
        close: Any = getattr(self._body, "close", None)
        if close is not None:
            close()


def coding_of(accepted: str | None) -> Coding | None:
    """The coding of the highest quality that an Accept-Encoding header accepts; None: none, or the plain bytes."""
    if not accepted:
        return None
    qualities: dict[str, float] = {}
    for part in accepted.lower().split(",")[:_RANGES_READ]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        qualities[name] = _quality(parameters)
    others = qualities.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: qualities.get(coding, others))
    quality = qualities.get(best, others)
    return best if quality > 0 and quality >= qualities.get("identity", 0.0) else None


def coded(response: Response, request: Request) -> Response:
    """`response`, its body coded where the client takes it and it is worth it."""
    headers = response.headers
    coding = coding_of(request.headers.get("Accept-Encoding"))
    if coding is None or response.status_code in (204, 206, 304) or "Content-Encoding" in headers:
        return response
    length = response.content_length
    if not _is_text(headers.get("Content-Type", "")) or (length is not None and length < SMALLEST):
        return response
    tag = headers.get("ETag")
    if tag is not None and not tag.startswith("W/"):
        headers["ETag"] = f"W/{tag}"  # a strong tag names the bytes, which are others now
    if request.method != "HEAD":
        short = length is not None and not response.is_streamed
        if short:
            content = b"".join(response.iter_encoded())
            coder: _Coder = _Gzip(_GZIP_SHORT) if coding == "gzip" else _Zstd(_ZSTD_SHORT, len(content))
            whole = coder.code(content) + coder.end()
            response.response = [whole]
            response.content_length = len(whole)
        else:
            headers.pop("Content-Length", None)
            stream: _Coder = _Gzip(_GZIP_STREAM) if coding == "gzip" else _Zstd(_ZSTD_STREAM)
            response.response = CodedBody(response.response, stream)  # type: ignore[arg-type]
            response.direct_passthrough = True
    else:
        headers.pop("Content-Length", None)
    headers["Content-Encoding"] = coding
    return response


def _is_text(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type.startswith("text/") or media_type in _TEXTS


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0  # also what is no number
    return 1.0
