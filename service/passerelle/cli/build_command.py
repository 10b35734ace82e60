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
from passerelle.build.report import BuildReport
from passerelle.cli.console import errors, help_of, language, output, reporting, say, show_table, shown
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.records.place import NOWHERE
from passerelle.settings import Settings
from passerelle.validation.batches import ValidationSummary

_MEGABYTE = 1024**2


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


def show_report(report: BuildReport) -> None:
    """Print the sums of a build, the way to the rejects, the SHACL summary and the release's id."""
    manifest = report.release.manifest
    show_sources(manifest)
    show_validation(manifest)
    show_linking(manifest)
    show_rejects(report)
    output.print(
        say(
            "cli-build-done",
            identifier=report.release.identifier,
            triples=shown(manifest.triples),
            seconds=f"{manifest.seconds:.1f}",
            peak=shown(manifest.peak_bytes // _MEGABYTE),
        )
    )


def show_rejects(report: BuildReport) -> None:
    """How many records were rejected, how many notices there are, and where both stand with their reasons."""
    rejected = sum(sum(entry.rejected.values()) for entry in report.release.manifest.sources)
    with report.rejects.open(encoding="utf-8") as lines:
        notices = sum(1 for _ in lines) - rejected
    output.print(say("cli-build-rejects", rejected=shown(rejected), notices=shown(notices), path=report.rejects))


def show_sources(manifest: Manifest) -> None:
    """One table for all sources: a row for each kind of item of each source."""
    columns = [say(f"cli-column-{name}") for name in ("source", "item", "read", "accepted", "rejected")]
    columns += [say(f"cli-column-{name}") for name in ("notices", "unresolved", "triples", "seconds", "memory")]
    rows: list[list[object]] = []
    for entry in manifest.sources:
        for position, item in enumerate(sorted(entry.read)):
            row = [entry.read[item], entry.accepted.get(item, 0), entry.rejected.get(item, 0)]
            whole: list[object] = ["", "", "", "", ""]
            if position == 0:
                whole = [sum(entry.notices.values()), entry.unresolved, entry.quads, f"{entry.seconds:.1f}"]
                whole = [*(shown(each) for each in whole), shown(entry.peak_bytes // _MEGABYTE)]
            rows.append([entry.slug if position == 0 else "", say(f"item-{item.replace(' ', '-')}"), *row, *whole])
    show_table(say("cli-table-sources"), columns, rows)


def show_linking(manifest: Manifest) -> None:
    """For each language: texts of outcomes, how many were ranked now, for how many nothing was proposed, or linked."""
    names = ("language", "texts", "distinct", "ranked", "without-candidate", "without-link")
    keys = ("texts", "distinct", "ranked", "without_candidate", "without_link")
    rows = [[tag, *(facts[key] for key in keys)] for tag, facts in sorted(manifest.linking.items())]
    if rows:
        show_table(say("cli-table-linking"), [say(f"cli-column-{name}") for name in names], rows)


def show_validation(manifest: Manifest) -> None:
    """The SHACL summary: findings by severity and shape."""
    if not manifest.validation:
        output.print(say("cli-validation-off"))
        return
    summary = ValidationSummary.from_json(manifest.validation)
    if not summary.rules:
        output.print(say("cli-validation-clean"))
        return
    french = language() == "fr"
    rows = [
        [say(f"severity-{each.severity.value.lower()}"), each.count, each.message_fr if french else each.message_en]
        for each in summary.rules
    ]
    columns = [say("cli-column-severity"), say("cli-column-count"), say("cli-column-rule")]
    show_table(say("cli-table-validation"), columns, rows)
