"""Limits of rows and bytes: what crosses them is an error or is said, and never a cut answer that looks whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from passerelle.errors import AnswerTooLarge
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.graph.answering.workers import WorkerPool
from passerelle.settings import Settings
from small_release import NUMBERS, small_release

SETTINGS = Settings(workers=1, query_seconds=60.0, worker_bytes=512 * 1024**2)
LIMITS = Limits.of(SETTINGS)
SOLUTIONS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
TRIPLES = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
NUMBERED = "?s <https://example.org/passerelle/number> ?o"
SELECT = f"SELECT ?s ?o {{ {NUMBERED} }} ORDER BY ?o"
PAIRS = f"SELECT * {{ {NUMBERED} . ?t <https://example.org/passerelle/number> ?r }}"
CONSTRUCT = f"CONSTRUCT {{ {NUMBERED} }} WHERE {{ {NUMBERED} }}"
MANY_TRIPLES = f"CONSTRUCT {{ ?s <x:y> ?t }} WHERE {{ {NUMBERED} . ?t <https://example.org/passerelle/number> ?r }}"


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerPool]:
    with WorkerPool(small_release(tmp_path_factory.mktemp("releases")) / "store", SETTINGS) as opened:
        yield opened


def asked(pool: WorkerPool, query: str, media_type: str, rows: int) -> tuple[bytes, bool | None]:
    found = pool.run(Question(query, media_type, limits=LIMITS.lowered(rows=rows)))
    return b"".join(found.body), found.more_rows


def values(data: bytes, media_type: str) -> list[str]:
    """The last value of each row, by a parser of the format."""
    if media_type.endswith("json"):
        return [row["o"]["value"] for row in json.loads(data)["results"]["bindings"]]
    if media_type.endswith("xml"):
        space = "{http://www.w3.org/2005/sparql-results#}"
        rows = ElementTree.fromstring(data).iter(f"{space}result")
        return ["".join(row[-1].itertext()) for row in rows]
    delimiter = "," if media_type == "text/csv" else "\t"
    return [row[-1] for row in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)][1:]


@pytest.mark.parametrize("media_type", SOLUTIONS)
@pytest.mark.parametrize(
    ("rows", "given", "more"),
    [(0, 0, True), (1, 1, True), (NUMBERS - 1, NUMBERS - 1, True), (NUMBERS, NUMBERS, False), (10**6, NUMBERS, False)],
)
def test_rows_that_were_asked_for(pool: WorkerPool, media_type: str, rows: int, given: int, more: bool) -> None:
    data, told = asked(pool, SELECT, media_type, rows)
    assert values(data, media_type) == [str(number) for number in range(given)]
    assert told is more


@pytest.mark.parametrize("media_type", TRIPLES)
@pytest.mark.parametrize(("rows", "given", "more"), [(0, 0, True), (7, 7, True), (NUMBERS, NUMBERS, False)])
def test_triples_that_were_asked_for(pool: WorkerPool, media_type: str, rows: int, given: int, more: bool) -> None:
    data, told = asked(pool, CONSTRUCT, media_type, rows)
    assert len(list(ox.parse(data, TRIPLES[media_type]))) == given
    assert told is more


@pytest.mark.parametrize("more", [True, False])
@pytest.mark.parametrize("media_type", SOLUTIONS)
def test_answers_longer_than_what_is_held_back(pool: WorkerPool, media_type: str, more: bool) -> None:
    rows = NUMBERS**2 - more
    data, told = asked(pool, PAIRS, media_type, rows)
    assert len(data) > 7_000_000
    assert len(values(data, media_type)) == rows
    assert told is more


@pytest.mark.parametrize("more", [True, False])
def test_triples_longer_than_what_is_held_back(pool: WorkerPool, more: bool) -> None:
    rows = NUMBERS**2 - more
    data, told = asked(pool, MANY_TRIPLES, "application/n-triples", rows)
    assert data.count(b"\n") == rows
    assert told is more


def test_nobody_is_told_of_rows_who_asked_for_no_limit(pool: WorkerPool) -> None:
    found = pool.run(Question(SELECT, "text/csv"))
    assert found.more_rows is None
    found.body.close()


def test_a_boolean_leaves_no_row_out(pool: WorkerPool) -> None:
    assert asked(pool, "ASK {}", "text/csv", 1) == (b"true", False)


@pytest.mark.parametrize("limits", [replace(LIMITS, rows=NUMBERS - 1), replace(LIMITS, bytes=500)])
@pytest.mark.parametrize(
    ("query", "media_type"), [*((SELECT, each) for each in SOLUTIONS), *((CONSTRUCT, each) for each in TRIPLES)]
)
def test_a_limit_that_is_crossed_before_the_first_byte(
    pool: WorkerPool, limits: Limits, query: str, media_type: str
) -> None:
    before = pool.statistics.replaced
    with pytest.raises(AnswerTooLarge):
        pool.run(Question(query, media_type, limits=limits))
    assert pool.statistics.replaced == before


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT])
def test_what_reaches_a_limit_is_whole(pool: WorkerPool, query: str) -> None:
    media_type = "text/csv" if query == SELECT else "application/n-triples"
    size = len(b"".join(pool.run(Question(query, media_type)).body))
    limits = replace(LIMITS, rows=NUMBERS, bytes=size)
    assert len(b"".join(pool.run(Question(query, media_type, limits=limits)).body)) == size


@pytest.mark.parametrize("limits", [replace(LIMITS, rows=NUMBERS**2 - 1), replace(LIMITS, bytes=5_000_000)])
@pytest.mark.parametrize(
    ("query", "media_type"), [*((PAIRS, each) for each in SOLUTIONS), (MANY_TRIPLES, "application/n-triples")]
)
def test_a_limit_that_is_crossed_later_breaks_the_answer_off(
    pool: WorkerPool, limits: Limits, query: str, media_type: str
) -> None:
    before = pool.statistics.replaced
    found = pool.run(Question(query, media_type, limits=limits))
    assert next(found.body)
    with pytest.raises(AnswerTooLarge):
        list(found.body)
    assert pool.statistics.replaced == before


def test_limits_of_the_service_hold_where_the_question_has_none(tmp_path: Path) -> None:
    store = small_release(tmp_path) / "store"
    with WorkerPool(store, replace(SETTINGS, answer_rows=5)) as pool, pytest.raises(AnswerTooLarge):
        pool.run(Question(SELECT, "text/csv"))
