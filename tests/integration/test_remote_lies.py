"""Engines that cut, stall or answer something else: never a cut answer for a whole one, and always in time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from rdflib import DCTERMS

from lying_engine import HEAD, JSON, ROW, WHOLE, Answer, LyingEngine, chunk, lying_engine, response
from passerelle.errors import (
    AnswerTooLarge,
    BackendFailed,
    BackendUnreachable,
    Overloaded,
    PasserelleError,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooComplex,
)
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Kind, Question
from passerelle.graph.descriptions.void import void_graph
from passerelle.graph.remote.backend import RemoteBackend
from passerelle.graph.remote.connection import Connection
from passerelle.graph.remote.metadata import Metadata
from passerelle.graph.remote.opening import open_remote
from passerelle.settings import Settings

QUESTION = Question("SELECT ?x {}", "text/csv")
MANY = HEAD + b",".join([ROW] * 200_000) + b"]}}"


@contextmanager
def opened(engine: LyingEngine, **settings: object) -> Iterator[RemoteBackend]:
    _, backend = open_remote(Settings.of(environment={}, backend=engine.address, **settings))
    try:
        yield backend
    finally:
        engine.released.set()
        backend.close()


def failure(lie: Answer | bytes, question: Question = QUESTION, **settings: object) -> tuple[PasserelleError, bytes]:
    """How an answer fails, and what of it came before."""
    came = b""
    with (
        lying_engine(lie) as engine,
        opened(engine, **settings) as backend,
        pytest.raises(PasserelleError) as raised,
    ):
        for piece in backend.run(question).body:
            came += piece
    return raised.value, came


def test_an_honest_engine_is_relayed() -> None:
    with lying_engine(response(WHOLE)) as engine, opened(engine) as backend:
        assert b"".join(backend.run(QUESTION).body) == b"x\r\n1\r\n"
        assert backend.statistics.running == 0


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(response(WHOLE, b"Content-Length: 500"), id="shorter than announced"),
        pytest.param(response(chunk(WHOLE), b"Transfer-Encoding: chunked"), id="no last chunk"),
        pytest.param(response(b"ffff\r\n" + WHOLE, b"Transfer-Encoding: chunked"), id="chunk cut"),
        pytest.param(response(b"zz\r\n" + WHOLE, b"Transfer-Encoding: chunked"), id="chunk of no size"),
        pytest.param(response(HEAD + ROW), id="document cut, length right"),
        pytest.param(
            response(HEAD + ROW, b"Connection: close").replace(b"Content-Length: 82\r\n", b""), id="no length"
        ),
        pytest.param(response(b"<html>down for maintenance</html>"), id="HTML that says it is JSON"),
        pytest.param(response(b""), id="nothing"),
    ],
)
def test_an_answer_that_is_not_whole_is_an_error_before_the_first_byte(lie: bytes) -> None:
    error, came = failure(lie)
    assert isinstance(error, BackendFailed)
    assert (error.message_id, came) == ("remote-cut", b"")


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(response(MANY, b"Content-Length: 99999999"), id="shorter than announced"),
        pytest.param(response(chunk(MANY), b"Transfer-Encoding: chunked"), id="no last chunk"),
        pytest.param(response(MANY[:-3]), id="document cut"),
    ],
)
def test_a_long_answer_that_is_cut_breaks_off(cut: bytes) -> None:
    error, came = failure(cut)
    assert (type(error), error.message_id) == (BackendFailed, "remote-cut")
    assert came.startswith(b"x\r\n1\r\n")


@pytest.mark.parametrize(
    ("lie", "kind", "message_id"),
    [
        (response(b"<html>", media_type=b"text/html"), BackendFailed, "remote-format"),
        (response(b"boom /srv/secret", status=b"500 Failed"), BackendFailed, "remote-status"),
        (response(b"", b"Location: http://127.0.0.1:1/", status=b"302 Found"), BackendFailed, "remote-status"),
        (response(b"syntax, /srv/secret", status=b"400 Bad Request"), BackendFailed, "remote-cannot"),
        (response(b"", status=b"403 Forbidden"), BackendFailed, "remote-forbidden"),
        (response(b"", status=b"504 Gateway Timeout"), QueryTimeout, "query-timeout"),
        (b"not HTTP at all\r\n\r\n", BackendUnreachable, "remote-unreachable"),
        (b"", BackendUnreachable, "remote-unreachable"),
    ],
)
def test_what_an_engine_answers_becomes_an_error_of_ours(
    lie: bytes, kind: type[PasserelleError], message_id: str
) -> None:
    error, came = failure(lie)
    assert (type(error), error.message_id, came) == (kind, message_id, b"")
    assert "secret" not in str(error)


def test_whether_a_text_is_sparql_is_not_left_to_the_engine() -> None:
    refusal = response(b"syntax, /srv/secret", status=b"400 Bad Request")
    error, _ = failure(refusal, Question("SELECT ?x {\n", "text/csv"))
    assert (type(error), error.message_id, error.parameters["line"]) == (QuerySyntaxError, "sparql-syntax", "2")
    assert "secret" not in str(error)


def test_a_text_too_deep_for_the_verdict_ends_no_service() -> None:
    deep = "SELECT ?x " + "{" * 200_000 + "}" * 200_000
    error, _ = failure(response(b"", status=b"400 Bad Request"), Question(deep, "text/csv"))
    assert type(error) is QueryTooComplex


def test_an_endpoint_elsewhere_is_not_asked_for_the_verdict() -> None:
    with lying_engine(response(WHOLE)) as elsewhere:
        query = f"ASK {{ SERVICE <{elsewhere.address}> {{ ?s ?p ?o }} }}"
        error, _ = failure(response(b"", status=b"400 Bad Request"), Question(query, "text/csv", network=True))
        assert (error.message_id, elsewhere.requests) == ("remote-cannot", [])


def test_an_engine_that_drips_is_given_up_in_time() -> None:
    def drip(peer: socket.socket, request: bytes) -> None:
        peer.sendall(response(HEAD, b"Content-Length: 99999999"))
        with suppress(OSError):
            while True:
                peer.sendall(ROW + b",")

    error, came = failure(drip, Question("SELECT ?x {}", "text/csv", limits=Limits(5, 10_000, 10**9)))
    assert isinstance(error, AnswerTooLarge)

    def silent(peer: socket.socket, request: bytes) -> None:
        peer.sendall(response(HEAD, b"Content-Length: 99999999"))
        with suppress(OSError):
            peer.recv(1)

    error, came = failure(silent, Question("SELECT ?x {}", "text/csv", limits=Limits(0.3, 10_000, 10**9)))
    assert (type(error), came) == (QueryTimeout, b"")


def test_an_engine_that_stalls_half_way_breaks_off() -> None:
    def stall(peer: socket.socket, request: bytes) -> None:
        peer.sendall(response(MANY, b"Content-Length: 99999999"))
        with suppress(OSError):
            peer.recv(1)

    error, came = failure(stall, idle_seconds=0.5)
    assert isinstance(error, QueryTimeout)
    assert came.startswith(b"x\r\n1\r\n")


def test_an_answer_given_up_frees_its_place() -> None:
    with lying_engine(response(MANY)) as engine, opened(engine, workers=1, queue=1) as backend:
        for _ in range(3):
            answer = backend.run(QUESTION)
            next(answer.body)
            answer.body.close()
        assert len(b"".join(backend.run(QUESTION).body)) == 3 * 200_001


def test_more_questions_than_places_wait_and_then_are_refused() -> None:
    with lying_engine(response(MANY)) as engine, opened(engine, workers=1, queue=0) as backend:
        held = backend.run(QUESTION)
        with pytest.raises(Overloaded):
            backend.run(QUESTION)
        held.body.close()


def test_bytes_are_limited_before_they_are_parsed() -> None:
    bomb = response(HEAD + b'{"x":{"type":"literal","value":"' + b"a" * 5_000_000)
    error, came = failure(bomb, Question("SELECT ?x {}", "text/csv", limits=Limits(5, 10, 100_000)))
    assert (type(error), came) == (AnswerTooLarge, b"")


def test_a_row_limit_that_was_asked_for_is_exact_and_said() -> None:
    for rows, more in ((1, False), (2, False), (3, True)):
        body = HEAD + b",".join([ROW] * rows) + b"]}}"
        with lying_engine(response(body)) as engine, opened(engine) as backend:
            limits = Limits(5, 1000, 10**6, asked_rows=2)
            answer = backend.run(Question("SELECT ?x {}", "text/csv", limits=limits))
            assert (answer.more_rows, b"".join(answer.body)) == (more, b"x\r\n" + b"1\r\n" * min(rows, 2))


def test_passwords_go_out_only_when_they_are_asked_for() -> None:
    def guarded(peer: socket.socket, request: bytes) -> None:
        if b"authorization: basic dTpw" in request.lower().replace(b"dtpw", b"dTpw"):
            peer.sendall(response(WHOLE, b"Connection: close"))
        else:
            challenge = b'WWW-Authenticate: Basic realm="engine"'
            peer.sendall(response(b"", challenge, b"Connection: close", status=b"401 Unauthorized"))

    with (
        lying_engine(guarded) as engine,
        opened(engine, backend_user="u", backend_password="p") as backend,
    ):
        assert b"".join(backend.run(QUESTION).body) == b"x\r\n1\r\n"
        assert b"uthorization" not in engine.requests[0]


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with lying_engine(response(WHOLE)) as engine, opened(engine) as backend:
        assert b"".join(backend.run(QUESTION).body) == b"x\r\n1\r\n"


def test_an_engine_that_we_did_not_publish_into_has_unknown_sources_and_licences() -> None:
    with lying_engine(response(WHOLE)) as engine:
        manifest, backend = open_remote(Settings.of(environment={}, backend=engine.address))
        backend.close()
    assert JSON in engine.requests[0]
    (source,) = manifest.sources
    assert (manifest.identifier, source.licence_iri) == ("remote", "")
    assert source.licence_name.startswith("Licence not known")


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\n", response(HEAD, b"Content-Length: 99999999")])
def test_an_engine_that_drips_gives_the_place_back(beginning: bytes) -> None:
    def drip(peer: socket.socket, request: bytes) -> None:
        peer.sendall(beginning)
        # a header line, or white space in a document, that never ends
        while not engine.released.wait(0.05):
            peer.sendall(b" ")

    limits = Limits(0.3, 10, 10**9)
    with lying_engine(drip) as engine, opened(engine, workers=1, queue=1) as backend:
        with pytest.raises(QueryTimeout):
            backend.run(Question("SELECT ?x {}", "text/csv", limits=limits))
        engine.lie = lambda peer, _: peer.sendall(response(WHOLE))
        assert b"".join(backend.run(QUESTION).body) == b"x\r\n1\r\n"
        statistics = backend.statistics
    assert (statistics.timeouts, statistics.abandoned, statistics.lost, statistics.answered) == (1, 0, 0, 1)


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\n", response(HEAD, b"Content-Length: 99999999")])
def test_what_the_service_asks_on_its_own_ends_in_time(beginning: bytes) -> None:
    def drip(peer: socket.socket, request: bytes) -> None:
        peer.sendall(beginning)
        while not engine.released.wait(0.05):
            peer.sendall(b" ")

    with lying_engine(drip) as engine:
        connection = Connection()
        with pytest.raises(QueryTimeout):
            Metadata(connection, engine.address, 0.3).values("SELECT ?value {}")
        connection.close()


def test_losses_are_counted_by_their_reason() -> None:
    with (
        lying_engine(response(b"", status=b"500 Failed")) as engine,
        opened(engine, workers=1, queue=1) as backend,
    ):
        with pytest.raises(BackendFailed):
            backend.run(QUESTION)
        engine.lie = lambda peer, _: peer.sendall(response(b"", status=b"400 Bad Request"))
        with pytest.raises(QuerySyntaxError):
            backend.run(Question("SELECT ?x {", "text/csv"))
        engine.lie = lambda peer, _: peer.sendall(response(MANY))
        answer = backend.run(QUESTION)
        next(answer.body)
        answer.body.close()
        # waits for its place, so that the one before is counted
        engine.lie = lambda peer, _: peer.sendall(response(WHOLE))
        assert b"".join(backend.run(QUESTION).body) == b"x\r\n1\r\n"
        found = backend.statistics
    assert (found.failed, found.lost, found.abandoned, found.streams_cut, found.timeouts) == (3, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("kind", "lie"),
    [("boolean", WHOLE), ("solutions", b'{"head":{},"boolean":true}')],
)
def test_an_answer_of_another_kind_is_an_error(kind: Kind, lie: bytes) -> None:
    error, came = failure(response(lie), Question("-", "application/sparql-results+json", kind=kind))
    assert (type(error), error.message_id, came) == (BackendFailed, "remote-format", b"")


def test_an_engine_that_cannot_be_opened_leaves_no_connection() -> None:
    with lying_engine(b"") as engine:
        kept: list[socket.socket] = []

        def drop(peer: socket.socket, request: bytes) -> None:
            kept.append(peer)
            body = b'{"head":{"vars":["value"]},"results":{"bindings":[{"value":{"type":"literal","value":"odd"}}]}}'
            peer.sendall(response(body))
            # ends when the other side closes
            assert peer.recv(1) == b""
            engine.released.set()

        engine.own = drop
        with pytest.raises(BackendFailed) as raised:
            open_remote(Settings.of(environment={}, backend=engine.address))
        assert raised.value.message_id == "remote-format"
        assert engine.released.wait(10)


def test_nothing_is_stated_of_a_date_that_is_not_known() -> None:
    with lying_engine(response(WHOLE)) as engine:
        manifest, backend = open_remote(Settings.of(environment={}, backend=engine.address))
        backend.close()
    described = void_graph(manifest, None)
    assert not set(described.predicates()) & {DCTERMS.created, DCTERMS.issued, DCTERMS.modified}
