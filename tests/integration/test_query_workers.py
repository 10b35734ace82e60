"""The pool of query processes: answers, limits, deaths, and what one query may not do to another."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from passerelle.errors import (
    CapacityError,
    DamagedRelease,
    Overloaded,
    QueryOutOfMemory,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooComplex,
    WorkerLost,
)
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.query_process import QueryProcess
from passerelle.graph.answering.question import Question
from passerelle.graph.answering.workers import WorkerPool
from passerelle.settings import Settings
from small_release import ESCO, NUMBERS, RNCP, small_release

CSV = "text/csv"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNTED = f"n\r\n{NUMBERS + 2}\r\n".encode()
# 27 million rows to count (minutes of work), and to stream
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"
LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z }"
# each REPLACE makes the text ten times longer: 10^10 characters at the end
BOMB = (
    "SELECT (STRLEN(?j) AS ?n) { BIND('aaaaaaaaaa' AS ?a) "
    + " ".join(
        f"BIND(REPLACE(?{before}, 'a', 'aaaaaaaaaa') AS ?{after})"
        for before, after in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "}"
)
SETTINGS = Settings(workers=2, query_seconds=20.0, worker_bytes=512 * 1024**2, queue=4)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_release(tmp_path_factory.mktemp("releases")) / "store"


@pytest.fixture(scope="module")
def pool(store: Path) -> Iterator[WorkerPool]:
    with WorkerPool(store, SETTINGS) as opened:
        yield opened


def answer(pool: WorkerPool, query: str, media_type: str = CSV, **dataset: object) -> bytes:
    return b"".join(pool.run(Question(query, media_type, **dataset)).body)  # type: ignore[arg-type]


def wait_for_death(process: int) -> None:
    with suppress(ChildProcessError):  # its pool has seen it already
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)


def test_each_form_in_each_format(pool: WorkerPool) -> None:
    ask = "ASK { ?s ?p 1 }"
    assert answer(pool, ask, "application/sparql-results+json") == b'{"head":{},"boolean":true}'
    assert b"<boolean>true</boolean>" in answer(pool, ask, "application/sparql-results+xml")
    select = "SELECT ?s ?o { ?s <https://example.org/passerelle/number> ?o } ORDER BY ?o LIMIT 1"
    assert answer(pool, select) == b"s,o\r\nhttps://example.org/passerelle/n/0,0\r\n"
    assert answer(pool, select, "text/tab-separated-values") == b"?s\t?o\n<https://example.org/passerelle/n/0>\t0\n"
    describe = "DESCRIBE <https://example.org/passerelle/n/7>"
    triple = (
        b"<https://example.org/passerelle/n/7> <https://example.org/passerelle/number> "
        b'"7"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    )
    assert answer(pool, describe, "application/n-triples") == triple
    construct = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o = 7) }"
    assert answer(pool, construct, "application/n-triples") == triple
    for media_type in ("text/turtle", "application/rdf+xml", "application/ld+json"):
        assert b"https://example.org/passerelle/n/7" in answer(pool, construct, media_type)


def test_header_tells_kind_media_type_and_length_of_a_short_answer(pool: WorkerPool) -> None:
    found = pool.run(Question("CONSTRUCT {} WHERE { ?s ?p ?o }", "application/n-triples"))
    assert (found.kind, found.media_type, found.body.length) == ("triples", "application/n-triples", 0)
    assert list(found.body) == []


def test_dataset_is_the_union_unless_protocol_or_query_say_otherwise(pool: WorkerPool) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert answer(pool, count) == answer(pool, named) == COUNTED
    assert answer(pool, count, default_graphs=(RNCP,)) == b"n\r\n2\r\n"
    assert answer(pool, named, default_graphs=(RNCP,)) == b"n\r\n0\r\n"
    assert answer(pool, named, named_graphs=(RNCP,)) == b"n\r\n2\r\n"
    assert answer(pool, count, named_graphs=(RNCP,)) == b"n\r\n0\r\n"
    own = f"SELECT (COUNT(*) AS ?n) FROM <{RNCP}> {{ ?s ?p ?o }}"
    assert answer(pool, own, own_dataset=True) == b"n\r\n2\r\n"
    # the protocol goes before the query (SPARQL 1.1 Protocol, 2.1.4)
    assert answer(pool, own, own_dataset=True, default_graphs=(ESCO,)) == f"n\r\n{NUMBERS}\r\n".encode()


def test_a_syntax_error_names_the_place_and_costs_no_process(pool: WorkerPool) -> None:
    before = pool.statistics.replaced
    with pytest.raises(QuerySyntaxError, match="line 1, column 11"):
        pool.run(Question("SELECT * {", CSV))
    assert pool.statistics.replaced == before


def test_prefixes_are_those_of_the_query_alone(pool: WorkerPool) -> None:
    with pytest.raises(QuerySyntaxError):
        pool.run(Question("ASK { ?s a psl:Bloc }", CSV))


def test_query_past_its_limit_is_killed_and_disturbs_no_other(store: Path) -> None:
    with WorkerPool(store, replace(SETTINGS, query_seconds=2.0)) as pool, ThreadPoolExecutor(1) as thread:
        endless = thread.submit(pool.run, Question(ENDLESS, CSV))
        while not endless.done():
            assert answer(pool, COUNT) == COUNTED
        with pytest.raises(QueryTimeout) as caught:
            endless.result()
        assert caught.value.parameters == {"seconds": 2.0}
        assert answer(pool, COUNT) == COUNTED
        assert (pool.statistics.running, pool.statistics.timeouts) == (0, 1)


def test_a_question_may_ask_for_less_time(pool: WorkerPool) -> None:
    with pytest.raises(QueryTimeout) as caught:
        pool.run(Question(ENDLESS, CSV, limits=Limits.of(SETTINGS).lowered(seconds=0.2)))
    assert caught.value.parameters == {"seconds": 0.2}


def test_memory_bomb_is_told_as_such(store: Path, pool: WorkerPool) -> None:
    before = pool.statistics.out_of_memory
    for query in (BOMB, LONG.replace("*", "?a") + " ORDER BY ?x ?y ?z"):
        with pytest.raises(QueryOutOfMemory):
            pool.run(Question(query, CSV))
        assert answer(pool, COUNT) == COUNTED
    assert pool.statistics.out_of_memory == before + 2


def chain(unit: str, before: str, after: str, size: int) -> str:
    """A query of about `size` bytes in which `unit` is repeated."""
    return before + unit * ((size - len(before) - len(after)) // len(unit)) + after


def nest(opening: str, innermost: str, closing: str, size: int) -> str:
    """A query of about `size` bytes in which a part stands in another of its kind, and so on."""
    count = size // (len(opening) + len(closing))
    return "ASK {" + opening * count + innermost + closing * count + "}"


WHOLE = 65_000
# what the engine takes apart in quadratic time or worse, so that it runs out of time at full length
SHORT = 12_000
DEEP = {
    "groups": nest("{", "", "}", WHOLE),
    "optional-nests": nest("OPTIONAL{", "", "}", WHOLE),
    "subselects": nest("{SELECT*{", "", "}}", WHOLE),
    "exists": nest("FILTER EXISTS{", "", "}", WHOLE),
    "graphs": nest("GRAPH?g{", "", "}", WHOLE),
    "brackets": "ASK { FILTER(" + "(" * 32_000 + "1" + ")" * 32_000 + ") }",
    "functions": "ASK { FILTER(" + "STR(" * 12_000 + "1" + ")" * 12_000 + ") }",
    "not": chain("!", "ASK { FILTER(", "1) }", WHOLE),
    "alternative-paths": chain("|<x:>", "ASK { ?s <x:>", " ?o }", WHOLE),
    "unions": chain("UNION{}", "ASK { {}", " }", WHOLE),
    "minus": chain("MINUS{}", "ASK { ", " }", WHOLE),
    "filters": chain("FILTER(1)", "ASK { ", " }", WHOLE),
    "optionals": chain("OPTIONAL{}", "ASK { ", " }", WHOLE),
    "in": chain(",1", "ASK { FILTER(1 IN (2", ")) }", WHOLE),
    "values": chain("1 ", "ASK { VALUES ?x { ", "} }", WHOLE),
    "sums": chain("+1", "ASK { FILTER(1", ") }", SHORT),
    "or": chain("||1", "ASK { FILTER(1", ") }", SHORT),
    "and": chain("&&1", "ASK { FILTER(1", ") }", SHORT),
    "paths": chain("/<x:>", "ASK { ?s <x:>", " ?o }", 2_000),
    "joined-optionals": chain("OPTIONAL{?a ?b ?c}", "ASK { ", " }", SHORT),
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_queries_cost_no_process(pool: WorkerPool, kind: str) -> None:
    before = pool.statistics
    assert answer(pool, DEEP[kind]) in (b"true", b"false")
    assert (pool.statistics.failed, pool.statistics.lost) == (before.failed, before.lost)


def test_what_is_nested_too_deep_for_the_engine_is_told_as_such(pool: WorkerPool) -> None:
    before = pool.statistics.too_complex
    with pytest.raises(QueryTooComplex):
        pool.run(Question(nest("{", "", "}", 400_000), CSV))
    assert pool.statistics.too_complex == before + 1
    assert answer(pool, COUNT) == COUNTED


def test_query_process_opens_no_socket(pool: WorkerPool) -> None:
    with pytest.raises(QueryRefused):
        pool.run(Question("SELECT * { SERVICE <http://127.0.0.1:8080/> { ?s ?p ?o } }", CSV))


def test_processes_killed_from_outside_are_replaced(pool: WorkerPool) -> None:
    for process in pool.process_identifiers:
        os.kill(process, signal.SIGKILL)
        wait_for_death(process)
    assert answer(pool, COUNT) == COUNTED


def test_process_killed_while_it_works_is_tried_once_more(store: Path) -> None:
    with WorkerPool(store, replace(SETTINGS, workers=1)) as pool, ThreadPoolExecutor(1) as thread:
        running = thread.submit(pool.run, Question(ENDLESS, CSV))
        killed: set[int] = set()
        while not running.done():
            for process in pool.process_identifiers:
                if process not in killed:
                    killed.add(process)
                    os.kill(process, signal.SIGKILL)
        with pytest.raises(WorkerLost):
            running.result()
        assert len(killed) >= 2


def test_long_answer_is_streamed_and_can_be_given_up(pool: WorkerPool) -> None:
    before = pool.statistics
    found = pool.run(Question(LONG, CSV))
    assert found.body.length is None
    pieces = [next(found.body) for _ in range(50)]
    assert sum(map(len, pieces)) > 1024**2
    assert pool.statistics.running == before.running + 1
    found.body.close()
    found.body.close()
    assert list(found.body) == []
    assert pool.statistics.running == before.running
    assert pool.statistics.replaced == before.replaced + 1
    assert pool.statistics.abandoned == before.abandoned + 1


def test_stream_that_nobody_reads_gives_its_place_back(store: Path) -> None:
    with WorkerPool(store, replace(SETTINGS, workers=1, stream_seconds=0.2)) as pool:
        stalled = pool.run(Question(LONG, CSV))
        # the one place is taken until the keeper ends the stream; then this is answered
        assert answer(pool, COUNT) == COUNTED
        assert pool.statistics.waited == 1
        with pytest.raises(QueryTimeout, match="broken off"):
            list(stalled.body)
        assert pool.statistics.streams_cut == 1


def test_stream_ends_at_its_limit_while_it_is_read(store: Path) -> None:
    with WorkerPool(store, replace(SETTINGS, stream_seconds=0.2)) as pool:
        found = pool.run(Question(LONG.replace("?z }", "?z . ?d ?p ?w }"), CSV))
        with pytest.raises(QueryTimeout):
            for _ in found.body:
                pass


def test_a_full_queue_is_refused_at_once(store: Path) -> None:
    with WorkerPool(store, replace(SETTINGS, workers=1, queue=1)) as pool, ThreadPoolExecutor(1) as thread:
        held = pool.run(Question(LONG, CSV))
        waiting = thread.submit(answer, pool, COUNT)
        while not pool.statistics.waiting:
            assert not waiting.done()
        with pytest.raises(Overloaded):
            pool.run(Question(COUNT, CSV))
        held.body.close()
        assert waiting.result() == COUNTED


def test_many_threads_share_few_processes(store: Path) -> None:
    with WorkerPool(store, replace(SETTINGS, queue=16)) as pool, ThreadPoolExecutor(16) as threads:
        assert set(threads.map(lambda _: answer(pool, COUNT), range(100))) == {COUNTED}
        assert pool.statistics.answered == 100
        assert pool.statistics.replaced == 0
        assert len(pool.process_identifiers) <= 3  # two places and a spare


def test_closing_ends_every_process_and_answer(store: Path) -> None:
    pool = WorkerPool(store, SETTINGS)
    found = pool.run(Question(LONG, CSV))
    processes = pool.process_identifiers
    pool.close()
    with pytest.raises(CapacityError):
        list(found.body)
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
    with pytest.raises(WorkerLost):
        pool.run(Question(COUNT, CSV))


def test_a_retired_pool_answers_what_still_comes_and_closes_when_nothing_does(store: Path) -> None:
    pool = WorkerPool(store, replace(SETTINGS, query_seconds=1.0))
    found = pool.run(Question("SELECT * { ?a ?p ?x . ?b ?p ?y }", CSV))
    pool.retire()
    assert answer(pool, COUNT) == COUNTED
    rows = b"".join(found.body).count(b"\r\n")
    assert rows == 1 + NUMBERS**2 + 2**2
    assert answer(pool, COUNT) == COUNTED
    for process in pool.process_identifiers:
        wait_for_death(process)
    with pytest.raises(WorkerLost, match="closing"):
        pool.run(Question(COUNT, CSV))


def test_a_retired_pool_replaces_a_process_that_is_still_needed(store: Path) -> None:
    with WorkerPool(store, SETTINGS) as pool:
        pool.retire()
        for process in pool.process_identifiers:
            os.kill(process, signal.SIGKILL)
            wait_for_death(process)
        assert answer(pool, COUNT) == COUNTED


def test_a_store_that_cannot_be_opened_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with pytest.raises(DamagedRelease):
        WorkerPool(tmp_path / "store", SETTINGS)


def test_a_store_that_lacks_a_file_is_told_at_once(store: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(store, tmp_path / "store")
    for table in copy.glob("*.sst"):
        table.unlink()
    with pytest.raises(DamagedRelease):
        WorkerPool(copy, SETTINGS)


def test_a_store_that_is_deleted_is_the_service_at_fault_and_no_defect(store: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(store, tmp_path / "store")
    with WorkerPool(copy, replace(SETTINGS, workers=1), spares=0) as pool:
        shutil.rmtree(copy)
        with pytest.raises(CapacityError):
            for _ in range(2):
                for process in pool.process_identifiers:
                    os.kill(process, signal.SIGKILL)
                    wait_for_death(process)
                answer(pool, COUNT)
        with pytest.raises(WorkerLost, match="no longer be read"):
            answer(pool, COUNT)
        # it is back, for example from a backup
        shutil.copytree(store, copy)
        while True:
            with suppress(WorkerLost):
                assert answer(pool, COUNT) == COUNTED
                break


def test_a_long_query_lets_others_go_first_and_its_process_is_not_used_again(store: Path) -> None:
    with WorkerPool(store, replace(SETTINGS, workers=1), spares=0) as pool:
        found = pool.run(Question(LONG, CSV))
        (process,) = pool.process_identifiers
        threads = [int(task.name) for task in Path(f"/proc/{process}/task").iterdir()]
        while max(os.getpriority(os.PRIO_PROCESS, thread) for thread in threads) < 10:
            next(found.body)
        found.body.close()
        assert answer(pool, COUNT) == COUNTED
        assert pool.process_identifiers != (process,)


def test_a_pool_of_one_process_serves_a_past_release(store: Path) -> None:
    with WorkerPool(store, replace(SETTINGS, workers=1), spares=0) as pool:
        assert {answer(pool, COUNT) for _ in range(3)} == {COUNTED}
        assert len(pool.process_identifiers) == 1
        assert (pool.statistics.answered, pool.statistics.replaced) == (3, 0)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"error": "Nope"}', b'{"error": "json"}', b'{"error": "QueryTimeout"}']
)
def test_what_our_own_program_does_not_say_is_a_lost_process(content: bytes) -> None:
    # a process that was taken over can say anything; whoever asked it must get an error of the tree
    assert isinstance(QueryProcess.error_of(object.__new__(QueryProcess), content), WorkerLost)
