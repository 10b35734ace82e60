"""What the policy check of an ordinary query costs, beside what the engine's own parser takes for the same text."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pyoxigraph as ox

from benchmarks.load import bound_questions, fresh, unseen
from passerelle.namespaces import DEMO_BASE
from passerelle.settings import Settings
from passerelle.sparql.authorise import authorise

ROUNDS = 200
MOST_MILLISECONDS = 0.2
MOST_OF_THE_PARSER = 1.0
"""Who is checked should not wait for the check longer than for the parser."""


def test_the_policy_check_is_quick() -> None:
    """The named queries, each text new, so that neither side may know it; the parser works for an empty store."""
    store = ox.Store()
    limit = Settings().query_bytes
    checks, parses = [], []
    for name, query in bound_questions(DEMO_BASE).items():
        check: list[float] = []
        parse: list[float] = []
        for _ in range(ROUNDS):
            text = fresh(unseen(query))
            check.append(_milliseconds(lambda text=text: authorise(text, frozenset(), size_limit=limit)))
            parse.append(_milliseconds(lambda text=text: store.query(text, use_default_graph_as_union=True)))
        checks.append(statistics.median(check))
        parses.append(statistics.median(parse))
        print(f"\n{name}: {len(query)} characters, check {checks[-1]:.3f} ms, the engine's parser {parses[-1]:.3f} ms")
    check_median, parse_median = statistics.median(checks), statistics.median(parses)
    print(f"\npolicy check: median {check_median:.3f} ms, {check_median / parse_median:.2f} of the engine's parser")
    assert check_median < MOST_MILLISECONDS
    assert check_median <= MOST_OF_THE_PARSER * parse_median


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)
