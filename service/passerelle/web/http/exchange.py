"""One request and its response on a connection of gunicorn: what its `handle_request` does, with less for each request.

The header leaves together with the first piece of the body: a short answer is one packet, one system call and one
wake-up of the client. Hooks and the access log, which are not used here, are left out.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi


class JoinedResponse(wsgi.Response):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's response, whose header waits for the first piece of the body within `write`."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.headers_sent = False
        self._header = b""

    def write(self, arg: bytes) -> None:
        """Override: a piece of the body; the header with it where none has gone before."""
        if not self.headers_sent and arg and not self._omits_body and self.response_length != 0:
            # from here on the piece is certain to be sent
            lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
            self._header = "".join(lines).encode("latin-1")
            self.headers_sent = True
        super().write(arg)

    def _emit_body(self, data: bytes) -> None:
        """Override: called by `write`."""
        header, self._header = self._header, b""
        if self.chunked:
            data = b"%X\r\n%b\r\n" % (len(data), data)
        self.sock.sendall(header + data)


def _reset(connection: socket.socket) -> None:
    """End a connection of HTTP/1.0 so that the client sees a failure: the ordinary end is how a whole answer ends."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def exchange(worker: Any, request: Any, connection: Any) -> bool:
    """Answer a request; whether the connection may be kept.

    Raises OSError when the client has gone, StopIteration when an answer that had begun was broken off, and what the
    application raises before.
    """
    response, environ = wsgi.create(
        request, connection.sock, connection.client, connection.server, worker.cfg, response_class=JoinedResponse
    )
    environ["wsgi.multithread"] = True
    if not worker.alive or len(worker.keepalived_conns) >= worker.max_keepalived:
        response.force_close()
    try:
        body = worker.wsgi(environ, response.start_response)
        try:
            if isinstance(body, environ["wsgi.file_wrapper"]):
                response.write_file(body)
            else:
                for piece in body:
                    response.write(piece)
            response.close()
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
    except OSError:
        raise
    except (Exception, SystemExit):
        if not response.headers_sent:
            raise
        # a second status line within an answer would be part of it
        worker.log.exception("Error handling request")
        if response.chunked or response.response_length is not None:
            util.close_graceful(connection.sock)
        else:
            _reset(connection.sock)
        raise StopIteration from None
    return not response.should_close()
