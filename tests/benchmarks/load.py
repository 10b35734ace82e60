"""Load by `wrk`: eight connections that ask without pause, on several servers in turn, so that drift hits all of them.

`wrk` (Debian package) spends 20 µs a request; a client in Python would spend as much as the server that it measures.
"""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from benchmarks.engines import Engine, milliseconds_of_processes
from passerelle.queries import catalogue

CLIENTS = 8
UNSEEN = "UNSEEN"
_SCRIPT = Path(__file__).with_name("questions.lua")
_stamps = itertools.count(1)


def bound_questions(base: str) -> dict[str, str]:
    """The SPARQL of all named queries by name, with the examples of their required parameters."""
    return {
        query.name: query.bind({each.name: each.example for each in query.parameters if each.required}, base)
        for query in catalogue().values()
    }


def unseen(query: str) -> str:
    """The query with a place for a number that makes its text a new one, and changes neither answer nor cost.

    `FILTER(UNSEEN > 0)` opens the last group at the top, which is the pattern of WHERE: the engine must read, plan and
    run it anew, and no cache of texts knows it. Number comparison is constant, so no row is computed otherwise.
    """
    depth, start = 0, -1
    for place, character in enumerate(query):
        if character == "{":
            start = place if depth == 0 else start
            depth += 1
        elif character == "}":
            depth -= 1
    return f"{query[: start + 1]} FILTER({UNSEEN} > 0) {query[start + 1 :]}"


def fresh(query: str) -> str:
    """A query of `unseen` with a number that no other request has."""
    return query.replace(UNSEEN, f"{time.time_ns()}")


@dataclass
class Figures:
    """What the rounds on one server have shown. Latencies are microseconds: count."""

    rates: list[float] = field(default_factory=list)
    latencies: Counter[int] = field(default_factory=Counter)
    requests: int = 0
    refused: int = 0
    server_milliseconds: float = 0.0
    worker_milliseconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second, the median of the rounds."""
        return statistics.median(self.rates)

    def percentile(self, share: float) -> float:
        """Milliseconds, over the requests of all rounds."""
        wanted = share * self.latencies.total()
        below = 0
        for microseconds in sorted(self.latencies):
            below += self.latencies[microseconds]
            if below >= wanted:
                return microseconds / 1000
        raise ValueError("no request")

    def __str__(self) -> str:
        spent = ""
        if self.server_milliseconds:
            server, workers = (each / self.requests for each in (self.server_milliseconds, self.worker_milliseconds))
            spent = f", CPU a request {server:.2f} ms" + (f" + {workers:.2f} ms in query processes" if workers else "")
        refused = f", {self.refused} of them refused" if self.refused else ""
        return (
            f"{self.rate:7.0f} requests/s, median {self.percentile(0.5):.2f} ms, p99 {self.percentile(0.99):.2f} ms"
            f" ({self.requests} requests{spent}{refused})"
        )


def in_turn(
    engines: Sequence[Engine], questions: Sequence[str], folder: Path, *, rounds: int, seconds: int
) -> dict[str, Figures]:
    """Ask every server in turn for `seconds`, `rounds` times, after one round that does not count.

    Fails when a request breaks, or is refused by a server that is judged; skipped where `wrk` is missing.
    """
    if shutil.which("wrk") is None:
        pytest.skip("no wrk here: sh tests/benchmarks/system_packages.sh installs it as root")
    file = folder / "questions"
    file.write_text("\n".join(quote_plus(question) for question in questions) + "\n")
    figures = {engine.name: Figures() for engine in engines}
    for engine in engines:
        _round(engine, file, 1, Figures())
    for _ in range(rounds):
        for engine in engines:
            _round(engine, file, seconds, figures[engine.name])
    return figures


def _round(engine: Engine, questions: Path, seconds: int, figures: Figures) -> None:
    before = milliseconds_of_processes(engine.process) if engine.process else (0.0, 0.0)
    # 17 digits with the seven of the script: an integer of 64 bits for every engine
    stamp = f"1{int(time.time()) % 10**6:06}{next(_stamps):03}"
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}", "--timeout", "30", "-s", str(_SCRIPT), f"http://{engine.host}"],
        env={**os.environ, "QUESTIONS": str(questions), "ENDPOINT": engine.endpoint, "STAMP": stamp},
        capture_output=True,
        text=True,
        check=True,
    ).stderr.split()
    requests, microseconds, refused, broken = map(int, said[:4])
    assert not broken and not (refused and engine.judged), f"{engine.name}: {requests=} {refused=} {broken=}"
    after = milliseconds_of_processes(engine.process) if engine.process else (0.0, 0.0)
    figures.requests += requests
    figures.refused += refused
    figures.rates.append(requests / (microseconds / 1e6))
    figures.server_milliseconds += after[0] - before[0]
    figures.worker_milliseconds += after[1] - before[1]
    for pair in said[4:]:
        latency, _, count = pair.partition(":")
        figures.latencies[int(latency)] += int(count)
