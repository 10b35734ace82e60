"""`passerelle build`: sources in, a published release out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from passerelle.build.inputs import unchanged
from passerelle.build.observer import Stage
from passerelle.build.options import PATH_OPTIONS, BuildOptions, checked, read_options
from passerelle.build.pipeline import build
from passerelle.cli.build_report import show_report
from passerelle.cli.console import errors, help_of, output, reporting, say
from passerelle.graph.manifest import SourceEntry
from passerelle.records.place import NOWHERE
from passerelle.settings import Settings


class _Bars:
    """Shows a bar a source; on a terminal only, so that logs stay readable."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(),
            console=errors, disable=not errors.is_terminal,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def source_started(self, slug: str) -> None:
        self._tasks[slug] = self._progress.add_task(slug, total=None)

    def source_progress(self, slug: str, done: int, total: int) -> None:
        if slug not in self._tasks:
            self.source_started(slug)
        self._progress.update(self._tasks[slug], completed=done, total=total)

    def source_finished(self, entry: SourceEntry) -> None:
        if entry.slug in self._tasks:
            self._progress.update(self._tasks[entry.slug], completed=1, total=1)

    def stage(self, stage: Stage) -> None:
        for task in self._tasks.values():
            self._progress.update(task, completed=1, total=1)
        self._progress.add_task(say(f"cli-stage-{stage}"), total=None)


def _path_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(PATH_OPTIONS):
        option = "--" + name.replace("_", "-")
        kind = click.Path(path_type=Path)
        command = click.option(
            option, name, type=kind, multiple=True, metavar="FILE", help=help_of(f"cli-build-{name.replace('_', '-')}")
        )(command)
    return command


@click.command("build", help=help_of("cli-build"))
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help=help_of("cli-config"))
@_path_options
@click.option("--base", help=help_of("cli-build-base"))
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@click.option("--demo", is_flag=True, default=None, help=help_of("cli-build-demo"))
@click.option("--strict", is_flag=True, default=None, help=help_of("cli-build-strict"))
@click.option("--publish-partners", is_flag=True, default=None, help=help_of("cli-build-publish-partners"))
@click.option("--no-links", "links", flag_value=False, default=None, help=help_of("cli-build-no-links"))
@click.option("--encoder", metavar="NAME", help=help_of("cli-build-encoder"))
@click.option("--no-shacl", "shacl", flag_value=False, default=None, help=help_of("cli-build-no-shacl"))
@click.option("--reuse", is_flag=True, help=help_of("cli-build-reuse"))
@reporting
def build_command(config: Path | None, base: str | None, releases: Path | None, reuse: bool, **given: Any) -> None:
    """Exit 0 built; 1 built with rejects, or refused with `--strict`; 2 unusable input."""
    if config is None and Path("passerelle.toml").is_file():
        config = Path("passerelle.toml")
    options = read_options(config) if config else BuildOptions()
    options = checked(options.updated(given), NOWHERE)
    settings = Settings.of(config, base=base, releases=releases)
    if reuse and (current := unchanged(options, settings)):
        output.print(say("cli-build-unchanged", identifier=current.identifier))
        return
    with _Bars() as bars:
        report = build(options, settings, bars)
    show_report(report)
    sys.exit(report.exit_code)
