"""Virtuoso 7: what it hides, and what it writes otherwise than the standard; each point measured on 7.2.5.

- Rows beyond ResultSetMaxRows are left out with status 200; SELECT says so in X-SPARQL-MaxRows, CONSTRUCT nowhere.
- A timeout is status 200 with the rows found so far and X-SQL-State: S1TAT.
- An ASK is a row of the variable `__ASK_RETVAL`, or none: a SELECT may name one so, hence `Question.kind` decides. A
  boolean is written 1 or 0 in JSON, a duration as a number of months or of seconds.
- FROM in the query is added to the graphs of the protocol, which should replace it; without named graphs, GRAPH sees
  all, its own system graphs and those of a publication under way among them.
- `define`, `bif:`, `sql:`, OPTION and backquotes reach its SQL functions and its fetcher of foreign graphs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import IO, BinaryIO, cast

from requests import Response

from passerelle.errors import (
    AnswerTooLarge,
    BackendFailed,
    PasserelleError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
)
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.query_tokens import Token, tokens, unescape, vendor_function
from passerelle.graph.answering.question import Kind, Question
from passerelle.graph.remote.connection import Connection, Fields
from passerelle.graph.remote.dialect import NO_GRAPH, Dialect, dataset
from passerelle.graph.remote.paths import repeats_rows
from passerelle.graph.remote.query_text import based, without_from

_OWN_WORDS = frozenset({"DEFINE", "OPTION"})
_TIMED_OUT = ("S1TAT", "S1T00")
_XSD = rb"http://www\.w3\.org/2001/XMLSchema#"
_BOOLEAN = re.compile(rb'("datatype": "' + _XSD + rb'boolean", "value": )"([01])"')
_DURATION = re.compile(rb'("datatype": "' + _XSD + rb'duration", "value": )"(-?[0-9.]+)"')
_DURATION_IN_TRIPLES = re.compile(rb'"(-?[0-9.]+)"(\^\^<' + _XSD + rb"duration>)")
_ASK = b'"__ASK_RETVAL"'
_ASK_BYTES = 4096
"""A row with a one, or none: some hundred."""
_LINE_BYTES = 16 * 1024 * 1024
"""A row or a triple; the longest text of a release has some thousand."""
_PROBED_ROWS = 1_000_001


class Virtuoso(Dialect):
    """Virtuoso 7.2. `cap` is its ResultSetMaxRows, None where it has none below a million."""

    name = "virtuoso"

    def __init__(self, cap: int | None) -> None:
        self._cap = cap

    @classmethod
    def probed(cls, connection: Connection, endpoint: str, seconds: float) -> Virtuoso:
        """Find out the cap by a product of its system graphs with themselves, which ends at the cap."""
        query = f"SELECT (1 AS ?one) {{ GRAPH ?a {{ ?b ?c ?d }} GRAPH ?e {{ ?f ?g ?h }} }} LIMIT {_PROBED_ROWS}"
        with connection.post(endpoint, [("query", query)], "text/csv", seconds) as response:
            cap = response.headers.get("X-SPARQL-MaxRows", "")
        return cls(int(cap) if cap.isdecimal() else None)

    def check(self, question: Question) -> None:
        """Raise QueryRefused for rows that it would repeat, and its extensions in either reading of escapes."""
        for text in {question.query, unescape(question.query)}:
            for token in tokens(text):
                if _is_extension(token):
                    raise QueryRefused("remote-extension", word=token.text[:40])
        if repeats_rows(question.query):
            raise QueryRefused("sparql-path-repeats")

    def fields(self, question: Question, default: tuple[str, ...], named: tuple[str, ...], limits: Limits) -> Fields:
        """The query with its dataset, and the time after which the engine itself shall stop (milliseconds)."""
        # it takes nothing under a second
        timeout = ("timeout", str(max(1000, round(limits.seconds * 1000))))
        query = based(question.query, question.base_iri)
        if question.default_graphs or question.named_graphs:
            given = dataset(question.default_graphs, question.named_graphs)
            return [("query", without_from(query)), *given, timeout]
        if question.own_dataset:
            # added to those of FROM NAMED: without it GRAPH would see everything
            return [("query", query), ("named-graph-uri", NO_GRAPH), timeout]
        return [("query", query), *dataset(default, named), timeout]

    def opened(self, response: Response, content: BinaryIO, kind: Kind) -> IO[bytes]:
        """The content with its booleans and durations as the standard has them."""
        if "X-SPARQL-MaxRows" in response.headers:
            raise AnswerTooLarge("answer-rows", limit=response.headers["X-SPARQL-MaxRows"])
        state = response.headers.get("X-SQL-State")
        if state in _TIMED_OUT:
            raise QueryTimeout("remote-timeout")
        if state:
            raise BackendFailed("remote-status", status=state)
        found = super().opened(response, content, kind)
        if kind == "boolean":
            return io.BytesIO(_ask_as_boolean(found))
        # a parser reads, and does nothing else with it
        return cast("IO[bytes]", _Rewritten(found, _repaired_triple if kind == "triples" else _repaired_row))

    def triples_at_most(self) -> int | None:
        """Its ResultSetMaxRows."""
        return self._cap

    def failure(self, status: int, text: str, seconds: float) -> PasserelleError:
        """Its state is in the text: `Virtuoso 37000 Error SP030: SPARQL compiler, line 2: …`."""
        if text.startswith("Virtuoso S1T") or "estimated execution time" in text:
            return QueryTimeout("remote-timeout")
        if text.startswith("Virtuoso 37000") and "SPARQL compiler" in text:
            return QuerySyntaxError("remote-syntax")
        return super().failure(status, text, seconds)


class _Rewritten(io.RawIOBase):
    """Its lines, one a row or a triple, with the terms that it writes in its own way put right."""

    def __init__(self, content: IO[bytes], repaired: Callable[[bytes], bytes]) -> None:
        self._content = content
        self._repaired = repaired
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end. Raises BackendFailed for a line that is none of its rows."""
        if not self._rest:
            line = self._content.readline(_LINE_BYTES)
            if len(line) == _LINE_BYTES:
                raise BackendFailed("remote-format")
            self._rest = self._repaired(line)
        piece, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return piece


def _is_extension(token: Token) -> bool:
    if token.kind == "word":
        return token.text.upper() in _OWN_WORDS
    name = token.text[1:] if token.kind == "iri" else token.text
    return name == "`" or (token.kind in ("iri", "prefixed") and bool(vendor_function(name)))


def _ask_as_boolean(content: IO[bytes]) -> bytes:
    answer = content.read(_ASK_BYTES)
    if len(answer) == _ASK_BYTES:
        raise BackendFailed("remote-format")
    if _ASK not in answer:
        return answer
    return b'{"head":{},"boolean":%s}' % (b"true" if b'"value": "1"' in answer else b"false")


def _repaired_row(line: bytes) -> bytes:
    if b"XMLSchema#boolean" in line:
        line = _BOOLEAN.sub(lambda m: m[1] + (b'"true"' if m[2] == b"1" else b'"false"'), line)
    if b"XMLSchema#duration" in line:
        line = _DURATION.sub(lambda m: m[1] + b'"' + duration(m[2].decode()).encode() + b'"', line)
    return line


def _repaired_triple(line: bytes) -> bytes:
    if b"XMLSchema#duration" in line:
        line = _DURATION_IN_TRIPLES.sub(lambda m: b'"' + duration(m[1].decode()).encode() + b'"' + m[2], line)
    return line


def duration(number: str) -> str:
    """The xsd:duration behind a number: months where it is whole, seconds where it has a point.

    >>> duration("14"), duration("180000.0"), duration("0.5")
    ('P1Y2M', 'P2DT2H', 'PT0.5S')
    """
    sign, number = ("-", number[1:]) if number.startswith("-") else ("", number)
    if "." not in number:
        years, months = divmod(int(number), 12)
        return f"{sign}P" + (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    whole, _, fraction = number.partition(".")
    minutes, seconds = divmod(int(whole or 0), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    exact = f"{seconds}.{fraction}".rstrip("0").rstrip(".")
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{exact}S" if exact != "0" else "")
    if not days and not time:
        time = "0S"
    return f"{sign}P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")
