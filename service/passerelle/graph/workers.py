"""A pool of query processes: a query that runs too long is a process that is killed and replaced.

    caller's thread ── question ──► query process ── header, body, end ──► caller's thread (iterates the answer)
    keeper's thread: starts processes (so that one is always warm), and ends answers that nobody reads to the end

Time: at most `query_seconds` until the first byte; from then on at most `idle_seconds` between two pieces and
`stream_seconds` in all. Places: `workers` queries run, `queue` requests wait, further ones are refused.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from passerelle.errors import Overloaded, PasserelleError, QueryTimeout, RequestError, WorkerLost
from passerelle.graph.frames import Frame
from passerelle.graph.query_process import DeadlinePassed, Killed, QueryProcess, error_of
from passerelle.graph.question import Kind, Question
from passerelle.settings import Settings

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0


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
class QueryAnswer:
    """An answer whose first byte is there. `body` must be read to its end or closed."""

    kind: Kind
    media_type: str
    body: AnswerBody


class AnswerBody(Iterator[bytes]):
    """The pieces of an answer. Raises CapacityError when it breaks off: whoever relays it must break off as well.

    `length` is the number of bytes in all where that is known already, because the answer is short.
    """

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
        except PasserelleError:
            self._give_back(whole=False)
            raise
        if last:
            self._give_back(whole=True)
        return piece

    def close(self) -> None:
        """Give up what has not been read."""
        self._first = b""
        self._give_back(whole=False)

    def _give_back(self, *, whole: bool) -> None:
        process, self._process = self._process, None
        if process is not None:
            self._pool.give_back(process, whole=whole)


class WorkerPool:
    """Query processes over the store of one release, for any number of threads."""

    def __init__(self, store: Path, settings: Settings) -> None:
        """Start the processes; returns when the first is ready. Raises DamagedRelease, WorkerLost."""
        self._store = store
        self._settings = settings
        self._condition = threading.Condition()
        self._idle: deque[QueryProcess] = deque()
        self._running: set[QueryProcess] = set()
        self._waiting = self._answered = self._failed = self._replaced = 0
        self._closing = self._retiring = False
        self._start_failure: PasserelleError | None = None
        # processes end with the thread that started them, so one thread that outlives them all starts them
        self._keeper = threading.Thread(target=self._keep, name="query-process-keeper", daemon=True)
        self._keeper.start()
        with self._condition:
            self._condition.wait_for(lambda: self._idle or self._start_failure)
        self._raise_start_failure()

    def __enter__(self) -> WorkerPool:
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

    def run(
        self,
        query: str,
        media_type: str,
        *,
        default_graphs: tuple[str, ...] = (),
        named_graphs: tuple[str, ...] = (),
        own_dataset: bool = False,
    ) -> QueryAnswer:
        """Run a query until the first bytes of its answer are there (see `Question` for the dataset).

        Raises QuerySyntaxError, NotAcceptable, RequestError for what is wrong with the query; Overloaded,
        QueryTimeout, QueryOutOfMemory, WorkerLost for what the service could not do.
        """
        question = Question(query, media_type, default_graphs, named_graphs, own_dataset)
        process = self._take()
        deadline = time.monotonic() + self._settings.query_seconds
        try:
            return self._first_of(process, question, deadline)
        except Killed:
            # somebody else ended the process, so the query is not to blame; one more process is tried, within its time
            self.give_back(process, whole=False)
        except PasserelleError as error:
            self.give_back(process, whole=isinstance(error, RequestError))
            raise
        process = self._take()
        try:
            return self._first_of(process, question, deadline)
        except Killed:
            self.give_back(process, whole=False)
            raise WorkerLost("worker-lost") from None
        except PasserelleError as error:
            self.give_back(process, whole=isinstance(error, RequestError))
            raise

    def next_piece(self, process: QueryProcess) -> tuple[bool, bytes]:
        """Whether it is the last, and the next piece of an answer that has begun. For AnswerBody."""
        try:
            frame, content = process.read(min(process.expires, time.monotonic() + self._settings.idle_seconds))
        except DeadlinePassed:
            raise QueryTimeout("stream-timeout", seconds=self._settings.stream_seconds) from None
        except (WorkerLost, Killed):
            if process.expired:
                raise QueryTimeout("stream-timeout", seconds=self._settings.stream_seconds) from None
            raise WorkerLost("worker-lost") from None
        if frame is Frame.ERROR:
            raise error_of(content)
        return frame is Frame.END, content

    def give_back(self, process: QueryProcess, *, whole: bool) -> None:
        """Take a process back: for the next question if its answer is `whole`, to be replaced otherwise."""
        with self._condition:
            self._answered += whole
            self._failed += not whole
            keep = whole and process in self._running and not (self._closing or self._retiring)
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

    def _take(self) -> QueryProcess:
        deadline = time.monotonic() + self._settings.query_seconds
        with self._condition:
            if not self._available() and self._waiting >= self._settings.queue:
                raise Overloaded("workers-overloaded")
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

    def _wait_for_one(self, deadline: float) -> QueryProcess:
        found = self._condition.wait_for(
            lambda: self._available() or self._closing or self._retiring, max(deadline - time.monotonic(), 0)
        )
        if self._closing or self._retiring:
            raise WorkerLost("worker-closed")
        if not found:
            raise self._start_failure or Overloaded("workers-overloaded")
        return self._idle.popleft()

    def _available(self) -> bool:
        return bool(self._idle) and len(self._running) < self._settings.workers

    def _first_of(self, process: QueryProcess, question: Question, deadline: float) -> QueryAnswer:
        try:
            process.ask(question)
            frame, content = process.read(deadline)
            if frame is Frame.ERROR:
                raise error_of(content)
            header = json.loads(content)
            with self._condition:
                process.expires = time.monotonic() + self._settings.stream_seconds
                self._condition.notify_all()
            frame, first = process.read(deadline)
        except DeadlinePassed:
            raise QueryTimeout("query-timeout", seconds=self._settings.query_seconds) from None
        except BrokenPipeError:
            raise Killed from None
        body = AnswerBody(self, process, first, ended=frame is Frame.END)
        return QueryAnswer(header["kind"], header["media_type"], body)

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
        return self._settings.workers + 1 - len(self._idle) - len(self._running)

    def _seconds_to_expiry(self) -> float | None:
        nearest = min((process.expires for process in self._running), default=float("inf"))
        return None if nearest == float("inf") else max(nearest - time.monotonic(), 0)

    def _start_one(self) -> None:
        process = QueryProcess(self._store, self._settings)
        try:
            process.wait_until_ready()
        except PasserelleError as failure:
            process.reap()
            _LOG.error("a query process did not start: %s", failure.message_id)
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
