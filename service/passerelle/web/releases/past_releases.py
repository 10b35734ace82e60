"""Releases of the past that are asked for: a few are open at once, each with one query process, and for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from passerelle.errors import Overloaded, UnknownRelease
from passerelle.web.releases.served import Served

UNUSED_SECONDS = 300.0
"""After so long without a request the processes of a past release end."""
LINGER_SECONDS = 1.0
"""For so long after its last use a release keeps its place: a request asks several questions, one after the other."""


class Pool(Protocol):
    """The processes behind a past release."""

    @property
    def unused_seconds(self) -> float:
        """How long nothing was asked; 0 while an answer is under way."""

    def close(self) -> None:
        """End the processes; returns when they have ended."""


@dataclass(slots=True)
class _Open:
    served: Served
    pool: Pool
    used: float = field(default_factory=time.monotonic)

    @property
    def unused_seconds(self) -> float:
        # handed out, or asked a question since
        return min(time.monotonic() - self.used, self.pool.unused_seconds)


class PastReleases:
    """The past releases that are open, never more than `places`, those that end included. Thread-safe."""

    def __init__(
        self,
        open_release: Callable[[str], tuple[Served, Pool]],
        places: int,
        wait_seconds: float,
        *,
        unused_seconds: float = UNUSED_SECONDS,
        linger_seconds: float = LINGER_SECONDS,
    ) -> None:
        """`open_release` opens one by its identifier; it raises UnknownRelease, DamagedRelease, WorkerLost.

        As many requests as there are places wait for one, `wait_seconds` at most.
        """
        self._open_release = open_release
        self._places = places
        self._wait_seconds = min(wait_seconds, 2 * linger_seconds)
        self._unused_seconds = unused_seconds
        self._linger_seconds = linger_seconds
        self._condition = threading.Condition()
        self._opening = threading.Lock()
        self._waiting = threading.BoundedSemaphore(max(places, 1))
        self._open: dict[str, _Open] = {}
        self._keeper: threading.Thread | None = None
        self._closed = False

    def of(self, identifier: str) -> Served:
        """The release of that name, opened if need be.

        Raises Overloaded when the others are all in use, UnknownRelease and what `open_release` raises.
        """
        if self._places <= 0:
            raise UnknownRelease("release-unknown", identifier=identifier)
        found = self._used(identifier)
        if found is not None:
            return found
        if not self._waiting.acquire(blocking=False):
            raise Overloaded("past-releases-full")
        try:
            return self._opened(identifier, time.monotonic() + self._wait_seconds)
        finally:
            self._waiting.release()

    def forget(self, identifier: str) -> None:
        """End the processes of a release that is no longer there; where an answer is under way, later."""
        with self._condition:
            found = self._open.get(identifier)
            if found is None or not found.pool.unused_seconds:
                return
            del self._open[identifier]
        found.pool.close()

    def close(self) -> None:
        """End their processes; answers under way break off."""
        with self._condition:
            self._closed = True
            ended = list(self._open.values())
            self._open.clear()
            self._condition.notify_all()
        for each in ended:
            each.pool.close()

    def _opened(self, identifier: str, deadline: float) -> Served:
        # one at a time: each costs a process, and two requests for one release share it
        if not self._opening.acquire(timeout=max(deadline - time.monotonic(), 0)):
            raise Overloaded("past-releases-full")
        try:
            found = self._used(identifier)
            if found is not None:
                return found
            self._make_room(deadline)
            served, pool = self._open_release(identifier)
            with self._condition:
                closed = self._closed
                if not closed:
                    self._open[identifier] = _Open(served, pool)
                    self._start_keeper()
            if closed:
                pool.close()
            return served
        finally:
            self._opening.release()

    def _make_room(self, deadline: float) -> None:
        """Close the one that was not used for longest, as soon as it may go. Raises Overloaded."""
        with self._condition:
            while len(self._open) >= self._places:
                oldest = max(self._open, key=lambda identifier: self._open[identifier].unused_seconds)
                missing = self._linger_seconds - self._open[oldest].unused_seconds
                if missing <= 0:
                    ended = self._open.pop(oldest)
                    break
                if time.monotonic() + missing > deadline:
                    raise Overloaded("past-releases-full")
                self._condition.wait(missing)
            else:
                return
        ended.pool.close()

    def _used(self, identifier: str) -> Served | None:
        with self._condition:
            found = self._open.get(identifier)
            if found is None:
                return None
            found.used = time.monotonic()
            return found.served

    def _start_keeper(self) -> None:
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="past-releases", daemon=True)
            self._keeper.start()

    def _keep(self) -> None:
        """Close what nobody uses; ends when nothing is open."""
        while True:
            with self._condition:
                ages = {identifier: each.unused_seconds for identifier, each in self._open.items()}
                unused = [self._open.pop(name) for name, age in ages.items() if age >= self._unused_seconds]
                if not unused:
                    if not ages:
                        self._keeper = None
                        return
                    self._condition.wait(max(self._unused_seconds - max(ages.values()), 0.01))
            for each in unused:
                each.pool.close()
