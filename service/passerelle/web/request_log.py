"""Each request once: its id, how it ended and how long it took, for the log and for the metrics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from passerelle.settings import Settings
from passerelle.web.metrics import Metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class RequestLog:
    """The outermost WSGI middleware."""

    def __init__(self, application: WSGIApplication, metrics: Metrics, settings: Settings) -> None:
        self._application = application
        self._metrics = metrics
        self._settings = settings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._application(environ, start_response)
