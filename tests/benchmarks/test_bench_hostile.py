"""One hostile client among eight: how long the other seven wait, against a time when all eight ask ordinary questions.

Each client comes from an address of its own (127.0.0.2 to 127.0.0.9), so the façade can tell them apart, and its limits
for a client are the default ones. They think between questions, as people and scripts do that keep to the rate limit:
for 100 ms on average, when the machine is idle half of the time, the usual wait is short, and each disturbance shows;
and for 25 ms, when the eight keep it busy. (Without a pause ordinary clients would cross the rate limit themselves.)
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.engines import Engine, facade
from benchmarks.load import bound_questions, unseen
from passerelle.graph.release import Release

SECONDS = 10
HOSTILE_SECONDS = 25
"""Longer than a query may take (20 seconds), so that it is seen to be ended."""
HOSTILE_CONNECTIONS = 12
"""More than may work (2) and wait (8) for one client: the others are refused, and ask again at once."""
MOST_TIMES = 3.0
PAUSES = {"thinking": 0.1, "busy": 0.025}
_CLIENTS = Path(__file__).with_name("clients_run.py")
_LONG = "x" * 50
HOSTILE = {
    "cross product": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(UNSEEN > 0) }",
    "cross product that answers": "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f FILTER(UNSEEN > 0) }",
    "path explosion": "SELECT (COUNT(*) AS ?n) WHERE { ?a (!<urn:x:UNSEEN>|^!<urn:x:UNSEEN>)+ ?b }",
    "path from anywhere to anywhere": "SELECT * WHERE { ?a (!<urn:x:UNSEEN>)*/(!<urn:y>)*/(!<urn:z>)* ?b }",
    "REPLACE chain": "SELECT ?z WHERE { BIND('UNSEEN"
    + _LONG
    + "' AS ?a0) "
    + " ".join(f"BIND(REPLACE(?a{n}, '.', ?a{n}) AS ?a{n + 1})" for n in range(5))
    + " BIND(STRLEN(?a5) AS ?z) }",
    "endless sort": "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f FILTER(UNSEEN > 0) } ORDER BY DESC(STR(?c)) ?f ?a LIMIT 10",
}


@pytest.fixture(scope="module")
def engine(demo_release: Release) -> Iterator[Engine]:
    with facade(demo_release) as started:
        yield started


@pytest.mark.parametrize("pace", PAUSES)
def test_one_hostile_client_among_eight(engine: Engine, demo_release: Release, pace: str) -> None:
    pause = PAUSES[pace]
    questions = [unseen(each) for each in bound_questions(demo_release.manifest.base).values()]
    ordinary = [_client(number, questions, pause) for number in range(2, 10)]
    attacks = list(HOSTILE.values())
    hostile = [
        _client(9, attacks, 0.0) | {"connections": HOSTILE_CONNECTIONS, "patience": 1.0},
        _client(9, [HOSTILE["cross product that answers"]], 3.0) | {"stalls": True},
    ]
    _run(engine, ordinary, seconds=2)
    usual = _run(engine, ordinary)
    disturbed = _run(engine, ordinary[:7], hostile, seconds=HOSTILE_SECONDS)
    again = _run(engine, ordinary, seconds=SECONDS / 2)
    print(f"\nOne hostile client among eight, ordinary ones pause for {1000 * pause:.0f} ms on average")
    medians = []
    for label, clients in (("all eight ordinary", usual), ("one is hostile", disturbed), ("all ordinary again", again)):
        waits = [wait for client in clients[:7] for wait in client.get("200", [])]
        medians.append(statistics.median(waits))
        print(
            f"  {label:19} the seven wait {medians[-1]:6.1f} ms at the median,"
            f" p95 {statistics.quantiles(waits, n=20)[-1]:7.1f} ms ({_counted(clients[:7])})"
        )
    print(f"  factor at the median: {medians[1] / medians[0]:.2f}")
    for number, each in enumerate(disturbed[7:]):
        print(f"  what the hostile client got ({('attacks', 'a reader that stalls')[number]}): {_counted([each])}")
    for clients in (usual[:7], disturbed[:7], again[:7]):
        assert set().union(*clients) == {"200"}, f"ordinary clients were refused: {_counted(clients)}"
    assert disturbed[7].keys() & {"429", "503"}, "the hostile client was never stopped"
    assert medians[1] <= MOST_TIMES * medians[0]


def _client(number: int, questions: list[str], pause: float) -> dict[str, Any]:
    return {
        "address": f"127.0.0.{number}",
        "questions": questions[number:] + questions[:number],  # each starts at another one
        "connections": 1,
        "pause": pause,
        "patience": 30.0,
        "stalls": False,
    }


def _counted(clients: list[dict[str, list[float]]]) -> str:
    """How often each status came."""
    counts: Counter[str] = Counter()
    for client in clients:
        counts.update({status: len(times) for status, times in client.items()})
    return ", ".join(f"{count} × {status}" for status, count in counts.most_common())


def _run(
    engine: Engine,
    ordinary: list[dict[str, Any]],
    hostile: list[dict[str, Any]] | None = None,
    seconds: float = SECONDS,
) -> list[dict[str, list[float]]]:
    """Milliseconds of the answers of each client by status. Hostile ones have a process of their own."""
    processes = []
    for clients in filter(None, (ordinary, hostile)):
        process = subprocess.Popen([sys.executable, str(_CLIENTS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        task = {
            "port": int(engine.host.rpartition(":")[2]),
            "path": engine.endpoint,
            "seconds": seconds,
            "clients": clients,
        }
        assert process.stdin is not None
        process.stdin.write(json.dumps(task | {"clients": clients}).encode())
        process.stdin.close()
        process.stdin = None
        processes.append(process)
    return [client for process in processes for client in json.loads(process.communicate()[0])]
