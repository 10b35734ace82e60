"""A gate before a pool, for questions that must not take all of its processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from passerelle.errors import Overloaded
from passerelle.graph.processes.waiting_line import WaitingLine


class Gate:
    """Lets `places` callers in at once, in the order in which they came; the others wait for at most `seconds`.

    `room` says whether one more may wait. It is asked while nobody else can enter. A context manager; entering raises
    Overloaded with the message `overloaded`. For any number of threads.
    """

    def __init__(self, places: int, room: Callable[[], bool], seconds: float, overloaded: str) -> None:
        self._free = places
        self._room, self._seconds, self._overloaded = room, seconds, overloaded
        self._lock = threading.Lock()
        self._line = WaitingLine(self._lock)

    @property
    def waiting(self) -> int:
        """How many wait to be let in."""
        return len(self._line)

    def __enter__(self) -> None:
        with self._lock:
            if self._line or not self._free:
                if not self._room():
                    raise Overloaded(self._overloaded)
                if not self._line.wait(lambda: self._free > 0, lambda: False, time.monotonic() + self._seconds):
                    raise Overloaded(self._overloaded)
            self._free -= 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._free += 1
            self._line.call_next()
