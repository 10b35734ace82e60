"""Answers that are kept: a repeated request to an immutable release is answered before Flask and without a process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from passerelle.settings import Settings
from passerelle.web.publication import Publication

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ResponseCache:
    """WSGI middleware around admission and application, for GET alone."""

    def __init__(self, application: WSGIApplication, publication: Publication, settings: Settings) -> None:
        self._application = application
        self._publication = publication
        self._settings = settings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._application(environ, start_response)
