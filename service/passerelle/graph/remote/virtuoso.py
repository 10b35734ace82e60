"""Virtuoso 7: what it hides, and what it writes otherwise than the standard; each point measured on 7.2.5.

- Rows beyond ResultSetMaxRows are left out with status 200; SELECT says so in X-SPARQL-MaxRows, CONSTRUCT nowhere.
- A timeout is status 200 with the rows found so far and X-SQL-State: S1TAT.
- An ASK is a row of the variable `__ASK_RETVAL`, or none. A boolean is written 1 or 0 in JSON, a duration as a number
  of months or of seconds.
- FROM in the query is added to the graphs of the protocol, which should replace it; without named graphs, GRAPH sees
  all, its own system graphs and those of a publication under way among them.
- `define`, `bif:`, `sql:`, OPTION and backquotes reach its SQL functions and its fetcher of foreign graphs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from itertools import chain
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
from passerelle.graph.limits import Limits
from passerelle.graph.question import Question
from passerelle.graph.remote.connection import Connection, Fields
from passerelle.graph.remote.dialect import NO_GRAPH, Dialect, dataset
from passerelle.graph.remote.query_text import TOKEN, based, unescaped, without_from

_OWN_WORDS = frozenset({"DEFINE", "OPTION"})
_OWN_NAMES = re.compile(r"(?:^|[^A-Za-z0-9_-])(?:bif|sql)\s*:", re.IGNORECASE)
_TIMED_OUT = ("S1TAT", "S1T00")
_XSD = rb"http://www\.w3\.org/2001/XMLSchema#"
_BOOLEAN = re.compile(rb'("datatype": "' + _XSD + rb'boolean", "value": )"([01])"')
_DURATION = re.compile(rb'("datatype": "' + _XSD + rb'duration", "value": )"(-?[0-9.]+)"')
_DURATION_IN_TRIPLES = re.compile(rb'"(-?[0-9.]+)"(\^\^<' + _XSD + rb"duration>)")
_ASK = b'"__ASK_RETVAL"'
_PROBED_ROWS = 1_000_001


class Virtuoso(Dialect):
    """Virtuoso 7.2. `cap` is its ResultSetMaxRows, None where it has none below a million."""

    name = "virtuoso"
    repeats_paths = True

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
        """Raise QueryRefused for its extensions of SPARQL, in either reading of codepoint escapes."""
        for text in {question.query, unescaped(question.query)}:
            for token in TOKEN.finditer(text):
                kind, found = token.lastgroup, token[0]
                if (
                    (kind == "word" and (found.upper() in _OWN_WORDS or _OWN_NAMES.search(found)))
                    or (kind == "iri" and _OWN_NAMES.match(found[1:]))
                    or found == "`"
                ):
                    raise QueryRefused("remote-extension", word=found[:40])

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

    def opened(self, response: Response, content: BinaryIO, *, solutions: bool) -> IO[bytes]:
        """The content with its booleans and durations as the standard has them."""
        if "X-SPARQL-MaxRows" in response.headers:
            raise AnswerTooLarge("answer-rows", limit=response.headers["X-SPARQL-MaxRows"])
        state = response.headers.get("X-SQL-State")
        if state in _TIMED_OUT:
            raise QueryTimeout("remote-timeout")
        if state:
            raise BackendFailed("remote-status", status=state)
        lines = _Rewritten(super().opened(response, content, solutions=solutions), solutions=solutions)
        return cast("IO[bytes]", lines)  # a parser reads, and does nothing else with it

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

    def __init__(self, content: IO[bytes], *, solutions: bool) -> None:
        self._lines = iter(_ask_as_boolean(content) if solutions else content)
        self._repaired = _repaired_row if solutions else _repaired_triple
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        if not self._rest:
            self._rest = self._repaired(next(self._lines, b""))
        piece, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return piece


def _ask_as_boolean(content: IO[bytes]) -> Iterable[bytes]:
    head = [content.readline() for _ in range(4)]
    if not any(_ASK in line for line in head if b'"vars"' in line):
        return chain(head, content)
    rows = b"".join(head) + content.read()
    return [b'{"head":{},"boolean":%s}' % (b"true" if b'"value": "1"' in rows else b"false")]


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
