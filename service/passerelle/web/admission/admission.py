"""A share for each client: how many of its requests work and wait at once, and how many come in a second.

Behind it stands the queue of the query processes, which is the same for all. What costs no process passes freely.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from passerelle.errors import Overloaded, PasserelleError, TooManyRequests
from passerelle.settings import Settings
from passerelle.web.admission.client_address import client_of
from passerelle.web.admission.client_shares import ClientShares, Shares
from passerelle.web.admission.routes import costs, is_administrators
from passerelle.web.http.slow_clients import abandon
from passerelle.web.responses.problems import problem_document
from passerelle.web.responses.response_bodies import ObservedBody, observed_file

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Admission:
    """WSGI middleware; answers 429 with a problem and Retry-After, and gives the place back when the body has ended."""

    def __init__(self, application: WSGIApplication, settings: Settings) -> None:
        self._application = application
        self._proxies = settings.proxies
        self._clients = ClientShares(
            Shares(
                queries=max(settings.client_queries, 1),
                waiting=max(settings.client_waiting, 0),
                rate=settings.client_rate,
                burst=settings.client_burst,
                # a quarter of the threads is for what costs nothing, and half at most for who waits for a turn
                places=max(settings.threads - max(settings.threads // 4, 1), 1),
                waiting_places=max(settings.threads // 2, 1),
                wait_seconds=settings.query_seconds,
            )
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI."""
        path = environ.get("PATH_INFO", "")
        if is_administrators(path):
            return self._administration(environ, start_response)
        if not costs(environ["REQUEST_METHOD"], path):
            return self._application(environ, start_response)
        client = client_of(environ, self._proxies)
        try:
            self._clients.enter(client)
        except (TooManyRequests, Overloaded) as error:
            return refused(environ, start_response, error)
        begin = time.monotonic()

        def leave() -> None:
            self._clients.leave(client, time.monotonic() - begin)

        try:
            body = self._application(environ, start_response)
        except BaseException:
            leave()
            raise
        return body if observed_file(body, environ, leave) else ObservedBody(body, leave)

    def _administration(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Few guesses at the token: an attempt is counted before it is looked at, so that many at once do not help."""
        client = client_of(environ, self._proxies)
        try:
            self._clients.attempt(client)
        except TooManyRequests as error:
            return refused(environ, start_response, error)

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            if not status.startswith("401"):
                self._clients.attempt_succeeded(client)
            return start_response(status, headers, error)

        return self._application(environ, start)


def refused(environ: WSGIEnvironment, start_response: StartResponse, error: PasserelleError) -> Iterable[bytes]:
    """The problem as a response. A body that is still to come is not waited for."""
    environ["passerelle.outcome"] = "refused" if isinstance(error, TooManyRequests) else "overloaded"
    connection = environ.get("gunicorn.socket")
    if connection is not None and (environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ):
        abandon(connection)
    status, headers, body = problem_document(environ, error)
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
