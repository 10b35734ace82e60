"""A million rows through the façade: the first byte, the memory, the throughput beside `oxigraph serve-read-only`."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from benchmarks.engines import ONE_ADDRESS, Engine, facade, oxigraph, processes_of
from passerelle.graph.release import Release

ROWS = 1_000_000
ROUNDS = 3
MOST_MILLISECONDS = 100
LEAST_THROUGHPUT = 0.5
MOST_MORE_BYTES = 8 * 1024**2
"""Ten times the rows may not need more memory than the noise of allocators; the answer itself has some 130 MB."""
_PIECE = 256 * 1024
_WATCHED_PIECES = 100
CODINGS = ("identity", "gzip", "zstd")
TSV = "text/tab-separated-values"


@dataclass(frozen=True)
class Transfer:
    """One answer: seconds until its first byte and in all, bytes as they came, and how many of them end a line."""

    first: float
    seconds: float
    size: int
    lines: int


@pytest.fixture(scope="module")
def engines(demo_release: Release) -> Iterator[tuple[Engine, Engine]]:
    with ExitStack() as stack:
        yield stack.enter_context(facade(demo_release, **ONE_ADDRESS)), stack.enter_context(oxigraph(demo_release))


def query(rows: int) -> str:
    """All triples again and again: the engine makes a row of the next triple, so what is measured is the stream."""
    again = " UNION ".join(["{ ?s ?p ?o }"] * 100)
    return f"SELECT ?s ?p ?o WHERE {{ {again} }} LIMIT {rows}"


def transfer(engine: Engine, rows: int, coding: str = "identity", watch: Callable[[], None] = lambda: None) -> Transfer:
    """Read an answer as it comes and keep nothing of it. Fails for a status but 200 and for a cut answer.

    `watch` is called now and then while the answer comes.
    """
    with closing(engine.connect()) as connection:
        connection.connect()
        started = time.perf_counter()
        headers = {"Accept": TSV, "Accept-Encoding": coding}
        connection.request("GET", f"{engine.endpoint}?query={quote_plus(query(rows))}", headers=headers)
        response = connection.getresponse()
        assert response.status == http.client.OK, response.read(500)
        assert response.headers.get("Content-Encoding", "identity") == coding
        piece = response.read(1)
        first = time.perf_counter() - started
        size = lines = pieces = 0
        while piece:
            pieces += 1
            if pieces % _WATCHED_PIECES == 0:
                watch()
            size += len(piece)
            lines += piece.count(b"\n")
            piece = response.read1(_PIECE)
        return Transfer(first, time.perf_counter() - started, size, lines)


def test_a_million_rows(engines: tuple[Engine, Engine]) -> None:
    ways = [*((engines[0], coding) for coding in CODINGS), (engines[1], "identity")]
    taken: dict[str, list[Transfer]] = {}
    for _ in range(ROUNDS):
        for engine, coding in ways:
            taken.setdefault(f"{engine.name} {coding}", []).append(transfer(engine, ROWS, coding))
    firsts = {way: 1000 * statistics.median(each.first for each in found) for way, found in taken.items()}
    seconds = {way: statistics.median(each.seconds for each in found) for way, found in taken.items()}
    print(f"\nA million rows as TSV, {taken['oxigraph identity'][0].size / 1e6:.0f} MB")
    for way, found in taken.items():
        print(
            f"  {way:18} first byte {firsts[way]:6.1f} ms, {seconds[way]:.2f} s, {ROWS / seconds[way]:9.0f} rows/s,"
            f" {found[0].size / 1e6:.0f} MB on the wire"
        )
    throughput = seconds["oxigraph identity"] / seconds["façade identity"]
    print(f"  façade / oxigraph: {throughput:.2f} rows/s, first byte {firsts['façade identity']:.1f} ms against "
          f"{firsts['oxigraph identity']:.1f} ms")  # fmt: skip
    for way in ("façade identity", "oxigraph identity"):
        assert {each.lines for each in taken[way]} == {ROWS + 1}, way
    for coding in CODINGS:
        assert firsts[f"façade {coding}"] < MOST_MILLISECONDS, coding
    assert throughput >= LEAST_THROUGHPUT


def test_the_memory_is_flat(demo_release: Release) -> None:
    """The peak of the server and of the query processes (VmHWM): the same for a million rows as for a tenth of them."""
    with facade(demo_release, **ONE_ADDRESS, PASSERELLE_WORKERS="1") as engine:
        before: dict[str, int] = {}
        after: dict[str, int] = {}
        for coding in CODINGS:
            for _ in range(4):  # query processes take turns; each needs its buffers once
                transfer(engine, ROWS // 10, coding, lambda: _note_peaks(engine, before))
        for coding in CODINGS:
            transfer(engine, ROWS, coding, lambda: _note_peaks(engine, after))
    print("\nPeak memory (VmHWM) with a hundred thousand rows and with a million")
    for name, peak in after.items():
        print(f"  {name:14} {before[name] / 1e6:6.1f} MB {peak / 1e6:6.1f} MB")
    for name, peak in after.items():
        assert peak - before[name] <= MOST_MORE_BYTES, name


def _note_peaks(engine: Engine, peaks: dict[str, int]) -> None:
    """Keep the highest peak of each kind of process; while an answer comes, as a process may be replaced after it."""
    assert engine.process is not None
    for identifier in processes_of(engine.process):
        folder = Path("/proc") / str(identifier)
        try:
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
            name = "query process" if "worker_process" in (folder / "cmdline").read_text() else "server"
        except OSError:  # it has ended meanwhile
            continue
        if "VmHWM" in status:
            peaks[name] = max(peaks.get(name, 0), 1024 * int(status["VmHWM"].split()[0]))
