"""Logs as lines of JSON on standard error, written by a thread of their own.

A reader of the log that stalls must not stall the service: beyond some thousand lines that nobody took, lines are
dropped and counted. Nothing that a client sent is in a line but what the request log takes from it with care.
"""

from __future__ import annotations

import json
import logging
import queue
import sys
import threading
from datetime import UTC, datetime
from typing import Any, TextIO

FIELDS = "fields"
"""The attribute of a record that holds the fields of its line, instead of a message."""
_WAITING_LINES = 10_000


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
        self._lines: queue.Queue[str | None] = queue.Queue(_WAITING_LINES)
        self._dropped = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the line of a record."""
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            self._dropped += 1

    def close(self) -> None:
        """Write what waits, for a second at most."""
        super().close()
        try:
            self._lines.put(None, timeout=1)
        except queue.Full:
            return
        self._thread.join(timeout=1)

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            dropped, self._dropped = self._dropped, 0
            lines = [line]
            if dropped:
                lines.append(json.dumps({"level": "warning", "logger": __name__, "dropped": dropped}))
            try:
                self._stream.write("\n".join(lines) + "\n")
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
