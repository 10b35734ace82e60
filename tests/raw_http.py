"""Requests as bytes over sockets, from any address of the loopback network: what no HTTP client lets one send."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlencode, urlsplit

from running_server import Server


def connection(server: Server, *, source: str = "127.0.0.1", receive_buffer: int = 0) -> socket.socket:
    """A connection from an address of 127.0.0.0/8."""
    parts = urlsplit(server.address)
    found = socket.socket()
    if receive_buffer:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    found.settimeout(60)
    try:
        found.bind((source, 0))
        found.connect((parts.hostname, parts.port))
    except OSError:
        found.close()
        raise
    return found


def client(server: Server, source: str) -> http.client.HTTPConnection:
    parts = urlsplit(server.address)
    assert parts.hostname is not None
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=60, source_address=(source, 0))


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


def answer(connection: socket.socket, method: str = "GET") -> Answer:
    """The next answer that comes on a connection."""
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    return Answer(response)


def ask(server: Server, path: str, *, source: str = "127.0.0.1", method: str = "GET", **headers: str) -> Answer:
    asking = client(server, source)
    asking.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    found = Answer(asking.getresponse())
    asking.close()
    return found


def query_path(query: str) -> str:
    return "/sparql?" + urlencode({"query": query})


def query_head(query: str) -> bytes:
    """A whole GET request for a query, on a connection that stays."""
    return f"GET {query_path(query)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side closes, after all that it sent."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        return True
    return True
