"""The pool of query processes: answers that are streamed, within limits of time.

    caller's thread ── question ──► query process ── header, body, end ──► caller's thread (iterates the answer)

Time: at most `query_seconds` until the first byte; from then on at most `idle_seconds` between two pieces and
`stream_seconds` in all; the pool's keeper ends answers that nobody reads to the end. Places: `workers` queries run,
`queue` requests wait, further ones are refused. Queries that ask endpoints elsewhere run in processes of their own.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from pathlib import Path

from passerelle.errors import (
    DamagedRelease,
    PasserelleError,
    QueryTimeout,
    QueryTooComplex,
    WorkerLost,
)
from passerelle.graph.answering.answer import AnswerBody, QueryAnswer
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.query_process import QueryProcess
from passerelle.graph.answering.question import Question
from passerelle.graph.processes.child_process import DeadlinePassed, Killed
from passerelle.graph.processes.frames import Frame
from passerelle.graph.processes.pool_statistics import Loss, PoolStatistics, goes_on, loss_of, together
from passerelle.graph.processes.process_pool import Places, ProcessPool
from passerelle.settings import Settings

_SLOW_SECONDS = 1.0
"""From then on a query lets others go first: interactive ones take milliseconds, and a new process 50."""
_NETWORK_PLACES = 2
"""Queries with SERVICE at once: they mostly wait for others."""
_LONGEST_GRACE_SECONDS = 300.0


class ProcessBody(AnswerBody):
    """The pieces that a query process sends."""

    def __init__(self, pool: WorkerPool, process: QueryProcess, first: bytes, *, ended: bool) -> None:
        self._pool = pool
        self._process: QueryProcess | None = process
        self._first = first
        self.length = len(first) if ended else None
        if ended:
            self._give_back(whole=True)

    def __next__(self) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        if self._process is None:
            raise StopIteration
        try:
            last, piece = self._pool.next_piece(self._process)
        except PasserelleError as error:
            self._give_back(whole=goes_on(error), loss=loss_of(error))
            raise
        if last:
            self._give_back(whole=True)
        return piece

    def close(self) -> None:
        """Give up what has not been read."""
        self._first = b""
        self._give_back(whole=False, loss=Loss.ABANDONED)

    def _give_back(self, *, whole: bool, loss: Loss | None = None) -> None:
        process, self._process = self._process, None
        if process is not None:
            self._pool.give_back(process, whole=whole, loss=loss)


class WorkerPool(ProcessPool[QueryProcess]):
    """Query processes over the store of one release, for any number of threads."""

    def __init__(self, store: Path, settings: Settings, *, spares: int = 1, network: bool = False) -> None:
        """Start the processes and `spares` more; returns when the first is ready. Raises DamagedRelease, WorkerLost.

        The processes of a `network` pool may open sockets.
        """
        self._settings = settings
        self._store = store
        self._asks_elsewhere = network
        self._limits = Limits.of(settings)
        self._elsewhere: WorkerPool | None = None
        self._elsewhere_lock = threading.Lock()
        places = Places(
            settings.workers,
            settings.queue,
            settings.query_seconds,
            "workers-overloaded",
            gone="store-gone",
            spares=spares,
            slow_seconds=_SLOW_SECONDS,
            grace_seconds=min(settings.query_seconds, _LONGEST_GRACE_SECONDS),
        )
        super().__init__(lambda: QueryProcess(store, settings, network=network), places)

    immutable = True

    @property
    def statistics(self) -> PoolStatistics:
        """What the pool does now and has done."""
        own, elsewhere = super().statistics, self._elsewhere
        return own if elsewhere is None else together(own, elsewhere.statistics)

    @property
    def unused_seconds(self) -> float:
        """How long nothing was asked, of endpoints elsewhere neither; 0 while an answer is under way."""
        own, elsewhere = super().unused_seconds, self._elsewhere
        return own if elsewhere is None else min(own, elsewhere.unused_seconds)

    def run(self, question: Question) -> QueryAnswer:
        """Run a query until the first bytes of its answer are there.

        Raises QuerySyntaxError, NotAcceptable, RequestError, QueryTooComplex for what is wrong with the query;
        Overloaded, QueryTimeout, QueryOutOfMemory, AnswerTooLarge, BackendFailed (SERVICE), WorkerLost for what the
        service could not do.
        """
        if question.network and self._settings.service_endpoints and not self._asks_elsewhere:
            return self._pool_for_elsewhere().run(question)
        limits = question.limits or self._limits
        question = replace(question, limits=limits)
        process = self.take()
        deadline = time.monotonic() + min(limits.seconds, self._settings.query_seconds)
        try:
            return self._first_of(process, question, limits, deadline)
        except Killed:
            # somebody else ended the process, so the query is not to blame; one more process is tried, within its time
            pass
        process = self.take()
        try:
            return self._first_of(process, question, limits, deadline)
        except Killed:
            raise WorkerLost("worker-lost") from None

    def retire(self) -> None:
        """Close when nobody has asked anything for a while; what is asked until then is answered."""
        super().retire()
        with self._elsewhere_lock:
            if self._elsewhere is not None:
                self._elsewhere.retire()

    def close(self) -> None:
        """Kill all processes; answers under way break off."""
        super().close()
        with self._elsewhere_lock:
            if self._elsewhere is not None:
                self._elsewhere.close()

    def _pool_for_elsewhere(self) -> WorkerPool:
        with self._elsewhere_lock:
            if self.closed:
                raise WorkerLost("worker-closed")
            if self._elsewhere is None or self._elsewhere.closed:
                settings = replace(self._settings, workers=min(self._settings.workers, _NETWORK_PLACES))
                try:
                    self._elsewhere = WorkerPool(self._store, settings, spares=0, network=True)
                except DamagedRelease:
                    raise WorkerLost("store-gone") from None
                if self._retiring:
                    self._elsewhere.retire()
            return self._elsewhere

    def next_piece(self, process: QueryProcess) -> tuple[bool, bytes]:
        """Whether it is the last, and the next piece of an answer that has begun. For AnswerBody."""
        try:
            frame, content = process.read(min(process.expires, time.monotonic() + self._settings.idle_seconds))
        except DeadlinePassed:
            raise QueryTimeout("stream-timeout", seconds=self._settings.stream_seconds) from None
        except (WorkerLost, QueryTooComplex, Killed):
            if process.expired:
                raise QueryTimeout("stream-timeout", seconds=self._settings.stream_seconds) from None
            raise WorkerLost("worker-lost") from None
        if frame is Frame.ERROR:
            raise process.error_of(content)
        return frame is Frame.END, content

    def _first_of(self, process: QueryProcess, question: Question, limits: Limits, deadline: float) -> QueryAnswer:
        try:
            process.ask(question, deadline)
            frame, content = process.read(deadline)
            if frame is Frame.ERROR:
                raise process.error_of(content)
        except (DeadlinePassed, BrokenPipeError, Killed, PasserelleError) as error:
            told: Exception = error
            if isinstance(error, DeadlinePassed):
                told = QueryTimeout("query-timeout", seconds=limits.seconds)
            elif isinstance(error, BrokenPipeError):
                told = Killed()
            self.give_back(process, whole=goes_on(told), loss=loss_of(told))
            raise told from None
        start, _, first = content.partition(b"\n")
        try:
            header = json.loads(start)
            kind, media_type, more_rows = header["kind"], header["media_type"], header["more_rows"]
        except (ValueError, KeyError, TypeError):  # whoever has taken the process over takes no place with it
            self.give_back(process, whole=False, loss=Loss.LOST)
            raise process.lost() from None
        ended = frame is Frame.WHOLE
        if not ended:
            self.expire(process, time.monotonic() + self._settings.stream_seconds)
        return QueryAnswer(kind, media_type, ProcessBody(self, process, first, ended=ended), more_rows)
