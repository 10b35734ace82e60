"""A pool of confined processes: a question that takes too long is a process that is killed and replaced.

    caller's threads ── take, give back ──► processes
    keeper's thread: starts processes (so that one is always warm), ends those that ran past their time, lowers the
    priority of those that work for long

Places: `places` processes work, `queue` callers wait, further ones are refused.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from passerelle.errors import CapacityError, Overloaded, PasserelleError, WorkerLost
from passerelle.graph.processes.child_process import ChildProcess
from passerelle.graph.processes.places import Places
from passerelle.graph.processes.pool_statistics import Loss, PoolStatistics, Tally
from passerelle.graph.processes.waiting_line import WaitingLine

__all__ = ["Places", "PoolStatistics", "ProcessPool"]

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0
_NEVER = float("inf")

Process = TypeVar("Process", bound=ChildProcess)


class ProcessPool(Generic[Process]):
    """Processes of one kind, for any number of threads."""

    def __init__(self, start: Callable[[], Process], places: Places) -> None:
        """Start the processes; returns when the first is ready. Raises what `Process.wait_until_ready` raises."""
        self._start = start
        self._places = places
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._line = WaitingLine(self._lock)
        self._idle: list[Process] = []
        self._running: set[Process] = set()
        self._tally = Tally()
        self._closing = self._retiring = False
        self._last_used = time.monotonic()
        self._keeper_wakes = 0.0
        self._start_failure: PasserelleError | None = None
        # processes end with the thread that started them, so one thread that outlives them all starts them
        self._keeper = threading.Thread(target=self._keep, name="process-keeper", daemon=True)
        self._keeper.start()
        with self._lock:
            self._line.wait(self._available, lambda: self._start_failure is not None, _NEVER)
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
        with self._lock:
            return self._tally.statistics(len(self._running), self._waiting, len(self._idle))

    @property
    def closed(self) -> bool:
        """Whether it takes no more questions."""
        return self._closing

    @property
    def unused_seconds(self) -> float:
        """How long nothing was asked; 0 while an answer is under way or somebody waits."""
        with self._lock:
            return 0.0 if self._running or self._line else time.monotonic() - self._last_used

    @property
    def process_identifiers(self) -> tuple[int, ...]:
        """The process ids of all its processes."""
        with self._lock:
            return tuple(process.identifier for process in (*self._idle, *self._running))

    def take(self) -> Process:
        """A process that is ready, to be given back. Raises Overloaded, WorkerLost."""
        asked = time.monotonic()
        while True:
            process = self._take(asked)
            # outside of the lock, as it is a system call: others would run into the lock meanwhile
            if process.alive:
                return process
            self._forget(process)

    def _forget(self, process: Process) -> None:
        """Somebody ended it while it was idle."""
        with self._lock:
            self._running.discard(process)
            self._tally.replaced += 1
            self._work.notify()
            self._line.call_next()
        process.reap()

    def _take(self, asked: float) -> Process:
        with self._lock:
            if self._closing:
                raise WorkerLost("worker-closed")
            waits = not self._available() or self._line.goes_first
            if waits and self._waiting >= self._places.queue:
                raise Overloaded(self._places.overloaded)
            process = self._wait_for_one(asked + self._places.wait_seconds) if waits else self._idle.pop()
            self._last_used = now = time.monotonic()
            if waits:
                self._tally.waited += 1
                self._tally.waited_seconds += now - asked
            self._running.add(process)
            process.lower_at = now + self._places.slow_seconds
            self._wake_keeper_by(process.lower_at)
            self._line.call_next()
            return process

    def expire(self, process: Process, expires: float) -> None:
        """Have the keeper end a process at this moment (monotonic seconds), unless it is given back before."""
        with self._lock:
            process.expires = expires
            self._wake_keeper_by(expires)

    def give_back(self, process: Process, *, whole: bool, loss: Loss | None = None) -> None:
        """Take a process back: for the next question if its answer is `whole`, to be replaced otherwise."""
        with self._lock:
            keep = whole and not process.lowered and process in self._running and not self._closing
            self._tally.ended(whole=whole, kept=keep, loss=Loss.SLOW if whole and process.lowered else loss)
            self._running.discard(process)
            self._last_used = time.monotonic()
            if keep:
                process.expires = process.lower_at = _NEVER
                self._idle.append(process)
            if not keep or self._retiring:
                self._work.notify()
            self._line.call_next()
        if not keep:
            process.reap()

    def retire(self) -> None:
        """Close when nobody has asked anything for a while; what is asked until then is answered."""
        with self._lock:
            self._retiring = True
            self._last_used = time.monotonic()
            self._work.notify()

    def close(self) -> None:
        """Kill all processes; answers under way break off."""
        with self._lock:
            self._closing = True
            self._work.notify()
            self._line.call_all()
        if self._keeper is not threading.current_thread():
            self._keeper.join()

    def _wait_for_one(self, deadline: float) -> Process:
        if self._retiring or self._missing() > 0:
            self._work.notify()
        free = self._line.wait(self._available, lambda: self._closing or self._cannot_start(), deadline)
        if self._closing:
            raise WorkerLost("worker-closed")
        if free:
            return self._idle.pop()  # the one that worked last has its data at hand
        if self._cannot_start() and not isinstance(self._start_failure, CapacityError):
            raise WorkerLost(self._places.gone)
        raise self._start_failure or Overloaded(self._places.overloaded)

    @property
    def _waiting(self) -> int:
        """How many wait; asked under the lock, so that it must wait for nothing."""
        return len(self._line)

    def _available(self) -> bool:
        return bool(self._idle) and len(self._running) < self._places.places

    def _cannot_start(self) -> bool:
        return self._start_failure is not None and not self._idle and not self._running

    def _wake_keeper_by(self, moment: float) -> None:
        # it is woken for what comes before the moment that it sleeps to, so seldom
        if moment < self._keeper_wakes:
            self._work.notify()

    def _keep(self) -> None:
        while True:
            with self._lock:
                if not self._closing and self._missing() <= 0:
                    self._keeper_wakes = self._next_moment()
                    seconds = self._keeper_wakes - time.monotonic()
                    self._work.wait(None if seconds == _NEVER else max(seconds, 0))
                    self._keeper_wakes = 0.0
                now = time.monotonic()
                self._look_after_running(now)
                if self._closing or (self._retiring and self._idle_until() <= now):
                    self._closing = True
                    break
                missing = self._missing()
            if missing > 0:
                self._start_one()
        self._end_all()

    def _look_after_running(self, now: float) -> None:
        for process in list(self._running):
            if process.expires <= now:
                # its reader may be stuck in a client that does not take the answer; the place is free at once
                process.expired = True
                process.kill()
                self._running.discard(process)
                self._line.call_next()
            elif process.lower_at <= now:
                process.lower_priority()

    def _missing(self) -> int:
        there = len(self._idle) + len(self._running)
        if self._retiring:
            return min(self._places.places, len(self._running) + len(self._line)) - there
        return self._places.places + self._places.spares - there

    def _idle_until(self) -> float:
        """When a retired pool closes, if nothing is asked any more."""
        busy = self._running or self._line
        return _NEVER if busy else self._last_used + self._places.grace_seconds

    def _next_moment(self) -> float:
        moments = [min(process.expires, process.lower_at) for process in self._running]
        return min([*moments, self._idle_until() if self._retiring else _NEVER])

    def _start_one(self) -> None:
        process: Process | None = None
        try:
            process = self._start()
            process.wait_until_ready()
        except Exception as error:  # noqa: BLE001 - whatever it is, the keeper must live on
            if process is not None:
                process.reap()
            failure = error if isinstance(error, PasserelleError) else WorkerLost("worker-start")
            _LOG.error("a process did not start: %s", failure.message_id)
            with self._lock:
                again = self._start_failure is not None
                self._start_failure = failure
                self._line.call_all()
                if again:  # not in a tight loop: what keeps two from starting seldom passes at once
                    self._work.wait_for(lambda: self._closing, _RETRY_SECONDS)
            return
        with self._lock:
            self._start_failure = None
            self._idle.append(process)
            self._line.call_next()

    def _end_all(self) -> None:
        with self._lock:
            idle, running = list(self._idle), list(self._running)
            self._idle.clear()
            self._running.clear()
            self._line.call_all()
        for process in running:
            process.kill()  # its reader reaps it
        for process in idle:
            process.reap()
