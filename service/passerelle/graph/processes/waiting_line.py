"""Threads that wait for a process, in the order in which they came."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

_PATIENCE_SECONDS = 0.005


class _Turn(threading.Condition):
    """One thread that waits."""

    def __init__(self, lock: threading.Lock) -> None:
        super().__init__(lock)
        self.since = time.monotonic()


class WaitingLine:
    """A line under the lock of its pool, which is held whenever something is asked of the line."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._turns: deque[_Turn] = deque()

    def __len__(self) -> int:
        return len(self._turns)

    @property
    def goes_first(self) -> bool:
        """Whether somebody has waited too long for others to go before.

        To wake a thread costs more than a short query, so that who comes when a place is free may take it; but not for
        ever.
        """
        return bool(self._turns) and time.monotonic() - self._turns[0].since > _PATIENCE_SECONDS

    def wait(self, free: Callable[[], bool], hopeless: Callable[[], bool], deadline: float) -> bool:
        """Wait at the end of the line until it is this thread's turn and something is `free`: then True.

        False when it is `hopeless`, or at the deadline (monotonic seconds).
        """
        turn = _Turn(self._lock)
        seconds = None if deadline == float("inf") else max(deadline - time.monotonic(), 0)
        self._turns.append(turn)
        try:
            turn.wait_for(lambda: (self._turns[0] is turn and free()) or hopeless(), seconds)
            return self._turns[0] is turn and free() and not hopeless()
        finally:
            self._turns.remove(turn)
            self.call_next()

    def call_next(self) -> None:
        """Have the first look whether something is free."""
        if self._turns:
            self._turns[0].notify()

    def call_all(self) -> None:
        """Have everybody look whether it is hopeless."""
        for turn in self._turns:
            turn.notify()
