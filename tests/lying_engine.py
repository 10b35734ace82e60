"""An HTTP server that answers every request with the bytes it was told, however wrong: an engine that lies."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, bytes], None]

HEAD = b'{"head":{"vars":["x"]},"results":{"bindings":['
ROW = b'{"x":{"type":"literal","value":"1"}}'
WHOLE = HEAD + ROW + b"]}}"
EMPTY = b'{"head":{"vars":["value"]},"results":{"bindings":[]}}'
JSON = b"application/sparql-results+json"


def response(body: bytes, *headers: bytes, status: bytes = b"200 OK", media_type: bytes = JSON) -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Type: " + media_type, *headers]
    if not any(header.lower().startswith((b"content-length", b"transfer-encoding")) for header in headers):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


@dataclass
class LyingEngine:
    """`lie` answers the questions of users, `own` those of the backend; `requests` are those that came."""

    address: str
    lie: Answer
    own: Answer = lambda peer, _: peer.sendall(response(EMPTY, b"Connection: close"))
    requests: list[bytes] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def lying_engine(lie: Answer | bytes, listener: socket.socket | None = None) -> Iterator[LyingEngine]:
    """At an address of its own, or that of a bound socket, which refuses connections until then."""
    listener = listener or socket.create_server(("127.0.0.1", 0))
    listener.listen()
    told = lie
    answer: Answer = (lambda peer, _: peer.sendall(told)) if isinstance(told, bytes) else told
    engine = LyingEngine(f"http://127.0.0.1:{listener.getsockname()[1]}/sparql", answer)

    def serve(peer: socket.socket) -> None:
        with peer, suppress(OSError):
            request = _request(peer)
            engine.requests.append(request)
            # what the backend asks on its own is answered truly: a store without any graph
            own = any(mark in request for mark in (b"urn%3Apasserelle", b"query=ASK+%7B%7D", b"COUNT"))
            if own:
                engine.own(peer, request)
            else:
                engine.lie(peer, request)

    def accept() -> None:
        with suppress(OSError):
            while True:
                peer, _ = listener.accept()
                threading.Thread(target=serve, args=(peer,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield engine
    finally:
        engine.released.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _request(peer: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += peer.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body
