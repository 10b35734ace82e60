"""The page with a form and its answer: what happens when there is no answer, and what HEAD costs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from passerelle.errors import Overloaded, PasserelleError, QueryOutOfMemory, QueryTimeout
from passerelle.graph.answering.workers import WorkerPool
from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.responses import answers
from passerelle.web.responses.headers import OURS
from small_release import BASE, small_release

PAGE = {"Accept": "text/html"}
ALL = f"SELECT ?s ?n {{ ?s <{BASE}/number> ?n }} ORDER BY ?n"


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    small_release(releases)
    created = create_application(Settings(releases=releases, workers=1, client_rate=0))
    yield created
    created.extensions["publication"].close()
    created.extensions["credentials"].close()


def outcome_of(client: FlaskClient, **query: str) -> tuple[TestResponse, str]:
    """The response of the endpoint, and what the metrics have counted it as."""
    before = _counted(client)
    response = client.get("/sparql", query_string=query, buffered=True)
    (found,) = _counted(client) - before
    return response, found


def _counted(client: FlaskClient) -> Counter[str]:
    lines = client.get("/metrics").text.splitlines()
    counted: Counter[str] = Counter()
    for line in lines:
        if line.startswith("passerelle_requests_total{") and 'route="/sparql"' in line:
            outcome = re.search(r'outcome="([^"]*)"', line)
            assert outcome is not None
            counted[outcome[1]] += int(float(line.rpartition(" ")[2]))
    return counted


@pytest.mark.parametrize(
    ("fault", "status", "known_as"),
    [
        (QueryTimeout("query-timeout", seconds=20), 503, "timeout"),
        (QueryOutOfMemory("query-out-of-memory", limit=1), 503, "memory"),
        (Overloaded("workers-overloaded"), 503, "overloaded"),
    ],
)
def test_a_fault_on_the_page_is_counted_as_what_it_is(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, fault: PasserelleError, status: int, known_as: str
) -> None:
    def fails(*_: object) -> None:
        raise fault

    client.get("/", headers=PAGE)
    monkeypatch.setattr(WorkerPool, "run", fails)
    response, page_outcome = outcome_of(client, query=ALL, format="html")
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert response.headers["Cache-Control"] == "no-store"
    # as the same fault has it where a program asks
    document, document_outcome = outcome_of(client, query=ALL, format="json")
    assert document.status_code == status
    assert response.headers["Retry-After"] == document.headers["Retry-After"]
    assert (page_outcome, document_outcome) == (known_as, known_as)


def test_a_refused_query_is_counted_by_what_is_wrong_with_it(client: FlaskClient) -> None:
    response, outcome = outcome_of(client, query="SELECT", format="html")
    assert (response.status_code, outcome) == (400, "sparql-syntax")


def test_an_answer_that_we_made_too_large_is_not_the_fault_of_who_asked(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_PAGE_BYTES", 100)
    response, outcome = outcome_of(client, query=ALL, format="html")
    assert (response.status_code, outcome) == (503, "cut")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/sparql", {"query": ALL, "format": "html"}),
        ("/sparql", {"query": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "format": "html"}),
        ("/sparql", {"format": "html"}),
        ("/queries/data-sources-and-licences", {"format": "html"}),
        ("/queries/data-sources-and-licences", {"format": "csv"}),
    ],
)
def test_head_of_a_page_asks_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, query: dict[str, str]
) -> None:
    asked: list[object] = []
    run = WorkerPool.run

    def counted(self: WorkerPool, question: Any) -> Any:
        asked.append(question)
        return run(self, question)

    monkeypatch.setattr(WorkerPool, "run", counted)
    head = client.head(path, query_string=query)
    assert (head.status_code, head.data, asked) == (200, b"", [])
    got = client.get(path, query_string=query)
    assert asked or "query" not in query
    for name in ("Content-Type", "Cache-Control", "Passerelle-Release"):
        assert head.headers[name] == got.headers[name], name
    assert set(_names(head.headers["Vary"])) == set(_names(got.headers["Vary"]))


def test_head_of_a_form_with_a_mistake_has_the_status_of_the_form(client: FlaskClient) -> None:
    path = "/queries/successors?format=html&fiche=x"
    assert client.head(path).status_code == client.get(path).status_code == 400


def test_scripts_of_other_sites_see_every_header_of_ours(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": ALL, "max-rows": "2"})
    exposed = set(_names(response.headers["Access-Control-Expose-Headers"]))
    assert set(OURS) <= exposed
    assert "Passerelle-Statements-More" in exposed
    ours = {name for name, _ in response.headers if name.startswith("Passerelle-")}
    assert {"Passerelle-Release", "Passerelle-Request", "Passerelle-Rows-Limit", "Passerelle-Rows-More"} <= ours
    assert ours <= exposed


def _names(value: str) -> Iterable[str]:
    return (each.strip() for each in value.split(","))
