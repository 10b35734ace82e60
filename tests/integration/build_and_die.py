"""Builds a release and kills itself, without any clean-up, at the N-th step; run by test_killed_builds.

usage: build_and_die.py RELEASES RNCP_FILE BASE N       N = 0: live, and print how many steps there were

A step is anything that Python reports to audit hooks (opening, renaming, linking a file …) and each record written.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from passerelle.build import pipeline, reading
from passerelle.build.options import BuildOptions
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


def main() -> None:
    releases, source, base, number = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == number:
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
    sys.stdout.write(f"{steps}\n")


if __name__ == "__main__":
    main()
