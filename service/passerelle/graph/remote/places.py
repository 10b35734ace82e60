"""How many questions a remote engine is asked at once, and how many wait."""

from __future__ import annotations

import threading
import time

from passerelle.errors import BackendFailed, Overloaded
from passerelle.graph.processes.pool_statistics import Loss, PoolStatistics, Tally
from passerelle.graph.processes.waiting_line import WaitingLine


class AskingPlaces:
    """`places` questions run, `queue` wait for at most `wait_seconds`, further ones are refused. Thread-safe."""

    def __init__(self, places: int, queue: int, wait_seconds: float) -> None:
        self._places = places
        self._queue = queue
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._line = WaitingLine(self._lock)
        self._tally = Tally()
        self._running = 0
        self._closed = False

    @property
    def statistics(self) -> PoolStatistics:
        """What is asked now and was asked; `replaced` is 0, as nothing of ours is killed."""
        with self._lock:
            return self._tally.statistics(self._running, len(self._line), self._places - self._running)

    def take(self) -> None:
        """Take a place. Raises Overloaded, BackendFailed (closed)."""
        asked = time.monotonic()
        with self._lock:
            waits = not self._closed and (not self._free() or self._line.goes_first)
            if waits:
                if len(self._line) >= self._queue:
                    raise Overloaded("workers-overloaded")
                free = self._line.wait(self._free, lambda: self._closed, asked + self._wait_seconds)
                self._tally.waited += 1
                self._tally.waited_seconds += time.monotonic() - asked
                if not free and not self._closed:
                    raise Overloaded("workers-overloaded")
            if self._closed:
                raise BackendFailed("worker-closed")
            self._running += 1
            self._line.call_next()

    def give_back(self, *, whole: bool, loss: Loss | None = None) -> None:
        """Leave the place; the question was answered as a whole, or why not."""
        with self._lock:
            self._running -= 1
            self._tally.ended(whole=whole, kept=True, loss=loss)
            self._line.call_next()

    def close(self) -> None:
        """Refuse those who wait and those who come."""
        with self._lock:
            self._closed = True
            self._line.call_all()

    def _free(self) -> bool:
        return self._running < self._places
