"""What each client holds and has asked for lately. Bookkeeping of the admission, without any HTTP.

A client works on `queries` requests at once; further ones wait for their turn in their thread. So that waiting takes no
thread from others, the places to wait are shared by a rule that leaves some in every case: a client may wait as long as
it holds fewer of them than are free. One alone gets half of them, two get a third each, and so on. Of all places, a
client holds less than twice as many as are free.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from passerelle.errors import Overloaded, TooManyRequests

MOST_CLIENTS = 10_000
"""Remembered at once: 5 MB. Beyond, the ones not heard of for longest start anew."""
_ATTEMPTS, _ATTEMPTS_RATE = 10, 0.1
"""Wrong tokens at once, and a second."""
_SMOOTHING = 0.3


@dataclass(slots=True)
class Bucket:
    """A token bucket: `size` at most, `rate` more a second (0: without end)."""

    size: float
    rate: float
    tokens: float
    moment: float

    def take(self, now: float) -> float:
        """Take a token and return 0, or the seconds until there is one."""
        if self.rate <= 0:
            return 0.0
        self.tokens = min(self.size, self.tokens + (now - self.moment) * self.rate)
        self.moment = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate

    def is_full(self, now: float) -> bool:
        """Whether it has nothing to remember."""
        return self.rate <= 0 or self.tokens + (now - self.moment) * self.rate >= self.size


@dataclass(slots=True)
class _Client:
    asked: Bucket
    attempts: Bucket
    working: int = 0
    waiting: deque[threading.Event] = field(default_factory=deque)
    seconds: float = 1.0  # how long its requests took lately

    def is_idle(self) -> bool:
        return not self.working and not self.waiting


@dataclass(frozen=True, slots=True)
class Shares:
    """How much there is: for each client, and `places` to be inside for all, of which `waiting_places` to wait."""

    queries: int
    waiting: int
    rate: float
    burst: int
    places: int
    waiting_places: int
    wait_seconds: float


class ClientShares:
    """Lets clients in and out. Thread-safe; `clock` gives monotonic seconds."""

    def __init__(self, shares: Shares, clock: Callable[[], float] = time.monotonic) -> None:
        self._shares = shares
        self._clock = clock
        self._lock = threading.Lock()
        self._clients: OrderedDict[str, _Client] = OrderedDict()
        self._inside = self._waiting = 0

    def __len__(self) -> int:
        return len(self._clients)

    @property
    def waiting(self) -> int:
        """Requests that wait for their client's turn."""
        return self._waiting

    def enter(self, key: str) -> None:
        """Come in, at once or when it is this client's turn; then `leave` must follow.

        Raises TooManyRequests with the parameter `seconds`, Overloaded when all clients together fill the service.
        """
        shares = self._shares
        with self._lock:
            client = self._client(key)
            seconds = client.asked.take(self._clock())
            if seconds:
                raise TooManyRequests("client-rate", seconds=math.ceil(seconds))
            free = shares.places - self._inside
            if free <= 0:
                raise Overloaded("server-full")
            turns = client.working < shares.queries and not client.waiting
            waits = len(client.waiting)
            if waits + client.working >= 2 * free or (
                not turns and waits >= min(shares.waiting, shares.waiting_places - self._waiting)
            ):
                raise self._too_many(client)
            self._inside += 1
            if turns:
                client.working += 1
                return
            turn = threading.Event()
            client.waiting.append(turn)
            self._waiting += 1
        if turn.wait(shares.wait_seconds):
            return
        with self._lock:
            if turn.is_set():  # it came in between
                return
            client.waiting.remove(turn)
            self._waiting -= 1
            self._inside -= 1
            raise self._too_many(client)

    def leave(self, key: str, seconds: float) -> None:
        """Go out, after so many seconds of work; the next one of this client comes in."""
        with self._lock:
            client = self._clients[key]
            client.seconds += _SMOOTHING * (seconds - client.seconds)
            self._inside -= 1
            if client.waiting:
                self._waiting -= 1
                client.waiting.popleft().set()
            else:
                client.working -= 1

    def attempt(self, key: str) -> None:
        """Count an attempt with a token. Raises TooManyRequests when too many were wrong."""
        with self._lock:
            seconds = self._client(key).attempts.take(self._clock())
        if seconds:
            raise TooManyRequests("client-attempts", seconds=math.ceil(seconds))

    def attempt_succeeded(self, key: str) -> None:
        """Give back what `attempt` took."""
        with self._lock:
            attempts = self._client(key).attempts
            attempts.tokens = min(attempts.size, attempts.tokens + 1)

    def _too_many(self, client: _Client) -> TooManyRequests:
        expected = client.seconds * (1 + len(client.waiting)) / self._shares.queries
        seconds = math.ceil(min(max(expected, 1.0), max(self._shares.wait_seconds, 1.0)))
        return TooManyRequests("client-share", queries=self._shares.queries, seconds=seconds)

    def _client(self, key: str) -> _Client:
        now = self._clock()
        self._forget(now)
        client = self._clients.get(key)
        if client is None:
            burst = max(self._shares.burst, 1)
            client = self._clients[key] = _Client(
                Bucket(burst, self._shares.rate, burst, now), Bucket(_ATTEMPTS, _ATTEMPTS_RATE, _ATTEMPTS, now)
            )
        self._clients.move_to_end(key)
        return client

    def _forget(self, now: float) -> None:
        # two for each that comes, so that the work is even and the number falls
        for _ in range(2):
            if not self._clients:
                return
            key, oldest = next(iter(self._clients.items()))
            if not oldest.is_idle():
                self._clients.move_to_end(key)
            elif len(self._clients) > MOST_CLIENTS or (oldest.asked.is_full(now) and oldest.attempts.is_full(now)):
                del self._clients[key]
