"""How many questions a remote engine is asked at once, and how many wait."""

from __future__ import annotations

import threading
import time

from passerelle.errors import BackendFailed, Overloaded
from passerelle.graph.pool_statistics import PoolStatistics


class AskingPlaces:
    """`places` questions run, `queue` wait for at most `wait_seconds`, further ones are refused. Thread-safe."""

    def __init__(self, places: int, queue: int, wait_seconds: float) -> None:
        self._places = places
        self._queue = queue
        self._wait_seconds = wait_seconds
        self._condition = threading.Condition()
        self._running = self._waiting = self._answered = self._failed = 0
        self._timeouts = self._cut = self._waited = 0
        self._waited_seconds = 0.0
        self._closed = False

    @property
    def statistics(self) -> PoolStatistics:
        """What is asked now and was asked; `replaced` is 0, as nothing of ours is killed."""
        with self._condition:
            return PoolStatistics(
                self._running,
                self._waiting,
                self._places - self._running,
                self._answered,
                self._failed,
                0,
                timeouts=self._timeouts,
                streams_cut=self._cut,
                waited=self._waited,
                waited_milliseconds=round(1000 * self._waited_seconds),
            )

    def take(self) -> None:
        """Take a place. Raises Overloaded, BackendFailed (closed)."""
        started = time.monotonic()
        with self._condition:
            if self._running >= self._places and not self._closed:
                if self._waiting >= self._queue:
                    raise Overloaded("workers-overloaded")
                self._waiting += 1
                self._waited += 1
                try:
                    free = self._condition.wait_for(
                        lambda: self._running < self._places or self._closed, self._wait_seconds
                    )
                finally:
                    self._waiting -= 1
                    self._waited_seconds += time.monotonic() - started
                if not free:
                    raise Overloaded("workers-overloaded")
            if self._closed:
                raise BackendFailed("worker-closed")
            self._running += 1

    def give_back(self, *, whole: bool, timeout: bool = False, cut: bool = False) -> None:
        """Leave the place; the question was answered as a whole, or why not."""
        with self._condition:
            self._running -= 1
            self._answered += whole
            self._failed += not whole
            self._timeouts += timeout
            self._cut += cut
            self._condition.notify()

    def close(self) -> None:
        """Refuse those who wait and those who come."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
