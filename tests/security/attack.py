"""One row of the table of attacks, and the requests that rows are made of: bytes, as no HTTP client would send them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

BROKEN_OFF = 0
"""Stands among the expected statuses where an answer may begin and must then be seen to break off."""

TOKEN = "0123456789abcdef0123456789abcdef"
"""Of administrators, on the attacked server."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A request and how a service that stands firm answers it.

    `expected` are the statuses that may come (several where the speed of the machine decides, or BROKEN_OFF), `kind`
    the end of the problem's type, `absent` and `present` what the body must not and must hold, `why` what is at stake.
    """

    name: str
    request: bytes
    expected: tuple[int, ...]
    why: str
    kind: str = ""
    absent: bytes = b""
    present: bytes = b""

    def __str__(self) -> str:
        return self.name

    @property
    def method(self) -> str:
        return self.request.partition(b" ")[0].decode("ascii", "replace")


def sent(method: str, target: str | bytes, *fields: str | bytes, body: bytes = b"") -> bytes:
    """A request of HTTP/1.1 with these header fields, nothing of it checked; a length where there is a body."""
    lines = [b" ".join((method.encode(), as_bytes(target), b"HTTP/1.1"))]
    if not any(as_bytes(each).lower().startswith(b"host:") for each in fields):
        lines.append(b"Host: passerelle.example")
    lines += map(as_bytes, fields)
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join((*lines, b"", b"")) + body


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def get(target: str | bytes, *fields: str | bytes) -> bytes:
    return sent("GET", target, *fields)


def asking(query: str, *fields: str, **parameters: str) -> bytes:
    """A GET request for a query."""
    return get("/sparql?" + urlencode({"query": query, **parameters}), *fields)


def posting(query: str, *fields: str) -> bytes:
    """A POST request whose body is a query, for those that are longer than an address may be."""
    return sent("POST", "/sparql", "Content-Type: application/sparql-query", *fields, body=query.encode())


def form(content: str | bytes, *fields: str) -> bytes:
    """A POST request whose body is a form, encoded already."""
    kind = "Content-Type: application/x-www-form-urlencoded"
    return sent("POST", "/sparql", kind, *fields, body=as_bytes(content))
