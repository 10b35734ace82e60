"""Each request once: its id, how it ended and how long it took, for the log and for the metrics.

Layers and views inside may say in the environment: `passerelle.outcome`, `passerelle.route` (a pattern),
`passerelle.query` (the text of a query), `passerelle.query_kept` (whether a kept answer is one to a query). Never
logged: the address, parameters, headers, the client.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from passerelle.errors import PasserelleError
from passerelle.settings import Settings
from passerelle.web.admission.routes import OTHER, QUERY_ROUTES, pattern_of
from passerelle.web.operation.log_lines import FIELDS
from passerelle.web.operation.metrics import Metrics, Request
from passerelle.web.operation.query_traces import query_trace
from passerelle.web.responses.headers import RELEASE, REQUEST
from passerelle.web.responses.response_bodies import ObservedBody, observed_file

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG = logging.getLogger("passerelle.requests")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
"""Any other token is the client's own text."""


class RequestLog:
    """The outermost WSGI middleware. Raises SettingsError for a way to log queries that there is not."""

    def __init__(self, application: WSGIApplication, metrics: Metrics, settings: Settings) -> None:
        self._application = application
        self._metrics = metrics
        self._trace = query_trace(settings)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI."""
        exchange = _Exchange(environ)
        environ["passerelle.request_id"] = exchange.identifier

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            exchange.started(status, headers)
            return start_response(status, [*headers, (REQUEST, exchange.identifier)], error)

        try:
            body = self._application(environ, start)
        except BaseException as error:
            exchange.failed(error)
            self._ended(exchange)
            raise
        if observed_file(body, environ, lambda: self._ended(exchange)):
            exchange.sent_by_server()
            return body
        return _CountedBody(body, exchange, lambda: self._ended(exchange))

    def unreadable(self, status: HTTPStatus, identifier: str) -> None:
        """Something came that the server could not read as a request."""
        self._metrics.unreadable(status)
        fields = {"request": identifier, "route": OTHER, "status": status.value, "outcome": "unreadable"}
        _LOG.info("", extra={FIELDS: fields})

    def _ended(self, exchange: _Exchange) -> None:
        request = exchange.summary()
        self._metrics.count(request)
        if not _LOG.isEnabledFor(logging.INFO):
            return
        fields: dict[str, Any] = {
            "request": exchange.identifier,
            "method": request.method,
            "route": request.route,
            "status": request.status,
            "outcome": request.outcome,
            "milliseconds": round(request.seconds * 1000, 1),
            "bytes": exchange.sent,
            "release": exchange.release,
        }
        if exchange.error:
            fields["error"] = exchange.error
        query = exchange.environ.get("passerelle.query")
        if isinstance(query, str):
            fields |= self._trace(query, request.status)
        _LOG.info("", extra={FIELDS: fields})


# a random part for each process, and a number: a system call less than a random one for each request
_IDENTIFIERS = str(uuid4())[:-12]
_NUMBERS = count(1)


class _Exchange:
    """One request and its response, as far as it has gone."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.environ = environ
        self.identifier = f"{_IDENTIFIERS}{next(_NUMBERS):012x}"
        self.status = HTTPStatus.INTERNAL_SERVER_ERROR.value
        self.release: str | None = None
        self.sent = 0
        self.error = ""
        self._length = 0
        self._left = True  # until the end of the body has been seen
        self._begin = time.perf_counter()
        self._first: float | None = None

    def started(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status = int(status[:3])
        for name, value in headers:
            if name == RELEASE:
                self.release = value
            elif name == "Content-Length":
                self._length = int(value)

    def piece(self, size: int) -> None:
        if self._first is None:
            self._first = time.perf_counter()
        self.sent += size

    def whole(self) -> None:
        self._left = False

    def sent_by_server(self) -> None:
        self.sent, self._left = self._length, False

    def failed(self, error: BaseException) -> None:
        self._left = False
        self.error = error.message_id if isinstance(error, PasserelleError) else type(error).__name__

    def summary(self) -> Request:
        now = time.perf_counter()
        environ = self.environ
        method = environ["REQUEST_METHOD"]
        outcome = environ.get("passerelle.outcome")
        if self.error:
            outcome = "broken"
        elif self._left:
            outcome = "left"
        elif not outcome:
            outcome = "ok" if self.status < HTTPStatus.BAD_REQUEST else "refused"
        route = environ.get("passerelle.route") or pattern_of(environ.get("PATH_INFO", ""))
        return Request(
            method if method in _METHODS else OTHER,
            route,
            self.status,
            outcome,
            now - self._begin,
            (self._first or now) - self._begin,
            route in QUERY_ROUTES and ("passerelle.query" in environ or bool(environ.get("passerelle.query_kept"))),
        )


class _CountedBody(ObservedBody):
    """Counts the pieces, and sees how they end."""

    def __init__(self, body: Iterable[bytes], exchange: _Exchange, ended: Any) -> None:
        super().__init__(body, ended)
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = super().__next__()
        except StopIteration:
            self._exchange.whole()
            raise
        except BaseException as error:
            self._exchange.failed(error)
            raise
        self._exchange.piece(len(piece))
        return piece
