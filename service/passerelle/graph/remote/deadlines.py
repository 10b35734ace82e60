"""Requests that take longer than they may: their sockets are shut down by a thread that watches all of them.

A timeout of a socket bounds each piece of an answer, so an engine that sends a byte now and then would hold the thread
that reads, and its place, for ever.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import count


class Watched:
    """One request. `expired` says that it was ended."""

    def __init__(self, end: Callable[[], None]) -> None:
        self.end = end
        self.done = self.expired = False


class Deadlines:
    """Ends what is not done in time, from any number of threads. Its own thread runs while there is anything."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._coming: list[tuple[float, int, Watched]] = []
        self._numbers = count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def within(self, seconds: float, end: Callable[[], None]) -> Iterator[Watched]:
        """Call `end`, which must not block, after so many seconds unless the block was left before."""
        watched = Watched(end)
        moment = time.monotonic() + seconds
        with self._changed:
            heappush(self._coming, (moment, next(self._numbers), watched))
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="remote-deadlines", daemon=True)
                self._thread.start()
            elif self._coming[0][2] is watched:
                self._changed.notify()
        try:
            yield watched
        finally:
            with self._changed:
                watched.done = True

    def _watch(self) -> None:
        with self._changed:
            while self._coming:
                left = self._coming[0][0] - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                watched = heappop(self._coming)[2]
                if not watched.done:
                    watched.expired = True
                    # under the lock: afterwards its connection may serve another request
                    watched.end()
            self._thread = None
