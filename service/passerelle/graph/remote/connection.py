"""HTTP to one SPARQL engine: connections that are used again, who we are, and no way to any other host.

Nothing comes from the environment (proxies, netrc); redirects are not followed; certificates are checked.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, TypeAlias, cast

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from passerelle.errors import BackendUnreachable
from passerelle.graph.remote.deadlines import Deadlines, Watched

Fields: TypeAlias = Sequence[tuple[str, str]]

CONNECT_SECONDS = 10.0
"""An engine that takes longer to accept a connection is down or overloaded."""
_ATTEMPTS = 2
"""An engine may close an idle connection just when it is used again."""


class ChallengedAuthentication(HTTPDigestAuth):
    """Digest or Basic (RFC 7616, RFC 7617), as the engine asks in its 401; nothing is sent before it asks."""

    def handle_401(self, r: requests.Response, **arguments: Any) -> requests.Response:
        """Answer the challenge once."""
        challenge = r.headers.get("WWW-Authenticate", "").lower()
        if "basic" not in challenge or "digest" in challenge or "Authorization" in r.request.headers:
            digested: requests.Response = cast("Any", super()).handle_401(r, **arguments)
            return digested
        r.content  # noqa: B018 - read to its end, so that the connection can be used again
        r.close()
        again = r.request.copy()
        HTTPBasicAuth(str(self.username), str(self.password))(again)
        answered = r.connection.send(again, **arguments)
        answered.history.append(r)
        answered.request = again
        return answered


class _Exchange:
    """The socket over which the request of a thread goes."""

    def __init__(self) -> None:
        self.over: HTTPConnection | None = None
        self.socket: socket.socket | None = None
        self.ended = False

    def end(self) -> None:
        """Wake up whoever reads from it."""
        self.ended = True
        found = self.socket or (None if self.over is None else self.over.sock)
        if found is not None:
            with suppress(OSError):
                # not that of a TLS socket, which takes its state away from who reads
                socket.socket.shutdown(found, socket.SHUT_RDWR)


_OF_THREAD = threading.local()


class _PlainConnection(HTTPConnection):
    """A connection that tells the exchange of its thread which socket it uses."""

    def request(self, *arguments: Any, **named: Any) -> None:
        exchange: _Exchange = _OF_THREAD.exchange
        exchange.over, exchange.socket = self, None
        super().request(*arguments, **named)
        exchange.socket = self.sock

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as that of urllib3 itself
        if _OF_THREAD.exchange.ended:
            raise TimeoutError
        return super().getresponse()


class _SecureConnection(_PlainConnection, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        cast("Any", super()).init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class Connection:
    """Requests to one engine, from any number of threads. Not for an engine's redirects: they are its failures."""

    def __init__(self, user: str = "", password: str = "", *, connections: int = 10) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"Accept-Encoding": "identity", "User-Agent": "passerelle"})
        adapter = _Adapter(pool_maxsize=connections)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        if user:
            self._session.auth = ChallengedAuthentication(user, password)
        self._deadlines = Deadlines()

    def within(self, seconds: float, end: Callable[[], None]) -> AbstractContextManager[Watched]:
        """Call `end` from another thread if the block takes longer."""
        return self._deadlines.within(seconds, end)

    def post(self, url: str, fields: Fields, accept: str, seconds: float) -> requests.Response:
        """Send a form; returns when the header of the answer is there.

        `seconds` bound the wait for it as a whole, and then for each piece of the body. Raises
        BackendUnreachable,
        requests.Timeout.
        """
        return self.send("POST", url, seconds, data=list(fields), headers={"Accept": accept})

    def send(
        self,
        method: str,
        url: str,
        seconds: float,
        *,
        data: bytes | list[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        parameters: Fields = (),
    ) -> requests.Response:
        """Send a request; a connection that broke before the header came is tried once more."""
        exchange = _OF_THREAD.exchange = _Exchange()
        with self.within(seconds, exchange.end):
            for _ in range(_ATTEMPTS):
                try:
                    response = self._session.request(
                        method,
                        url,
                        params=list(parameters) or None,
                        data=data,
                        headers=dict(headers or {}),
                        timeout=(CONNECT_SECONDS, seconds),
                        stream=True,
                        allow_redirects=False,
                    )
                except requests.Timeout:
                    raise
                except requests.RequestException as error:
                    if exchange.ended:
                        raise requests.ReadTimeout from None
                    if not isinstance(error, requests.ConnectionError):
                        break
                else:
                    if exchange.ended:  # a header that was cut passes for a whole one
                        response.close()
                        raise requests.ReadTimeout
                    return response
        raise BackendUnreachable("remote-unreachable")

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._session.close()
