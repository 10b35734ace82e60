"""A pool of confined processes: a question that takes too long is a process that is killed and replaced.

    caller's threads ── take, give back ──► processes
    keeper's thread: starts processes (so that one is always warm), and ends those that ran past their time

Places: `places` processes work, `queue` callers wait, further ones are refused.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

from passerelle.errors import Overloaded, PasserelleError, WorkerLost
from passerelle.graph.child_process import ChildProcess

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0

Process = TypeVar("Process", bound=ChildProcess)


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """What the pool does now (running, waiting, idle) and has done (answered, failed, replaced)."""

    running: int
    waiting: int
    idle: int
    answered: int
    failed: int
    replaced: int


@dataclass(frozen=True, slots=True)
class Places:
    """How much a pool takes on: `places` at once, `queue` waiting for at most `wait_seconds`.

    `overloaded` is the message for those who find no place.
    """

    places: int
    queue: int
    wait_seconds: float
    overloaded: str


class ProcessPool(Generic[Process]):
    """Processes of one kind, for any number of threads."""

    def __init__(self, start: Callable[[], Process], places: Places) -> None:
        """Start the processes; returns when the first is ready. Raises what `Process.wait_until_ready` raises."""
        self._start = start
        self._places = places
        self._condition = threading.Condition()
        self._idle: deque[Process] = deque()
        self._running: set[Process] = set()
        self._waiting = self._answered = self._failed = self._replaced = 0
        self._closing = self._retiring = False
        self._start_failure: PasserelleError | None = None
        # processes end with the thread that started them, so one thread that outlives them all starts them
        self._keeper = threading.Thread(target=self._keep, name="process-keeper", daemon=True)
        self._keeper.start()
        with self._condition:
            self._condition.wait_for(lambda: self._idle or self._start_failure)
        self._raise_start_failure()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _raise_start_failure(self) -> None:
        failure = self._start_failure
        if failure is not None:
            self.close()
            raise failure

    @property
    def statistics(self) -> PoolStatistics:
        """What the pool does now and has done."""
        with self._condition:
            return PoolStatistics(
                len(self._running), self._waiting, len(self._idle), self._answered, self._failed, self._replaced
            )

    @property
    def process_identifiers(self) -> tuple[int, ...]:
        """The process ids of all its processes."""
        with self._condition:
            return tuple(process.identifier for process in (*self._idle, *self._running))

    def take(self) -> Process:
        """A process that is ready, to be given back. Raises Overloaded, WorkerLost."""
        deadline = time.monotonic() + self._places.wait_seconds
        with self._condition:
            if not (self._available() or self._ending()) and self._waiting >= self._places.queue:
                raise Overloaded(self._places.overloaded)
            self._waiting += 1
            try:
                while True:
                    process = self._wait_for_one(deadline)
                    if process.alive:
                        break
                    process.reap()  # somebody ended it while it was idle
                    self._replaced += 1
                    self._condition.notify_all()
            finally:
                self._waiting -= 1
            self._running.add(process)
            # the keeper starts the next spare
            self._condition.notify_all()
            return process

    def expire(self, process: Process, expires: float) -> None:
        """Have the keeper end a process at this moment (monotonic seconds), unless it is given back before."""
        with self._condition:
            process.expires = expires
            self._condition.notify_all()

    def give_back(self, process: Process, *, whole: bool) -> None:
        """Take a process back: for the next question if its answer is `whole`, to be replaced otherwise."""
        with self._condition:
            self._answered += whole
            self._failed += not whole
            keep = whole and process in self._running and not self._ending()
            self._running.discard(process)
            if keep:
                process.expires = float("inf")
                self._idle.append(process)
            else:
                self._replaced += 1
            self._condition.notify_all()
        if not keep:
            process.reap()

    def retire(self) -> None:
        """Accept nothing more, and close when the answers under way have ended."""
        with self._condition:
            self._retiring = True
            self._condition.notify_all()

    def close(self) -> None:
        """Kill all processes; answers under way break off."""
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        if self._keeper is not threading.current_thread():
            self._keeper.join()

    def _wait_for_one(self, deadline: float) -> Process:
        found = self._condition.wait_for(
            lambda: self._available() or self._ending(), max(deadline - time.monotonic(), 0)
        )
        if self._ending():
            raise WorkerLost("worker-closed")
        if not found:
            raise self._start_failure or Overloaded(self._places.overloaded)
        return self._idle.popleft()

    def _available(self) -> bool:
        return bool(self._idle) and len(self._running) < self._places.places

    def _ending(self) -> bool:
        return self._closing or self._retiring

    def _keep(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(self._keeper_has_work, self._seconds_to_expiry())
                now = time.monotonic()
                for process in [running for running in self._running if running.expires <= now]:
                    # its reader may be stuck in a client that does not take the answer; the place is free at once
                    process.expired = True
                    process.kill()
                    self._running.discard(process)
                    self._condition.notify_all()
                if self._closing or (self._retiring and not self._running):
                    break
                missing = self._missing()
            if missing:
                self._start_one()
        self._end_all()

    def _keeper_has_work(self) -> bool:
        return self._closing or (self._retiring and not self._running) or self._missing() > 0

    def _missing(self) -> int:
        if self._retiring:
            return 0
        return self._places.places + 1 - len(self._idle) - len(self._running)

    def _seconds_to_expiry(self) -> float | None:
        nearest = min((process.expires for process in self._running), default=float("inf"))
        return None if nearest == float("inf") else max(nearest - time.monotonic(), 0)

    def _start_one(self) -> None:
        process: Process | None = None
        try:
            process = self._start()
            process.wait_until_ready()
        except PasserelleError as failure:
            if process is not None:
                process.reap()
            _LOG.error("a process did not start: %s", failure.message_id)
            with self._condition:
                again = self._start_failure is not None
                self._start_failure = failure
                self._condition.notify_all()
                if again:  # not in a tight loop: what keeps two from starting seldom passes at once
                    self._condition.wait_for(lambda: self._closing, _RETRY_SECONDS)
            return
        with self._condition:
            self._start_failure = None
            self._idle.append(process)
            self._condition.notify_all()

    def _end_all(self) -> None:
        with self._condition:
            self._closing = True
            idle, running = list(self._idle), list(self._running)
            self._idle.clear()
            self._running.clear()
            self._condition.notify_all()
        for process in running:
            process.kill()  # its reader reaps it
        for process in idle:
            process.reap()
