"""Who gets the next free thread: the address that holds fewest, and none ever holds so many that few are left.

An address may hold less than twice as many threads as are free. One alone gets two thirds of them, two get two fifths
each, and so on: for a newcomer there is nearly always one.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable
from typing import Generic, TypeVar

Waiting = TypeVar("Waiting")


class FairQueue(Generic[Waiting]):
    """For one thread; `threads` is how many there are to give."""

    def __init__(self, threads: int) -> None:
        self._free = threads
        self._held: Counter[Hashable] = Counter()
        self._waiting: dict[Hashable, deque[Waiting]] = {}

    def __bool__(self) -> bool:
        """Whether anybody waits; any thread may ask."""
        return bool(self._waiting)

    def lengths(self) -> Counter[Hashable]:
        """How many wait, by address."""
        return Counter({peer: len(queue) for peer, queue in self._waiting.items()})

    def put(self, peer: Hashable, waiting: Waiting) -> None:
        """Queue behind what else this address waits for."""
        self._waiting.setdefault(peer, deque()).append(waiting)

    def take(self) -> Waiting | None:
        """The next one to get a thread, which is then held until `give_back`; None where all must wait."""
        if not self._free or not self._waiting:
            return None
        # the order of the dictionary is by the last turn, and `min` takes the first of equals
        peer = min(self._waiting, key=self._held.__getitem__)
        if self._held[peer] >= 2 * self._free:
            return None
        queue = self._waiting.pop(peer)
        found = queue.popleft()
        if queue:
            self._waiting[peer] = queue
        self._held[peer] += 1
        self._free -= 1
        return found

    def drop(self, peer: Hashable) -> Waiting:
        """Take the one of this address that came last out of the queue."""
        queue = self._waiting[peer]
        found = queue.pop()
        if not queue:
            del self._waiting[peer]
        return found

    def give_back(self, peer: Hashable) -> None:
        """A thread is free again."""
        self._free += 1
        self._held[peer] -= 1
        if not self._held[peer]:
            del self._held[peer]
