"""Logs as lines of JSON on standard error, written by a thread of their own.

A reader of the log that stalls must not stall the service: beyond some thousand lines that nobody took, lines are
dropped and counted. The thread gathers the lines of a moment, as waking it costs the one that answers.

Nothing that a client sent is in a line but what the request log takes from it with care.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any, TextIO

FIELDS = "fields"
"""The attribute of a record that holds the fields of its line, instead of a message."""
_WAITING_LINES = 10_000
_MOMENT_SECONDS = 0.05


class JsonLine(logging.Formatter):
    """A record as one line: time (UTC, ISO 8601), level, logger, message, or the fields that the record brings."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, FIELDS, None)
        if fields is None:
            # without the text of an exception: that may quote a query
            line["message"] = record.getMessage()
        else:
            line.update(fields)
        return json.dumps(line, ensure_ascii=False)


class LineWriter(logging.Handler):
    """Hands lines to a thread that writes them to a stream."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.setFormatter(JsonLine())
        self._stream = stream
        self._records: deque[logging.LogRecord] = deque()
        self._dropped = 0
        self._some = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a record."""
        if len(self._records) >= _WAITING_LINES:
            self._dropped += 1
            return
        self._records.append(record)
        if not self._some.is_set():
            self._some.set()

    def close(self) -> None:
        """Write what waits, for a second at most."""
        super().close()
        self._closing.set()
        self._some.set()
        self._thread.join(timeout=1)

    def _write(self) -> None:
        closing = False
        while not closing:
            self._some.wait()
            closing = self._closing.wait(_MOMENT_SECONDS)
            self._some.clear()  # before the look: what comes after it sets it again
            lines = [self.format(self._records.popleft()) for _ in range(len(self._records))]
            dropped, self._dropped = self._dropped, 0
            if dropped:
                lines.append(json.dumps({"level": "warning", "logger": __name__, "dropped": dropped}))
            try:
                self._stream.writelines(f"{line}\n" for line in lines)
                self._stream.flush()
            except (OSError, ValueError):  # nobody can be told
                return


def write_log_lines(*names: str, stream: TextIO | None = None) -> LineWriter:
    """Have these loggers, and all below them, write lines of JSON alone; `requests` with every request."""
    writer = LineWriter(stream or sys.stderr)
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers[:] = [writer]
        logger.propagate = False
    return writer
