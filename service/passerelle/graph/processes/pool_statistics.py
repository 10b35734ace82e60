"""What a pool of processes does and has done, in numbers."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from passerelle.errors import AnswerTooLarge, QueryOutOfMemory, QueryTimeout, QueryTooComplex, RequestError


class Loss(Enum):
    """Why a process was given up; the values are names of `PoolStatistics`."""

    TIMEOUT = "timeouts"
    MEMORY = "out_of_memory"
    STREAM = "streams_cut"
    COMPLEX = "too_complex"
    LOST = "lost"
    ABANDONED = "abandoned"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """What the pool does now (running, waiting, idle) and has done since it was started.

    `answered` and `failed` questions; `replaced` processes, and why: no first byte in time (`timeouts`), more memory
    than allowed (`out_of_memory`), an answer not taken or not complete in time (`streams_cut`), a stack overflow
    (`too_complex`), another end (`lost`), an answer that nobody wanted any more (`abandoned`), or a lowered priority
    (`slow`; the answer was whole). `waited` questions had to wait for a process, `waited_milliseconds` in all.
    """

    running: int
    waiting: int
    idle: int
    answered: int
    failed: int
    replaced: int
    timeouts: int = 0
    out_of_memory: int = 0
    streams_cut: int = 0
    too_complex: int = 0
    lost: int = 0
    abandoned: int = 0
    slow: int = 0
    waited: int = 0
    waited_milliseconds: int = 0


def goes_on(error: Exception) -> bool:
    """Whether what told this error can answer the next question: the query, or the size of its answer, is to blame."""
    return isinstance(error, (RequestError, AnswerTooLarge)) and not isinstance(error, QueryTooComplex)


def loss_of(error: Exception) -> Loss | None:
    """What a question that ended with this error is counted as; None where nothing was lost by it."""
    if goes_on(error):
        return None
    if isinstance(error, QueryTimeout):
        return Loss.STREAM if error.message_id == "stream-timeout" else Loss.TIMEOUT
    if isinstance(error, QueryOutOfMemory):
        return Loss.MEMORY
    return Loss.COMPLEX if isinstance(error, QueryTooComplex) else Loss.LOST


class Tally:
    """The counters behind the statistics; guarded by the lock of its pool."""

    def __init__(self) -> None:
        self.answered = self.failed = self.replaced = self.waited = 0
        self.waited_seconds = 0.0
        self._losses: Counter[Loss] = Counter()

    def ended(self, *, whole: bool, kept: bool, loss: Loss | None) -> None:
        """A question is done: its answer was `whole` or not, its process `kept` or replaced for this `loss`."""
        self.answered += whole
        self.failed += not whole
        self.replaced += not kept
        if loss is not None:
            self._losses[loss] += 1

    def statistics(self, running: int, waiting: int, idle: int) -> PoolStatistics:
        """All of it, with what the pool does now."""
        return PoolStatistics(
            running,
            waiting,
            idle,
            self.answered,
            self.failed,
            self.replaced,
            waited=self.waited,
            waited_milliseconds=round(1000 * self.waited_seconds),
            **{loss.value: self._losses[loss] for loss in Loss},
        )


def together(first: PoolStatistics, second: PoolStatistics) -> PoolStatistics:
    """The sums of both."""
    return PoolStatistics(
        *(getattr(first, name) + getattr(second, name) for name in PoolStatistics.__dataclass_fields__)
    )


class CountedPool(Protocol):
    """What the totals need of a pool."""

    @property
    def statistics(self) -> PoolStatistics:
        """What it does now and has done."""

    @property
    def closed(self) -> bool:
        """Whether it takes no more questions."""


class Totals:
    """The statistics of the pool that serves now, and of those before it and beside it: no number ever falls.

    A counter that went back to 0 with each release would hide what was counted since it was last read (Prometheus,
    "Metric types": a counter only rises). Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: CountedPool | None = None
        self._others: list[CountedPool] = []
        self._ended = PoolStatistics(0, 0, 0, 0, 0, 0)

    def follow(self, pool: CountedPool) -> None:
        """This pool serves from now on; the one before is counted until it has ended, and remembered after that."""
        with self._lock:
            if self._current is not None:
                self._add(self._current)
            self._current = pool

    def beside(self, pool: CountedPool) -> None:
        """Count this one with it, as long as there is anything to count."""
        with self._lock:
            self._add(pool)

    @property
    def statistics(self) -> PoolStatistics:
        """The sums. `idle` are processes of the current pool alone: the others are ready for nothing new."""
        with self._lock:
            self._fold()
            found = self._ended
            for pool in self._others:
                found = together(found, replace(pool.statistics, idle=0))
            return found if self._current is None else together(found, self._current.statistics)

    def _add(self, pool: CountedPool) -> None:
        self._fold()
        self._others.append(pool)

    def _fold(self) -> None:
        open_: list[CountedPool] = []
        for pool in self._others:
            found = pool.statistics
            if pool.closed and not found.running:
                self._ended = together(self._ended, replace(found, waiting=0, idle=0))
            else:
                open_.append(pool)
        self._others = open_
