"""Connections of gunicorn's threads: one takes a thread when its header has come, and no address takes all threads.

    accepted ─► waits for a header (poller) ─► waits for a thread (fair queue) ─► thread ─► kept or closed (poller)

As long as nobody waits for a thread, it stays for a moment with its connection, where the next request often follows at
once: to change threads costs more than a repeated answer. Whatever depends on the pace of a client happens in the
poller, with a deadline. In a thread, the body has a deadline, and so has the request as a whole. Methods that
gunicorn's own code calls are marked `override`.
"""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from typing import Any
from uuid import uuid4

from gunicorn.http.errors import InvalidHeader, LimitRequestHeaders
from gunicorn.workers.gthread import TConn, ThreadWorker

from passerelle.web.admission.client_address import network_of
from passerelle.web.http.exchange import exchange
from passerelle.web.http.fair_queue import FairQueue
from passerelle.web.http.lingering import Lingering
from passerelle.web.http.protocol_errors import response_of, status_of
from passerelle.web.http.slow_clients import cut_off, is_abandoned
from passerelle.web.http.waiting_headers import Header, comes_soon, look

STOPPING = "stopping"
"""The extension of the application that is set (threading.Event) when the server begins to stop."""
_DRAIN_SECONDS = 0.1
_DRAIN_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds for the header of a request, for its body, and for all of it with the answer."""

    header: float
    body: float
    request: float


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """What gunicorn knows of a connection, and how far the next header has come."""

    def __init__(self, worker: ConnectionWorker, *given: Any) -> None:
        super().__init__(*given)
        self.worker = worker
        self.seen = 0
        self.too_long = False
        # behind proxies of ours all come from the same few addresses
        self.peer: Hashable = id(self) if worker.behind_proxies else network_of(self.client[0]) or self.client[0]

    @property
    def read_ahead(self) -> bytes:
        """Bytes of the next request that came with the one before."""
        return b"" if self.parser is None else self.parser.unreader.buf.getvalue()

    def close(self, graceful: bool = False) -> None:
        """Override: never wait for the client here, in the one loop that serves all."""
        if graceful:
            self.worker.linger(self.sock)
        else:
            super().close()


class ConnectionWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's worker with threads; see the head of the module."""

    deadlines = Deadlines(10.0, 60.0, 300.0)
    behind_proxies = False

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._queue: FairQueue[Connection] = FairQueue(self.cfg.threads)
        self._bodies: dict[Connection, float] = {}
        self._requests: dict[Connection, float] = {}
        self._lingering = Lingering()

    def accept(self, listener: socket.socket) -> None:
        """Override: take a connection, which waits for its first header."""
        try:
            accepted, address = listener.accept()
        except OSError:  # the client has gone, or no descriptor is free: the poller calls again
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        self.enqueue_req(Connection(self, self.cfg, accepted, address, listener.getsockname()))

    def enqueue_req(self, conn: Connection) -> None:
        """Override: every way to a thread leads through here; wait for the whole header first."""
        conn.seen = 0
        conn.data_ready = True
        conn.sock.setblocking(False)
        if not self._header_came(conn):
            conn.timeout = time.monotonic() + self.deadlines.header
            self.pending_conns.append(conn)
            self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Override: more of a header has come; the deadline stays."""
        if client.fileno() >= 0 and self._header_came(conn):  # not closed by another event of the same round
            self.poller.unregister(client)
            self.pending_conns.remove(conn)

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Override: a next request begins on a connection that was kept."""
        if client.fileno() >= 0:
            super().on_client_socket_readable(conn, client)

    def _header_came(self, conn: Connection) -> bool:
        """Whether there is nothing to wait for any more; then the connection has been handed on or closed."""
        header, conn.seen = look(conn.sock, conn.read_ahead, conn.seen)
        if header is Header.PARTLY:
            return False
        if header is Header.GONE:
            self.nr_conns -= 1
            # after `unregister` of the caller
            self.method_queue.defer(conn.close)
            return True
        conn.too_long = header is Header.TOO_LONG
        self._queue.put(conn.peer, conn)
        self._start_next()
        return True

    def _start_next(self) -> None:
        while (conn := self._queue.take()) is not None:
            future = self.tpool.submit(self.handle, conn)
            future.add_done_callback(partial(self._handled, conn))

    def _handled(self, conn: Connection, future: Any) -> None:
        self.method_queue.defer(self.finish_request, conn, future)

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Override: the thread is free for the next one."""
        self._queue.give_back(conn.peer)
        super().finish_request(conn, fs)
        self._start_next()

    def handle(self, conn: Connection) -> Any:
        """Override: runs in a thread, for one request of a connection or for several that follow at once."""
        if conn.too_long:
            self.handle_error(None, conn.sock, conn.client, LimitRequestHeaders("header"))
            return False
        kept = self._handle_next(conn)
        while kept and self.alive and not self._queue and not conn.read_ahead and comes_soon(conn.sock):
            kept = self._handle_next(conn)
        return kept

    def _handle_next(self, conn: Connection) -> Any:
        try:
            return super().handle(conn)
        finally:
            self._bodies.pop(conn, None)
            self._requests.pop(conn, None)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Override: called by `handle` once the header is read."""
        if req.version >= (1, 1) and not any(name == "HOST" for name, _ in req.headers):
            raise InvalidHeader("HOST")  # RFC 9112, 3.2
        now = time.monotonic()
        self._bodies[conn] = now + self.deadlines.body
        self._requests[conn] = now + self.deadlines.request
        return exchange(self, req, conn)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """Override: wait less for a rest of the body that nobody read."""
        if not keepalive or is_abandoned(conn.sock):
            return False
        return bool(conn.parser.finish_body(deadline=time.monotonic() + _DRAIN_SECONDS, max_bytes=_DRAIN_BYTES))

    def handle_error(self, _req: Any, client: socket.socket, _addr: Any, exc: BaseException) -> None:
        """Override: what could not be read, as a problem."""
        status, identifier = status_of(exc), str(uuid4())
        unreadable = getattr(getattr(self.wsgi, "wsgi_app", None), "unreadable", None)
        if unreadable is not None:
            unreadable(status, identifier)
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.exception("Error handling request")
        with suppress(OSError):  # the client has gone
            client.sendall(response_of(status, identifier))

    def notify(self) -> None:
        """Override: called by the loop, once a second or more often."""
        super().notify()
        now = time.monotonic()
        for conn, deadline in list(self._bodies.items()):
            if deadline <= now:
                self._bodies.pop(conn, None)
                cut_off(conn.sock, self.deadlines.body)
        for conn, deadline in list(self._requests.items()):
            if deadline <= now:
                self._requests.pop(conn, None)
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
        self._lingering.expire()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Override: SIGTERM."""
        wsgi = getattr(self, "wsgi", None)  # missing while the worker starts
        stopping = getattr(wsgi, "extensions", {}).get(STOPPING)
        if stopping is not None:
            stopping.set()
        super().handle_exit(sig, frame)

    def linger(self, connection: socket.socket) -> None:
        """Close a connection without waiting for its client."""
        self._lingering.close(connection, self.poller)

    def _make_room(self) -> None:
        """Close a connection of the address that has most that wait: the oldest idle one, else a queued one."""
        idle = (*self.pending_conns, *self.keepalived_conns)
        peers = Counter(conn.peer for conn in idle) + self._queue.lengths()
        if not peers:
            return
        peer = peers.most_common(1)[0][0]
        conn = next((conn for conn in idle if conn.peer == peer), None)
        if conn is None:
            conn = self._queue.drop(peer)
        else:
            (self.pending_conns if conn in self.pending_conns else self.keepalived_conns).remove(conn)
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """Override: a server that stops waits no longer for headers either, and refuses new connections at once."""
        super()._cap_keepalive(deadline)
        for listener in self.sockets:  # else the kernel goes on taking them, for nobody
            listener.close()
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


def worker_class(deadlines: Deadlines, *, behind_proxies: bool) -> type[ConnectionWorker]:
    """A class of workers with these deadlines."""
    return type("ConnectionWorker", (ConnectionWorker,), {"deadlines": deadlines, "behind_proxies": behind_proxies})
