"""A gate before a pool, for questions that must not take all of its processes."""

from __future__ import annotations

import threading
from types import TracebackType

from passerelle.errors import Overloaded


class Gate:
    """Lets `places` callers in at once; `queue` wait for at most `seconds`, further ones are refused.

    A context manager; entering raises Overloaded with the message `overloaded`. For any number of threads.
    """

    def __init__(self, places: int, queue: int, seconds: float, overloaded: str) -> None:
        self._free = threading.BoundedSemaphore(places)
        self._queue, self._seconds, self._overloaded = queue, seconds, overloaded
        self._lock = threading.Lock()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many wait to be let in."""
        return self._waiting

    def __enter__(self) -> None:
        if self._free.acquire(blocking=False):
            return
        with self._lock:
            if self._waiting >= self._queue:
                raise Overloaded(self._overloaded)
            self._waiting += 1
        try:
            if not self._free.acquire(timeout=self._seconds):
                raise Overloaded(self._overloaded)
        finally:
            with self._lock:
                self._waiting -= 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._free.release()
