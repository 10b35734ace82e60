"""SERVICE to endpoints that the administrator allows: which processes may open sockets, and what they follow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from passerelle.errors import BackendFailed, QueryRefused, QueryTimeout
from passerelle.graph.answering.question import Question
from passerelle.graph.answering.workers import WorkerPool
from passerelle.settings import Settings
from small_release import small_release

CSV = "text/csv"
FOUND = (
    b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"https://elsewhere.example/thing"}}]}}'
)


@dataclass
class Endpoint:
    """A SPARQL endpoint on loopback that has one solution, and the paths that it was asked."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def query(self, path: str = "/sparql") -> str:
        return f"SELECT ?s {{ SERVICE <{self.address}{path}> {{ ?s ?p ?o }} }}"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    there = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def do_GET(self) -> None:
            there.asked.append(self.path)
            if self.path == "/endless":
                there.let_go.wait()
                return
            moved = self.path.startswith("/moved/")
            self.send_response(int(self.path.rpartition("/")[2]) if moved else 200)
            self.send_header(
                "Location" if moved else "Content-Type", "/sparql" if moved else "application/sparql-results+json"
            )
            body = b"" if moved else FOUND
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        there.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield there
        finally:
            there.let_go.set()
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_release(tmp_path_factory.mktemp("releases")) / "store"


@pytest.fixture(scope="module")
def pool(store: Path, endpoint: Endpoint) -> Iterator[WorkerPool]:
    settings = Settings(workers=1, query_seconds=20.0, service_endpoints=f"{endpoint.address}/sparql")
    with WorkerPool(store, settings) as opened:
        yield opened


def test_an_allowed_endpoint_is_asked(pool: WorkerPool, endpoint: Endpoint) -> None:
    question = Question(endpoint.query(), CSV, network=True)
    for _ in range(2):
        assert b"".join(pool.run(question).body) == b"s\r\nhttps://elsewhere.example/thing\r\n"
    assert pool.statistics.answered >= 2


def test_processes_of_ordinary_queries_open_no_socket(pool: WorkerPool, endpoint: Endpoint) -> None:
    endpoint.asked.clear()
    with pytest.raises(QueryRefused):
        pool.run(Question(endpoint.query(), CSV))
    assert endpoint.asked == []


def test_without_the_setting_no_process_opens_a_socket(store: Path, endpoint: Endpoint) -> None:
    endpoint.asked.clear()
    with WorkerPool(store, Settings(workers=1)) as pool, pytest.raises(QueryRefused):
        pool.run(Question(endpoint.query(), CSV, network=True))
    assert endpoint.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_endpoint_cannot_send_the_query_elsewhere(pool: WorkerPool, endpoint: Endpoint, status: int) -> None:
    endpoint.asked.clear()
    with pytest.raises(BackendFailed):
        pool.run(Question(endpoint.query(f"/moved/{status}"), CSV, network=True))
    assert endpoint.asked == [f"/moved/{status}"]


def test_an_endpoint_that_does_not_answer_takes_no_longer_than_a_query_may(
    store: Path, endpoint: Endpoint, pool: WorkerPool
) -> None:
    settings = Settings(workers=1, query_seconds=1.0, service_endpoints=f"{endpoint.address}/endless")
    with WorkerPool(store, settings) as short, pytest.raises(QueryTimeout):
        short.run(Question(endpoint.query("/endless"), CSV, network=True))


def test_closing_ends_the_processes_with_sockets_too(store: Path, endpoint: Endpoint) -> None:
    pool = WorkerPool(store, replace(Settings(workers=1), service_endpoints=f"{endpoint.address}/sparql"))
    question = Question(endpoint.query(), CSV, network=True)
    assert list(pool.run(question).body)
    pool.close()
    assert (pool.statistics.idle, pool.statistics.running) == (0, 0)
