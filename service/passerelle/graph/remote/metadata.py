"""Small questions about a store, and updates: SPARQLWrapper writes and reads them, our connection carries them.

SPARQLWrapper alone would take proxies from the environment, follow redirects, and read answers as a whole without a
limit; answers to users are streamed by `relay` instead.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from requests import Timeout
from SPARQLWrapper import JSON, POST, SPARQLWrapper

from passerelle.errors import BackendFailed, QueryTimeout
from passerelle.graph.remote.connection import Connection, Fields
from passerelle.graph.remote.dialect import RESULTS
from passerelle.graph.remote.received import Received

_ANSWER_BYTES = 64 * 1024 * 1024
"""A manifest of a thousand graphs has less than one megabyte."""
_OK = frozenset({200, 201, 204})

Rows = list[dict[str, str]]


class _Response(io.BytesIO):
    """What SPARQLWrapper wants of a response."""

    def __init__(self, content: bytes, headers: dict[str, str]) -> None:
        super().__init__(content)
        self._headers = headers

    def info(self) -> dict[str, str]:
        return self._headers


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper over our connection."""

    def __init__(self, endpoint: str, update: str, connection: Connection, seconds: float) -> None:
        super().__init__(endpoint, updateEndpoint=update, returnFormat=JSON)
        self.setMethod(POST)
        self._connection = connection
        self._seconds = seconds

    def _query(self) -> tuple[Any, str]:
        request = self._createRequest()
        content: Any = request.data
        fields = parse_qsl(content.decode("ascii"), keep_blank_values=True)
        # only what the protocol knows: engines object to the others that it sends along
        fields = [(name, value) for name, value in fields if name in {"query", "update"}]
        accept = request.get_header("Accept") or ""
        headers, body = _exchanged(self._connection, request.full_url, fields, accept, self._seconds)
        return _Response(body, {name.lower(): value for name, value in headers.items()}), self.returnFormat


def _exchanged(
    connection: Connection, url: str, fields: Fields, accept: str, seconds: float
) -> tuple[Mapping[str, str], bytes]:
    """Header and body of an answer, read as a whole. Raises BackendFailed, QueryTimeout, requests.Timeout."""
    response = connection.post(url, fields, accept, seconds)
    with Received(response, _ANSWER_BYTES) as received, connection.within(seconds, received.give_up):
        if response.status_code in (401, 403):
            raise BackendFailed("remote-forbidden")
        if response.status_code not in _OK:
            raise BackendFailed("remote-status", status=response.status_code)
        try:
            return response.headers, io.BufferedReader(received).read()
        except OSError:
            raise received.failure or BackendFailed("remote-cut") from None


class Metadata:
    """Questions and updates of our own; from any number of threads."""

    def __init__(self, connection: Connection, endpoint: str, seconds: float, *, update: str = "") -> None:
        self._connection = connection
        self._endpoint = endpoint
        self._update = update or endpoint
        self._seconds = seconds

    def rows(self, query: str) -> Rows:
        """The rows of a SELECT, a value a variable that is bound. Raises BackendFailed, QueryTimeout."""
        return _rows(self._run(query))

    def values(self, query: str) -> list[str]:
        """The values of `?value` in the rows of a SELECT. Raises BackendFailed, QueryTimeout.

        For what is asked with each question of a user: SPARQLWrapper takes some milliseconds of computing for each.
        """
        try:
            _, body = _exchanged(self._connection, self._endpoint, [("query", query)], RESULTS, self._seconds)
            return [row["value"] for row in _rows(json.loads(body))]
        except Timeout:
            raise QueryTimeout("query-timeout", seconds=self._seconds) from None
        except (ValueError, KeyError, RecursionError):
            raise BackendFailed("remote-format") from None

    def count(self, query: str) -> int:
        """The number that a SELECT of one row of one variable answers."""
        rows = self.rows(query)
        try:
            return int(next(iter(rows[0].values())))
        except (IndexError, StopIteration, ValueError):
            raise BackendFailed("remote-format") from None

    def update(self, update: str) -> None:
        """Run an update. Raises BackendFailed, QueryTimeout."""
        self._run(update, converted=False)

    def _run(self, text: str, *, converted: bool = True) -> Any:
        wrapper = _Wrapper(self._endpoint, self._update, self._connection, self._seconds)
        wrapper.setQuery(text)
        try:
            result = wrapper.query()
            return result.convert() if converted else None
        except Timeout:
            raise QueryTimeout("query-timeout", seconds=self._seconds) from None
        except (ValueError, RecursionError):
            raise BackendFailed("remote-format") from None


def _rows(answer: Any) -> Rows:
    try:
        return [{name: _text(cell) for name, cell in row.items()} for row in answer["results"]["bindings"]]
    except (KeyError, TypeError, AttributeError):
        raise BackendFailed("remote-format") from None


def _text(cell: Any) -> str:
    value = cell["value"]
    if not isinstance(value, str):
        raise TypeError
    return value
