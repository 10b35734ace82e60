"""What scripts of other sites may read in a browser (CORS, Fetch Standard 3.2): all that is public and takes no secret.

A layer around the application, so that a refusal of any layer inside is readable as well: without the header a
browser hides the error from the script that must show it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from passerelle.web.responses.headers import OURS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_CLOSED = ("/admin", "/validate", "/metrics", "/healthz", "/readyz")
_ORIGIN = ("Access-Control-Allow-Origin", "*")
_EXPOSED = (
    "Access-Control-Expose-Headers",
    ", ".join(("Content-Encoding", "ETag", "Link", "Location", "Retry-After", *OURS)),
)
_ASKED = "Accept, Accept-Language, Cache-Control, Content-Type, If-None-Match"
_DAY = "86400"


class CrossOrigin:
    """WSGI middleware: the headers on every response of an open address, and the answer to OPTIONS there."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or have it answered."""
        path = environ.get("PATH_INFO", "")
        if not is_open(path):
            return self._application(environ, start_response)
        if environ["REQUEST_METHOD"] == "OPTIONS":
            environ["passerelle.outcome"] = "ok"
            start_response("204 No Content", _preflight(path))
            return []

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            return start_response(status, [*headers, _ORIGIN, _EXPOSED], error)

        return self._application(environ, start)


def is_open(path: str) -> bool:
    """Whether scripts of other sites may read what is at a path: not what is an administrator's, not credentials."""
    return not any(path == closed or path.startswith(f"{closed}/") for closed in _CLOSED)


def _preflight(path: str) -> list[tuple[str, str]]:
    methods = "GET, HEAD, POST, OPTIONS" if path.endswith("/sparql") else "GET, HEAD, OPTIONS"
    return [
        ("Allow", methods),
        _ORIGIN,
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Allow-Headers", _ASKED),
        ("Access-Control-Max-Age", _DAY),
    ]
