"""One question to a remote engine: asked, read, written in the format of the client, in a thread of its own.

    thread: engine ── JSON or N-Triples ──► parsed ──► written in the client's format ──► pieces ──► caller's thread

The parsers and writers are those of pyoxigraph, so equal rows give equal bytes whichever engine answers, what is no
result document is found out, and limits of rows and bytes hold as they do for our own processes.
"""

from __future__ import annotations

import io
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeAlias

import pyoxigraph as ox
import requests

from passerelle.errors import AnswerTooLarge, BackendFailed, PasserelleError, QuerySyntaxError, QueryTimeout
from passerelle.graph.answering.answer_writer import AnswerWriter, EnoughRows, Sender, ServerGone
from passerelle.graph.answering.embedded import SOLUTION_FORMATS, TRIPLE_FORMATS
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Kind, Question
from passerelle.graph.processes.frames import BODY_BYTES
from passerelle.graph.processes.pool_statistics import Loss, loss_of
from passerelle.graph.remote.connection import Connection, Fields
from passerelle.graph.remote.dialect import RESULTS, TRIPLES, Dialect
from passerelle.graph.remote.received import Received

_LOG = logging.getLogger(__name__)

Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]

_AHEAD = 4
"""Pieces of 64 kB that are written before anybody takes them."""
_ERROR_BYTES = 4096
_OK = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer; the first one says what the answer is."""

    content: bytes
    last: bool
    kind: Kind = "solutions"
    more_rows: bool | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Where and how one question is asked.

    `check` is called when the answer is whole, before its last piece goes; `judge` gives the error for a text that the
    engine took for no SPARQL.
    """

    connection: Connection
    endpoint: str
    dialect: Dialect
    fields: Fields
    limits: Limits
    stream_seconds: float
    idle_seconds: float
    check: Callable[[], None]
    judge: Callable[[QuerySyntaxError], PasserelleError]


class Ended(Protocol):
    """Told when a question is done: whether its answer was whole, or what it is counted as."""

    def __call__(self, *, whole: bool, loss: Loss | None) -> None:
        """Called once."""


class Relay:
    """Runs one question; `next` hands out its pieces."""

    def __init__(self, question: Question, ask: Ask, ended: Ended) -> None:
        self.ask = ask
        self._question = question
        self._ended = ended
        self._pieces: queue.Queue[Piece | PasserelleError] = queue.Queue(_AHEAD)
        self._kind: Kind = question.kind or ("triples" if question.media_type in TRIPLE_FORMATS else "solutions")
        self._received: list[Received] = []
        self._abandoned = threading.Event()
        self._loss: Loss | None = None
        self._expires = time.monotonic() + ask.limits.seconds + ask.stream_seconds
        self._thread = threading.Thread(target=self._run, name="remote-question", daemon=True)
        self._thread.start()

    @property
    def media_type(self) -> str:
        """The format of the answer."""
        return self._question.media_type

    def next(self, deadline: float) -> Piece:
        """The next piece, until `deadline` (monotonic seconds). Raises queue.Empty, and why the question failed."""
        found = self._pieces.get(timeout=max(0.0, deadline - time.monotonic()))
        if isinstance(found, PasserelleError):
            raise found
        return found

    def abandon(self, loss: Loss) -> None:
        """Nobody wants the rest, for this reason."""
        if not self._abandoned.is_set():
            self._loss = loss
        self._abandoned.set()
        for received in list(self._received):
            received.give_up()

    def put(self, piece: Piece | PasserelleError) -> None:
        """Hand on, and wait while nobody takes. Raises ServerGone when nobody will."""
        while not self._abandoned.is_set() and time.monotonic() < self._expires:
            with suppress(queue.Full):
                # looks up now and then whether it was abandoned
                self._pieces.put(piece, timeout=0.5)
                return
        raise ServerGone

    def _run(self) -> None:
        failure: PasserelleError | None = None
        try:
            self._answer()
        except ServerGone:
            failure = BackendFailed("remote-cut")
        except PasserelleError as error:
            failure = error
        except Exception:  # noqa: BLE001 - a thread of its own: whatever happens, the caller must hear of it
            _LOG.exception("a question to the remote engine failed")
            failure = BackendFailed("remote-cut")
        if failure is not None:
            # its frames hold the parser, which must end in the thread that made it
            failure.__traceback__ = failure.__cause__ = failure.__context__ = None
        # the place is free before the caller hears the end
        if failure is None:
            self._ended(whole=True, loss=None)
        else:
            self._ended(whole=False, loss=self._loss or loss_of(failure))
        if failure is not None:
            with suppress(ServerGone):
                self.put(failure)

    def _answer(self) -> None:
        with self._opened() as received:
            try:
                results = self._parsed(received)
                kind = _kind(results)
                writer = AnswerWriter(
                    self._sender(kind), kind, self._question.media_type, self.ask.limits, self._has_more
                )
                try:
                    self._write(results, writer)
                finally:
                    writer.close_off()
            except (OSError, SyntaxError, ValueError) as error:
                # what went wrong with the connection is known better than what the parser makes of it
                raise received.failure or BackendFailed("remote-cut") from error

    def _sender(self, kind: Kind) -> Sender:
        """Sends to the queue, the last piece only if the engine held one release from beginning to end."""

        def send(content: bytes, *, last: bool, more_rows: bool | None) -> None:
            if last:
                self.ask.check()
            self.put(Piece(content, last, kind, more_rows))

        return send

    def _write(self, results: Results, writer: AnswerWriter) -> None:
        output = io.BufferedWriter(writer, BODY_BYTES)
        media_type = self._question.media_type
        with suppress(EnoughRows):
            if isinstance(results, ox.QuerySolutions | ox.QueryBoolean):
                results.serialize(output, SOLUTION_FORMATS[media_type])
            else:
                ox.serialize(writer.counted(results), output, TRIPLE_FORMATS[media_type])
            output.flush()
        writer.end()

    def _opened(self) -> Received:
        ask = self.ask
        accept = TRIPLES if self._question.media_type in TRIPLE_FORMATS else RESULTS
        try:
            response = ask.connection.post(
                ask.endpoint, ask.fields, accept, min(ask.limits.seconds, ask.idle_seconds) + 1
            )
        except requests.Timeout:
            raise QueryTimeout("query-timeout", seconds=ask.limits.seconds) from None
        if response.status_code != _OK:
            with self._reading(response, _ERROR_BYTES) as body, suppress(OSError):
                text = body.read(_ERROR_BYTES).decode("utf-8", "replace")
                failure = ask.dialect.failure(response.status_code, text, ask.limits.seconds)
                raise ask.judge(failure) if isinstance(failure, QuerySyntaxError) else failure
            raise BackendFailed("remote-status", status=response.status_code)
        self._response = response
        return self._reading(response, ask.limits.bytes)

    def _reading(self, response: requests.Response, byte_limit: int) -> Received:
        received = Received(response, byte_limit)
        self._received.append(received)
        if self._abandoned.is_set():  # before it was seen
            received.give_up()
        return received

    def _parsed(self, received: Received) -> Results:
        content = self.ask.dialect.opened(self._response, io.BufferedReader(received), self._kind)
        if self._kind == "triples":
            return self._capped(ox.parse(content, format=ox.RdfFormat.N_TRIPLES))
        results = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
        if self._question.kind is not None and _kind(results) != self._kind:
            raise BackendFailed("remote-format")
        return results

    def _capped(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
        most = self.ask.dialect.triples_at_most()
        for number, quad in enumerate(quads, 1):
            if most is not None and number >= most:
                raise AnswerTooLarge("answer-rows", limit=most)
            yield quad.triple

    def _has_more(self) -> bool:
        """Whether a second evaluation has a row more than were asked for."""
        with self._opened() as received:
            results = self._parsed(received)
            if isinstance(results, ox.QueryBoolean):
                return False
            return next(islice(results, self.ask.limits.asked_rows, None), None) is not None


def _kind(results: Results) -> Kind:
    if isinstance(results, ox.QueryBoolean):
        return "boolean"
    return "solutions" if isinstance(results, ox.QuerySolutions) else "triples"
