"""The façade against `oxigraph serve-read-only` and Virtuoso: the named queries over HTTP, eight clients without pause.

Same run, same release, same machine; named graphs with their union as the default graph, as users meet it. Repeated
queries (a release never changes, so answers are kept) and queries never seen before. Virtuoso is reported, not judged.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.engines import JSON, ONE_ADDRESS, Engine, facade, oxigraph, virtuoso
from benchmarks.load import Figures, bound_questions, fresh, in_turn, unseen
from passerelle.graph.answering.embedded import EmbeddedStore
from passerelle.graph.answering.question import Question
from passerelle.graph.answering.workers import WorkerPool
from passerelle.graph.release import Release
from passerelle.settings import Settings

ROUNDS = 5
SECONDS = 3
LEAST_REPEATED = 1.0
LEAST_UNSEEN = 0.4
MOST_P99 = 2.0
LEAST_UNSEEN_ON_THE_DEMO = 0.3
MOST_P99_ON_THE_DEMO = 2.5


@dataclass(frozen=True)
class Contest:
    """Two servers of one release, both asked the same."""

    release: Release
    engines: tuple[Engine, Engine]
    questions: Mapping[str, str]
    folder: Path

    @property
    def demo(self) -> bool:
        """Whether it is the demo, on which the façade's own cost shows most."""
        return self.release.manifest.demo

    def run(self, label: str, questions: list[str]) -> tuple[Figures, Figures]:
        """Load on both in turn; prints the figures."""
        figures = in_turn(self.engines, questions, self.folder, rounds=ROUNDS, seconds=SECONDS)
        print(f"\n{label} ({self.release.manifest.base})")
        for name, each in figures.items():
            print(f"  {name:9} {each}")
        ours, peer = (figures[engine.name] for engine in self.engines)
        print(
            f"  {' / '.join(figures)}: {ours.rate / peer.rate:.2f} requests/s, "
            f"{ours.percentile(0.99) / peer.percentile(0.99):.2f} p99"
        )
        return ours, peer


@pytest.fixture(scope="module", params=["demo", "real"])
def contest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contest]:
    """The demo, where the façade's own cost shows most, and all real files, where the engine works."""
    release: Release = request.getfixturevalue(f"{request.param}_release")
    questions = bound_questions(release.manifest.base)
    folder = tmp_path_factory.mktemp("load")
    with ExitStack() as stack:
        ours = stack.enter_context(facade(release, **ONE_ADDRESS))
        peer = stack.enter_context(oxigraph(release))
        for name, query in questions.items():
            expected = peer.rows(query)
            assert ours.rows(query) == expected, name
            assert ours.rows(fresh(unseen(query))) == peer.rows(fresh(unseen(query))) == expected, name
        yield Contest(release, (ours, peer), questions, folder)


def test_repeated_queries(contest: Contest) -> None:
    ours, peer = contest.run("Repeated named queries", list(contest.questions.values()))
    assert ours.rate >= LEAST_REPEATED * peer.rate
    assert ours.percentile(0.99) <= MOST_P99 * peer.percentile(0.99)


def test_unseen_queries(contest: Contest) -> None:
    ours, peer = contest.run("Named queries never seen before", [unseen(each) for each in contest.questions.values()])
    # on the demo a query takes the engine a millisecond, and the way to it as long: 0.4 and 2.0 are not reached there
    # yet (README, measured), and these bounds keep it from growing worse
    least, most = (LEAST_UNSEEN_ON_THE_DEMO, MOST_P99_ON_THE_DEMO) if contest.demo else (LEAST_UNSEEN, MOST_P99)
    assert ours.rate >= least * peer.rate
    assert ours.percentile(0.99) <= most * peer.percentile(0.99)


def test_where_the_time_of_an_unseen_query_goes(contest: Contest) -> None:
    """One client, one query after the other, every text new: each row adds one part of the way."""
    store = EmbeddedStore.open(contest.release.store)
    ours, peer = contest.engines
    connections = {engine.name: engine.connect() for engine in (ours, peer)}
    with WorkerPool(contest.release.store, Settings(releases=contest.release.folder.parent)) as pool:

        def over_http(engine: Engine, coding: str = "identity") -> Callable[[str], object]:
            return lambda query: engine.ask(connections[engine.name], query, **{"Accept-Encoding": coding})

        ways: dict[str, Callable[[str], object]] = {
            "engine": lambda query: store.ask(_question(query)).write(_Nowhere()),
            "engine behind the pipe": lambda query: b"".join(pool.run(_question(query)).body),
            "façade": over_http(ours),
            "façade, gzip": over_http(ours, "gzip"),
            "façade, zstd": over_http(ours, "zstd"),
            "oxigraph": over_http(peer),
        }
        spent: dict[str, float] = dict.fromkeys(ways, 0.0)
        for query in map(unseen, contest.questions.values()):
            taken: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(10):
                for way, ask in ways.items():
                    text = fresh(query)
                    started = time.perf_counter()
                    ask(text)
                    taken[way].append(1000 * (time.perf_counter() - started))
            for way, times in taken.items():
                spent[way] += statistics.median(times) / len(contest.questions)
    for connection in connections.values():
        connection.close()
    print(f"\nWhere the time goes, ms a query ({contest.release.manifest.base})")
    print(f"  engine, in process             {spent['engine']:.2f}")
    print(f"  pipe to the query process      {spent['engine behind the pipe'] - spent['engine']:+.2f}")
    print(f"  HTTP and checks                {spent['façade'] - spent['engine behind the pipe']:+.2f}")
    print(f"  façade as a whole              {spent['façade']:.2f}")
    for coding in ("gzip", "zstd"):
        print(f"  compression ({coding})             {spent[f'façade, {coding}'] - spent['façade']:+.2f}")
    print(f"  oxigraph as a whole            {spent['oxigraph']:.2f}")


def test_virtuoso(demo_release: Release, tmp_path: Path) -> None:
    """The named queries that Virtuoso answers as we do, on the demo; the others are named. Nothing is judged."""
    with facade(demo_release, **ONE_ADDRESS) as ours, virtuoso(demo_release, tmp_path) as peer:
        if peer is None:
            pytest.skip("no virtuoso-t here: sh tests/system_packages.sh installs it as root")
        questions = bound_questions(demo_release.manifest.base)
        alike = [query for query in questions.values() if _rows(peer, query) == ours.rows(query)]
        others = [name for name, query in questions.items() if query not in alike]
        print(f"\nVirtuoso refuses, or answers with another number of rows: {', '.join(others) or 'none'}")
        contest = Contest(demo_release, (ours, peer), questions, tmp_path)
        contest.run("Repeated named queries", alike)
        contest.run("Named queries never seen before", [unseen(query) for query in alike])


def _rows(engine: Engine, query: str) -> int | None:
    try:
        return engine.rows(query)
    except (AssertionError, TimeoutError):
        return None


class _Nowhere:
    """Takes what an answer writes."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _question(query: str) -> Question:
    return Question(query, "text/turtle" if "CONSTRUCT" in query else JSON)
