"""Small questions about a store, and updates: SPARQLWrapper writes and reads them, our connection carries them.

SPARQLWrapper alone would take proxies from the environment, follow redirects, and read answers as a whole without a
limit; answers to users are streamed by `relay` instead.
"""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import parse_qsl

from requests import Timeout
from SPARQLWrapper import JSON, POST, SPARQLWrapper

from passerelle.errors import BackendFailed, QueryTimeout
from passerelle.graph.remote.connection import Connection
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
        response = self._connection.post(request.full_url, fields, request.get_header("Accept") or "", self._seconds)
        with Received(response, _ANSWER_BYTES) as received:
            if response.status_code in (401, 403):
                raise BackendFailed("remote-forbidden")
            if response.status_code not in _OK:
                raise BackendFailed("remote-status", status=response.status_code)
            try:
                body = io.BufferedReader(received).read()
            except OSError:
                raise received.failure or BackendFailed("remote-cut") from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return _Response(body, headers), self.returnFormat


class Metadata:
    """Questions and updates of our own; from any number of threads."""

    def __init__(self, connection: Connection, endpoint: str, seconds: float, *, update: str = "") -> None:
        self._connection = connection
        self._endpoint = endpoint
        self._update = update or endpoint
        self._seconds = seconds

    def rows(self, query: str) -> Rows:
        """The rows of a SELECT, a value a variable that is bound. Raises BackendFailed, QueryTimeout."""
        answer = self._run(query)
        try:
            return [{name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]]
        except (KeyError, TypeError, AttributeError):
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
        except ValueError:
            raise BackendFailed("remote-format") from None
