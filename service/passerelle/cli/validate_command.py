"""`passerelle validate`: credentials in files, folders, archives or on the standard input, and a report about them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import BinaryIO, get_args

import click
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from passerelle.cli.console import errors, help_of, language, output, reporting, say, show_table, shown
from passerelle.errors import InputError, NoCurrentRelease
from passerelle.graph.release import Releases
from passerelle.messages import Language
from passerelle.settings import Settings
from passerelle.validation.credentials.many import InputLimits, Submissions
from passerelle.validation.credentials.model import MAX_RESULTS, CredentialReport, Stage, Verdict
from passerelle.validation.credentials.profiles.names import PROFILES
from passerelle.validation.credentials.reports import (
    html_report,
    json_report,
    sarif_report,
    text_report,
    turtle_report,
)
from passerelle.validation.credentials.reports.summary import Summary, counting
from passerelle.validation.credentials.worker_chunks import Check, validate_many
from passerelle.validation.credentials.worker_process import WorkerOptions

_WRITERS: dict[str, Callable[[Iterable[CredentialReport], Language], Iterator[str]]] = {
    "text": text_report.chunks,
    "json": json_report.chunks,
    "html": html_report.chunks,
    "turtle": turtle_report.chunks,
    "sarif": sarif_report.chunks,
}
_NOT_CHECKABLE, _INVALID = 2, 1
_NO_READER = 141
"""What shells give for a program that SIGPIPE ended; the other codes would be a verdict."""


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _speak(context: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """Have everything be said in the language given here, as if it stood before the command."""
    if value is not None:
        context.find_root().params["lang"] = value
    return value


@click.command("validate", help=help_of("cli-validate"))
@click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR|ZIP|-…", type=click.Path(path_type=Path))
@click.option("--profile", type=click.Choice(list(PROFILES)), help=help_of("cli-validate-profile"))
@click.option(
    "--format", "form", type=click.Choice(list(_WRITERS)), default="text", help=help_of("cli-validate-format")
)
@click.option(
    "--lang",
    type=click.Choice(list(get_args(Language))),
    callback=_speak,
    expose_value=False,
    help=help_of("cli-lang"),
)
@click.option(
    "--stage",
    type=click.Choice([each.value for each in Stage]),
    default=Stage.ISSUED.value,
    help=help_of("cli-validate-stage"),
)
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help=help_of("cli-validate-jobs"))
@click.option(
    "--shapes", multiple=True, metavar="FILE", type=click.Path(path_type=Path), help=help_of("cli-validate-shapes")
)
@click.option(
    "--max-results",
    type=click.IntRange(1),
    metavar="N",
    default=MAX_RESULTS,
    help=help_of("cli-validate-max-results", number=MAX_RESULTS),
)
@click.option("--release", "identifier", metavar="ID", help=help_of("cli-validate-release"))
@click.option("--no-release", is_flag=True, help=help_of("cli-validate-no-release"))
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@click.option(
    "--output", "target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help=help_of("cli-validate-output"),
)  # fmt: skip
@click.option("--quiet", is_flag=True, help=help_of("cli-validate-quiet"))
@reporting
def validate_command(
    paths: tuple[Path, ...],
    profile: str | None,
    form: str,
    stage: str,
    jobs: int | None,
    shapes: tuple[Path, ...],
    max_results: int,
    identifier: str | None,
    no_release: bool,
    releases: Path | None,
    target: Path | None,
    quiet: bool,
) -> None:
    """Exit 0 all valid; 1 at least one invalid; 2 none invalid, at least one not checkable, or nothing to check.

    The report is written while the files are checked: nothing is held but what is under way.
    """
    settings = Settings.of(releases=releases)
    limits = InputLimits(settings.validation_bytes, ratio=settings.archive_ratio, total=settings.archive_bytes)
    submissions = Submissions(paths, target, limits)
    options = WorkerOptions.of(settings, None if no_release else _release(settings, identifier), shapes=shapes)
    summary = Summary()
    with ExitStack() as stack:
        reports = stack.enter_context(
            closing(validate_many(submissions, options, Check(profile, Stage(stage), max_results), jobs or _cores()))
        )
        bar = None if quiet or submissions.one else stack.enter_context(_bar(submissions, target))
        counted = counting(reports if bar is None else _showing(reports, bar), summary)
        pieces = _WRITERS[form](counted, language())
        if target is not None:
            _write_file(target, pieces)
        elif quiet:
            for _ in counted:
                pass
        else:
            _write_out(pieces, form, bar)
    if not summary.files:
        raise InputError("input-none")
    if not quiet:
        _tell(summary, submissions, table=not submissions.one and (form != "text" or target is not None))
    sys.exit(exit_code(summary))


def exit_code(summary: Summary) -> int:
    """What the command ends with: an invalid file outweighs one that cannot be checked."""
    if summary.verdicts[Verdict.INVALID]:
        return _INVALID
    return _NOT_CHECKABLE if summary.verdicts[Verdict.NOT_CHECKABLE] else 0


def _release(settings: Settings, identifier: str | None) -> Path | None:
    folder = Releases(settings.releases)
    if identifier is not None:
        return folder.get(identifier).folder
    try:
        return folder.current().folder
    except NoCurrentRelease:
        return None


@contextmanager
def _bar(submissions: Submissions, target: Path | None) -> Iterator[Progress | None]:
    """A bar where a person looks; on the console of the report where that is a terminal, as it writes above the bar."""
    console = output if target is None and output.is_terminal else errors
    if not console.is_terminal or not errors.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        # one more walk through the folders, which costs little beside the checks
        progress.add_task(say("cli-validate-progress"), total=sum(1 for _ in submissions))
        yield progress


def _showing(reports: Iterable[CredentialReport], bar: Progress) -> Iterator[CredentialReport]:
    (task,) = bar.task_ids
    for report in reports:
        yield report
        bar.advance(task)


def _write_out(pieces: Iterable[str], form: str, bar: Progress | None) -> None:
    if bar is not None and bar.console is output:
        for piece in pieces:
            output.print(piece, end="", markup=False, highlight=False)
        return
    # what a terminal cannot show must not end the report; programs read UTF-8 whatever the terminal
    encoding = (sys.stdout.encoding or "utf-8") if form == "text" else "utf-8"
    try:
        _write(sys.stdout.buffer, pieces, encoding)
    except BrokenPipeError:
        # the interpreter would try once more at its end, and say that it failed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_NO_READER)


def _write_file(target: Path, pieces: Iterable[str]) -> None:
    """Write a report that is whole or not there: hidden while it grows, then renamed.

    A device or a pipe is written to as it is, never replaced by a file.
    """
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            _write(file, pieces, "utf-8")
        return
    growing = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with growing.open("wb") as file:
            _write(file, pieces, "utf-8")
        growing.replace(target)
    finally:
        growing.unlink(missing_ok=True)


def _write(file: BinaryIO, pieces: Iterable[str], encoding: str) -> None:
    for piece in pieces:
        file.write(piece.encode(encoding, "backslashreplace"))
        file.flush()


def _tell(summary: Summary, submissions: Submissions, *, table: bool) -> None:
    if table:
        rows = [(say(f"credential-word-{each.value}"), summary.verdicts[each]) for each in Verdict]
        show_table(
            say("cli-validate-table"), [say("cli-validate-verdict"), say("cli-validate-files")], rows, where=errors
        )
    if omitted := submissions.omitted:
        reasons = ", ".join(say(f"omission-{each.value}", number=shown(number)) for each, number in omitted.items())
        errors.print(escape(say("cli-validate-omitted", number=shown(omitted.total()), reasons=reasons)))
