"""Builds a release and kills itself, without any clean-up, at the N-th step; run by test_killed_builds.

usage: build_and_die.py RELEASES RNCP_FILE BASE N…       N = 0: live

Each N is a process of its own, forked off one that has loaded the program and opened nothing. A line for each as soon
as it has ended: the signal that ended it (0: none), and how many steps it has taken. The next is begun after a line on
the standard input. A step is anything that Python reports to audit hooks (opening, renaming, linking a file …) and each
record written.
"""

from __future__ import annotations

import os
import signal
import sys
from mmap import mmap
from pathlib import Path

import pyoxigraph as ox

from passerelle.build import pipeline, reading
from passerelle.build.options import BuildOptions
from passerelle.comparability.assertions import select
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.graph.all_units import AllUnits
from passerelle.namespaces import Minting
from passerelle.settings import Settings

_FILE_EVENTS = {
    "open",
    "os.rename",
    "os.symlink",
    "os.mkdir",
    "os.remove",
    "os.rmdir",
    "shutil.rmtree",
    "shutil.copyfile",
}


def warm(base: str) -> None:
    """Load what a build loads on its way: compiled loops, of which each build would otherwise have its own."""
    texts, minting = TextKeys(), Minting(base)
    select(AllUnits(ox.Store(), minting, texts.number), texts, minting, 0)


def main() -> None:
    releases, source, base = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    warm(base)
    for number in map(int, sys.argv[4:]):
        steps = mmap(-1, 8)
        child = os.fork()
        if child == 0:
            build_and_die(releases, source, base, number, steps)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            sys.exit(os.WEXITSTATUS(status))
        sys.stdout.write(f"{os.WTERMSIG(status)} {int.from_bytes(steps[:8])}\n")
        sys.stdout.flush()
        sys.stdin.readline()


def build_and_die(releases: Path, source: Path, base: str, number: int, steps: mmap) -> None:
    def step() -> None:
        taken = int.from_bytes(steps[:8]) + 1
        steps[:8] = taken.to_bytes(8)
        if taken == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        about_releases = any(str(releases) in str(argument) for argument in arguments)
        # os.open has no mode: the files of the store are synced through it, and how many there are varies
        synced = event == "open" and arguments[1] is None
        if event in _FILE_EVENTS and about_releases and not synced:
            step()

    write_record = reading.write_record

    def counting(writer: object, record: object) -> None:
        step()
        write_record(writer, record)  # type: ignore[arg-type]  # passed through as it came

    reading.write_record = counting
    sys.addaudithook(audit)
    pipeline.build(BuildOptions(rncp=(source,)), Settings.of(environment={}, base=base, releases=releases))


if __name__ == "__main__":
    main()
