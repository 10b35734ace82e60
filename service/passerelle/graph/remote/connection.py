"""HTTP to one SPARQL engine: connections that are used again, who we are, and no way to any other host.

Nothing comes from the environment (proxies, netrc); redirects are not followed; certificates are checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from passerelle.errors import BackendFailed

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


class Connection:
    """Requests to one engine, from any number of threads. Not for an engine's redirects: they are its failures."""

    def __init__(self, user: str = "", password: str = "", *, connections: int = 10) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"Accept-Encoding": "identity", "User-Agent": "passerelle"})
        adapter = HTTPAdapter(pool_maxsize=connections)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        if user:
            self._session.auth = ChallengedAuthentication(user, password)

    def post(self, url: str, fields: Fields, accept: str, seconds: float) -> requests.Response:
        """Send a form; returns when the header of the answer is there.

        `seconds` bound the wait for each piece of it. Raises BackendFailed, requests.Timeout.
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
        for attempt in range(_ATTEMPTS):
            try:
                return self._session.request(
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
            except requests.ConnectionError:
                if attempt + 1 == _ATTEMPTS:
                    raise BackendFailed("remote-unreachable") from None
            except requests.RequestException:
                raise BackendFailed("remote-unreachable") from None
        raise BackendFailed("remote-unreachable")

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._session.close()
