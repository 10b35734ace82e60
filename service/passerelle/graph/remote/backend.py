"""The remote engine as a backend of the service: bounded, in time, and never a cut answer for a whole one."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import replace

from passerelle.errors import NotAcceptable, PasserelleError, QueryTimeout
from passerelle.graph.answering.answer import AnswerBody, QueryAnswer
from passerelle.graph.answering.embedded import SOLUTION_FORMATS, TRIPLE_FORMATS
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.graph.manifest import Manifest
from passerelle.graph.processes.pool_statistics import Loss, PoolStatistics, loss_of
from passerelle.graph.remote.connection import Connection
from passerelle.graph.remote.dialect import Dialect
from passerelle.graph.remote.places import AskingPlaces
from passerelle.graph.remote.published import Publications, Published
from passerelle.graph.remote.query_syntax import judged
from passerelle.graph.remote.relay import Ask, Piece, Relay
from passerelle.settings import Settings


class RemoteBody(AnswerBody):
    """The pieces of an answer that a relay hands on."""

    def __init__(self, relay: Relay, first: Piece, settings: Settings, expires: float) -> None:
        self._relay = relay
        self._first: Piece | None = first
        self._ended = False
        self._settings = settings
        self._expires = expires
        self.length = len(first.content) if first.last else None

    def __next__(self) -> bytes:
        if self._ended:
            raise StopIteration
        piece, self._first = self._first, None
        try:
            piece = piece or self._relay.next(min(self._expires, time.monotonic() + self._settings.idle_seconds))
        except queue.Empty:
            self._give_up(Loss.STREAM)
            raise QueryTimeout("stream-timeout", seconds=self._settings.stream_seconds) from None
        except PasserelleError as error:
            self._give_up(loss_of(error) or Loss.ABANDONED)
            raise
        self._ended = piece.last
        return piece.content

    def close(self) -> None:
        """Give up what has not been read."""
        self._give_up(Loss.ABANDONED)

    def _give_up(self, loss: Loss) -> None:
        if not self._ended:
            self._ended = True
            self._relay.abandon(loss)


class RemoteBackend:
    """Asks one SPARQL 1.1 endpoint. Thread-safe."""

    immutable = False
    """The engine may be changed by others at any time."""

    def __init__(
        self, settings: Settings, connection: Connection, dialect: Dialect, publications: Publications
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._dialect = dialect
        self._publications = publications
        self._places = AskingPlaces(settings.workers, settings.queue, settings.query_seconds)
        self._published = publications.current()
        self._refreshing = threading.Lock()

    @property
    def manifest(self) -> Manifest:
        """The manifest of what the engine holds: another one after the next release was published into it."""
        return self._published.manifest

    @property
    def statistics(self) -> PoolStatistics:
        """What is asked now and was asked."""
        return self._places.statistics

    def run(self, question: Question) -> QueryAnswer:
        """Ask, until the first bytes of the answer are there.

        Raises QuerySyntaxError, QueryRefused, NotAcceptable for the query; Overloaded, QueryTimeout, AnswerTooLarge,
        BackendFailed for what engine and service could not do.
        """
        if question.media_type not in SOLUTION_FORMATS and question.media_type not in TRIPLE_FORMATS:
            offered = ", ".join((*SOLUTION_FORMATS, *TRIPLE_FORMATS))
            raise NotAcceptable("sparql-not-acceptable", offered=offered)
        self._dialect.check(question)
        limits = self._limits(question)
        self._places.take()
        try:
            published = self._held()
            fields = self._dialect.fields(question, published.default_graphs, published.named_graphs, limits)
            ask = Ask(
                self._connection,
                self._settings.backend,
                self._dialect,
                fields,
                limits,
                self._settings.stream_seconds,
                self._settings.idle_seconds,
                lambda: self._publications.check(published),
                lambda refusal: judged(question, refusal, self._settings),
            )
            started = time.monotonic()
            relay = Relay(question, ask, self._places.give_back)
        except BaseException as error:
            self._places.give_back(whole=False, loss=loss_of(error) if isinstance(error, Exception) else Loss.LOST)
            raise
        return self._first(relay, started, limits)

    def retire(self) -> None:
        """Take no further question; answers under way end by themselves."""
        self._places.close()

    def close(self) -> None:
        """Take no further question, and close the connections."""
        self._places.close()
        self._connection.close()

    def _limits(self, question: Question) -> Limits:
        limits = question.limits or Limits.of(self._settings)
        return replace(limits, seconds=min(limits.seconds, self._settings.query_seconds))

    def _held(self) -> Published:
        """What the engine holds now, read again after a release was published into it. Raises BackendFailed."""
        published = self._published
        if self._publications.holds(published):
            return published
        with self._refreshing:
            if self._published is published:
                self._published = self._publications.current()
            return self._published

    def _first(self, relay: Relay, started: float, limits: Limits) -> QueryAnswer:
        try:
            first = relay.next(started + limits.seconds)
        except queue.Empty:
            relay.abandon(Loss.TIMEOUT)
            raise QueryTimeout("query-timeout", seconds=limits.seconds) from None
        except BaseException:
            relay.abandon(Loss.ABANDONED)
            raise
        body = RemoteBody(relay, first, self._settings, time.monotonic() + self._settings.stream_seconds)
        return QueryAnswer(first.kind, relay.media_type, body, first.more_rows)
