"""Answers that are kept: a repeated request to an immutable release is answered before Flask and without a process.

A view says what may be kept (`environ["passerelle.keep"]`): whole answers 200 to deterministic queries, the same for
everybody. They are kept as they go out, in their content coding, under all that they depend on: the release that they
are of, the address and the headers that Vary names. When `current` points elsewhere, only what was asked under the name
of a release is found any more, as long as that is there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from passerelle.settings import Settings
from passerelle.web.releases.publication import Publication
from passerelle.web.responses.entity_tags import matches

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST = 1024 * 1024
"""Bytes of one answer; what is larger is worth its query."""

LONGEST_KEY = 8192
"""Characters of address and headers together; nobody asks again what is longer."""

_OVERHEAD = 1024  # bytes that headers and Python objects of an entry take, by measurement
_REPEATED = frozenset({"etag", "cache-control", "vary", "passerelle-release", "passerelle-demonstration", "link"})

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    headers: list[tuple[str, str]]
    body: bytes
    tag: str
    size: int
    is_query: bool

    @property
    def unchanged(self) -> list[tuple[str, str]]:
        """The headers of a 304 (RFC 9110, 15.4.5)."""
        return [(name, value) for name, value in self.headers if name.lower() in _REPEATED]


class ResponseCache:
    """WSGI middleware around admission and application, for GET alone. Thread-safe."""

    def __init__(self, application: WSGIApplication, publication: Publication, settings: Settings) -> None:
        self._application = application
        self._publication = publication
        self._capacity = settings.cache_bytes
        self._by_host = not settings.public_url
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._size = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request from what is kept, or have it answered and keep that."""
        key = self._key(environ)
        if key is None:
            return self._application(environ, start_response)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is None:
            return self._asked(key, environ, start_response)
        environ["passerelle.outcome"] = "cached"
        environ["passerelle.query_kept"] = kept.is_query
        if kept.tag and matches(environ.get("HTTP_IF_NONE_MATCH"), kept.tag):
            start_response("304 Not Modified", kept.unchanged)
            return []
        start_response("200 OK", kept.headers.copy())
        return [kept.body]

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """What a response depends on; None for a request whose response is not kept."""
        if environ["REQUEST_METHOD"] != "GET" or not self._capacity or "HTTP_AUTHORIZATION" in environ:
            return None
        release = self._publication.kept_for(environ.get("PATH_INFO", ""))
        if release is None:
            return None
        get = environ.get
        key = (
            release,
            get("PATH_INFO", ""),
            get("QUERY_STRING", ""),
            # as it was sent: `%2F` and `/` are two addresses
            get("RAW_URI", "").partition("?")[0],
            get("HTTP_ACCEPT", ""),
            get("HTTP_ACCEPT_ENCODING", ""),
            get("HTTP_ACCEPT_LANGUAGE", ""),
            get("HTTP_HOST", "") if self._by_host else "",
            environ["wsgi.url_scheme"],
        )
        return key if sum(map(len, key)) <= LONGEST_KEY else None

    def _asked(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            started.append((status, headers))
            return start_response(status, headers, error)

        body = self._application(environ, start)
        if not environ.get("passerelle.keep") or not started:
            return body
        status, headers = started[-1]
        values = {name.lower(): value for name, value in headers}
        length = values.get("content-length", "")
        if (
            not status.startswith("200 ")
            or not length.isdecimal()
            or int(length) > LARGEST
            or "set-cookie" in values
            # `current` may have moved between the look here and the one that the view took
            or values.get("passerelle-release") != key[0]
        ):
            return body
        try:
            content = b"".join(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        if len(content) == int(length):
            self._keep(key, headers, content, values.get("etag", ""), is_query="passerelle.query" in environ)
        return [content]

    def _keep(self, key: Key, headers: list[tuple[str, str]], body: bytes, tag: str, *, is_query: bool) -> None:
        kept = _Kept(list(headers), body, tag, len(body) + sum(map(len, key)) + _OVERHEAD, is_query)
        with self._lock:
            before = self._kept.pop(key, None)
            if before is not None:
                self._size -= before.size
            self._kept[key] = kept
            self._size += kept.size
            while self._size > self._capacity:
                self._size -= self._kept.popitem(last=False)[1].size
