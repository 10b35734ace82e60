"""Releases of the past that are asked for: a few are open at once, each with one query process, and for a while."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from passerelle.errors import UnknownRelease
from passerelle.web.served import Served

UNUSED_SECONDS = 300.0
"""After so long without a request the processes of a past release end."""


class PastReleases:
    """The past releases that are open, the most recently used last. Thread-safe."""

    def __init__(
        self, open_release: Callable[[str], Served], places: int, unused_seconds: float = UNUSED_SECONDS
    ) -> None:
        """`open_release` opens one by its identifier; it raises UnknownRelease, DamagedRelease, WorkerLost."""
        self._open_release = open_release
        self._places = places
        self._unused_seconds = unused_seconds
        self._condition = threading.Condition()
        self._opening = threading.Lock()
        self._open: OrderedDict[str, tuple[Served, float]] = OrderedDict()
        self._keeper: threading.Thread | None = None
        self._closed = False

    def of(self, identifier: str) -> Served:
        """The release of that name, opened if need be. Raises UnknownRelease and what `open_release` raises."""
        if self._places <= 0:
            raise UnknownRelease("release-unknown", identifier=identifier)
        found = self._used(identifier)
        if found is not None:
            return found
        with self._opening:  # one at a time: each costs a process, and two requests for one release share it
            found = self._used(identifier)
            if found is not None:
                return found
            served = self._open_release(identifier)
            with self._condition:
                evicted = []
                while len(self._open) >= self._places:
                    evicted.append(self._open.popitem(last=False)[1][0])
                self._open[identifier] = (served, time.monotonic())
                if self._closed:
                    evicted.append(self._open.pop(identifier)[0])
                elif self._keeper is None:
                    self._keeper = threading.Thread(target=self._keep, name="past-releases", daemon=True)
                    self._keeper.start()
        for each in evicted:
            each.backend.retire()
        return served

    @property
    def open_now(self) -> tuple[Served, ...]:
        """Those that are open, the least recently used first."""
        with self._condition:
            return tuple(served for served, _ in self._open.values())

    def close(self) -> None:
        """End their processes; answers under way break off."""
        with self._condition:
            self._closed = True
            ended = [served for served, _ in self._open.values()]
            self._open.clear()
            self._condition.notify_all()
        for served in ended:
            served.backend.close()

    def _used(self, identifier: str) -> Served | None:
        with self._condition:
            found = self._open.get(identifier)
            if found is None:
                return None
            self._open[identifier] = (found[0], time.monotonic())
            self._open.move_to_end(identifier)
            return found[0]

    def _keep(self) -> None:
        """Retire what nobody uses; ends when nothing is open."""
        while True:
            unused = []
            with self._condition:
                now = time.monotonic()
                for identifier, (served, used) in list(self._open.items()):
                    if now - used >= self._unused_seconds:
                        unused.append(served)
                        del self._open[identifier]
                if not unused:
                    if not self._open:
                        self._keeper = None
                        return
                    oldest = min(used for _, used in self._open.values())
                    self._condition.wait(max(oldest + self._unused_seconds - now, 0.01))
            for served in unused:
                served.backend.retire()
