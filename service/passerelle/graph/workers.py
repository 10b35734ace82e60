"""The pool of query processes: answers that are streamed, within limits of time.

    caller's thread ── question ──► query process ── header, body, end ──► caller's thread (iterates the answer)

Time: at most `query_seconds` until the first byte; from then on at most `idle_seconds` between two pieces and
`stream_seconds` in all; the pool's keeper ends answers that nobody reads to the end. Places: `workers` queries run,
`queue` requests wait, further ones are refused.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from passerelle.errors import PasserelleError, QueryTimeout, RequestError, WorkerLost
from passerelle.graph.answer import AnswerBody, QueryAnswer
from passerelle.graph.child_process import DeadlinePassed, Killed
from passerelle.graph.frames import Frame
from passerelle.graph.process_pool import Places, ProcessPool
from passerelle.graph.query_process import QueryProcess
from passerelle.graph.question import Question
from passerelle.settings import Settings


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


class WorkerPool(ProcessPool[QueryProcess]):
    """Query processes over the store of one release, for any number of threads."""

    def __init__(self, store: Path, settings: Settings) -> None:
        """Start the processes; returns when the first is ready. Raises DamagedRelease, WorkerLost."""
        self._settings = settings
        super().__init__(
            lambda: QueryProcess(store, settings),
            Places(settings.workers, settings.queue, settings.query_seconds, "workers-overloaded"),
        )

    immutable = True

    def run(self, question: Question) -> QueryAnswer:
        """Run a query until the first bytes of its answer are there.

        Raises QuerySyntaxError, NotAcceptable, RequestError for what is wrong with the query; Overloaded,
        QueryTimeout, QueryOutOfMemory, WorkerLost for what the service could not do.
        """
        process = self.take()
        deadline = time.monotonic() + self._settings.query_seconds
        try:
            return self._first_of(process, question, deadline)
        except Killed:
            # somebody else ended the process, so the query is not to blame; one more process is tried, within its time
            self.give_back(process, whole=False)
        except PasserelleError as error:
            self.give_back(process, whole=isinstance(error, RequestError))
            raise
        process = self.take()
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
            raise process.error_of(content)
        return frame is Frame.END, content

    def _first_of(self, process: QueryProcess, question: Question, deadline: float) -> QueryAnswer:
        try:
            process.ask(question, deadline)
            frame, content = process.read(deadline)
            if frame is Frame.ERROR:
                raise process.error_of(content)
            header = json.loads(content)
            self.expire(process, time.monotonic() + self._settings.stream_seconds)
            frame, first = process.read(deadline)
        except DeadlinePassed:
            raise QueryTimeout("query-timeout", seconds=self._settings.query_seconds) from None
        except BrokenPipeError:
            raise Killed from None
        body = ProcessBody(self, process, first, ended=frame is Frame.END)
        return QueryAnswer(header["kind"], header["media_type"], body)
