"""`kill -9` at twenty points of a build: the current release answers as before, and the next build clears up."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generated_catalogue import write_xml
from passerelle.build.options import BuildOptions
from passerelle.build.pipeline import build
from passerelle.graph.answering.embedded import EmbeddedStore
from passerelle.graph.answering.question import Question
from passerelle.graph.release import Releases
from passerelle.settings import Settings

CHILD = Path(__file__).parent / "build_and_die.py"
FIRST_BASE, SECOND_BASE = "https://example.org/first", "https://example.org/second"
POINTS = 20


@contextmanager
def killed(releases: Path, source: Path, *numbers: int) -> Iterator[Iterator[tuple[int, int]]]:
    """For each number the signal that ended a build at that step, and how many steps it took; one build at a time."""
    command = [sys.executable, str(CHILD), str(releases), str(source), SECOND_BASE, *map(str, numbers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def ended() -> Iterator[tuple[int, int]]:
            for line in process.stdout:
                signal_number, steps = map(int, line.split())
                yield signal_number, steps
                process.stdin.write("\n")
                process.stdin.flush()

        try:
            yield ended()
        finally:
            process.stdin.close()
            process.wait(120)
    assert process.returncode == 0


def answer(releases: Path) -> tuple[str, bytes]:
    """Base and number of qualifications of the current release, as a reader sees them."""
    release = Releases(releases).current()
    query = "SELECT (COUNT(*) AS ?n) { ?q a <https://w3id.org/passerelle/ontology#FullQualification> }"
    store = EmbeddedStore.open(release.store)
    from io import BytesIO

    buffer = BytesIO()
    store.ask(Question(query, "text/csv")).write(buffer)
    return release.manifest.base, buffer.getvalue()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "rncp.xml"
    write_xml(path, fiches=12, seed=7)
    return path


def test_a_killed_build_changes_nothing(source: Path, tmp_path: Path) -> None:
    # counted beside a first release, as the builds to be killed run; what those leave can only add steps
    build(BuildOptions(rncp=(source,)), Settings.of(environment={}, base=FIRST_BASE, releases=tmp_path / "counted"))
    with killed(tmp_path / "counted", source, 0) as ended:
        ((signal_number, steps),) = ended
    assert signal_number == 0
    releases = tmp_path / "releases"
    build(BuildOptions(rncp=(source,)), Settings.of(environment={}, base=FIRST_BASE, releases=releases))
    before = answer(releases)
    complete = (SECOND_BASE, before[1])
    # the last steps are the publishing: they must be among the points, the others are drawn
    points = sorted({*range(steps - 5, steps + 1), *random.Random(20261122).sample(range(1, steps - 5), POINTS - 6)})
    assert len(points) == POINTS
    seen = []
    with killed(releases, source, *points) as ended:
        for (signal_number, steps), point in zip(ended, points, strict=True):
            assert (signal_number, steps) == (signal.SIGKILL, point)
            seen.append(answer(releases))
            if seen[-1] == complete:
                # killed after the switch: the new release is whole; go back for the next round
                Releases(releases).activate(Releases(releases).list()[0].identifier)
    assert set(seen) <= {before, complete}
    assert seen[0] == before
    build(BuildOptions(rncp=(source,)), Settings.of(environment={}, base=SECOND_BASE, releases=releases))
    assert answer(releases) == complete
    assert not [entry.name for entry in releases.iterdir() if entry.name.startswith(".building")]
