"""The HTTP server: gunicorn, one process with threads.

gunicorn, because it aborts the connection when an answer breaks off half-way, so that a cut answer cannot pass for a
whole one. One process, because the query processes are what uses the cores.
"""

from __future__ import annotations

import logging
import math
import resource
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from passerelle.errors import CapacityError, ReleaseError, SettingsError
from passerelle.graph.processes.confinement import close_memory
from passerelle.graph.release import Releases
from passerelle.messages import language_of_environment, message
from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.http.connections import STOPPING, Deadlines, worker_class
from passerelle.web.http.slow_clients import BODY_PLACES, places
from passerelle.web.operation.admin import check_token
from passerelle.web.operation.log_lines import JsonLine, LineWriter, write_log_lines
from passerelle.web.operation.query_traces import query_trace

_LOG = logging.getLogger(__name__)

_BACKLOG = 128
_KEEP_ALIVE_SECONDS = 5
_LONGEST_REQUEST_LINE = 8190  # the most that gunicorn takes; longer queries go by POST
_HEADER_FIELDS = 64
_CONNECTIONS = 1000
_OTHER_DESCRIPTORS = 256
"""Beside connections: pipes and stores of processes, files that are sent."""


def serve(settings: Settings, announce: Callable[[str], None] | None = None) -> None:
    """Serve the current release until SIGTERM or SIGINT; answers under way may end.

    An engine elsewhere may be down or in the middle of a publication then: queries get 503 until it is there.

    `announce` gets one line, with the address to open, once requests are answered (default: standard output). Raises
    NoCurrentRelease, DamagedRelease, SettingsError (a weak token, an address that is taken …) before anything is
    started. Port 0 takes a free one.
    """
    check_token(settings)
    query_trace(settings)
    _check_allocator(settings)
    if not settings.backend:
        Releases(settings.releases).current()
    close_memory()
    listener = _listen(settings)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    line = message("server-open").what(language_of_environment(), address=f"http://{host}:{listener.getsockname()[1]}/")
    # gunicorn makes a socket of its own from the descriptor, and closes this one
    _Server(settings, listener.detach(), lambda: (announce or _print)(line)).run()


def _check_allocator(settings: Settings) -> None:
    path = settings.allocator
    # a list in LD_PRELOAD is parted by spaces and colons; the loader passes over what it does not find
    if path and (not Path(path).is_absolute() or not Path(path).is_file() or " " in path or ":" in path):
        raise SettingsError("setting-allocator", value=path)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # inherited by every connection: a client that takes or sends nothing for so long gives its thread back
        limit = struct.pack("ll", max(math.ceil(settings.idle_seconds), 1), 0)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.bind((settings.host, settings.port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise SettingsError("server-address", host=settings.host, port=settings.port, reason=reason) from error
    return listener


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _connections() -> int:
    """How many connections at once, after the limit of open files has been raised as far as that takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHER_DESCRIPTORS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return _CONNECTIONS if soft == resource.RLIM_INFINITY else max(min(_CONNECTIONS, soft - _OTHER_DESCRIPTORS), 64)


def _deadlines(settings: Settings) -> Deadlines:
    # each of three waits may take that long: for the client's turn, for a process, for the first byte
    work = settings.query_seconds * 3 + settings.stream_seconds
    return Deadlines(
        settings.header_seconds,
        settings.body_seconds,
        settings.body_seconds + max(work, settings.validation_seconds) + settings.idle_seconds,
    )


class DiscreetLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's log without what clients sent: its own messages quote addresses, and these hold queries."""

    def setup(self, cfg: object) -> None:
        """Lines of JSON as all others."""
        super().setup(cfg)
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLine())
        self.error_log.handlers[:] = [handler]

    def exception(self, msg: object, *_args: object, **_kwargs: object) -> None:
        """Name the kind of the error that is being handled."""
        error = sys.exc_info()[1]
        if isinstance(error, CapacityError):
            self.error_log.warning("an answer was broken off: %s", error.message_id)
        else:
            self.error_log.error("%s: %s", str(msg).partition("%")[0].strip(), type(error).__name__)

    def warning(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Cut what follows `Invalid request from ip=…`."""
        text = str(msg)
        if text.startswith("Invalid request"):
            text, args = "a request could not be read", ()
        self.error_log.warning(text, *args, **kwargs)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, settings: Settings, descriptor: int, announce: Callable[[], None]) -> None:
        self._settings = settings
        self._descriptor = descriptor
        self._announce = announce
        self._application: Flask | None = None
        self._log: LineWriter | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        for name, value in {
            "bind": f"fd://{self._descriptor}",
            "worker_class": worker_class(_deadlines(settings), behind_proxies=settings.proxies > 0),
            "worker_connections": _connections(),
            "workers": 1,
            "threads": settings.threads,
            "keepalive": _KEEP_ALIVE_SECONDS,
            "graceful_timeout": math.ceil(max(settings.query_seconds, settings.validation_seconds)) + 5,
            "limit_request_line": _LONGEST_REQUEST_LINE,
            "limit_request_fields": _HEADER_FIELDS,
            # strict in what it takes: two readings of one request are how requests are smuggled
            "forwarder_headers": "",
            # the scheme of a proxy counts where one was announced
            "forwarded_allow_ips": "*" if settings.proxies > 0 else "",
            "http_parser": "python",
            "logger_class": DiscreetLogger,
            "loglevel": "warning",
            "proc_name": "passerelle",
            "post_worker_init": self._ready,
            "worker_exit": self._ended,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # runs in gunicorn's own process, which must be the parent of the query processes
        self._log = write_log_lines("passerelle", "gunicorn.error")
        logging.getLogger("passerelle.requests").setLevel(logging.INFO)
        self._application = create_application(self._settings)
        try:
            self._application.extensions["publication"].current()
        except (CapacityError, ReleaseError) as error:
            if not self._settings.backend:
                raise
            # an engine elsewhere comes and goes by itself; /readyz says whether it is there
            _LOG.warning("the engine cannot be asked yet: %s", error.message_id)
        self._application.extensions[STOPPING] = threading.Event()
        self._application.extensions[BODY_PLACES] = places(self._settings.threads)
        return self._application

    def _ready(self, _worker: object) -> None:
        self._announce()

    def _ended(self, _arbiter: object, _worker: object) -> None:
        if self._application is not None:
            for name in ("comparisons", "credentials", "publication"):
                self._application.extensions[name].close()
        if self._log is not None:
            self._log.close()
