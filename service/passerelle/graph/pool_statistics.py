"""What a pool of processes does and has done, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum

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
