"""What the commands about comparisons share: the release, the language, and where the answer goes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from passerelle.cli.console import errors, help_of, say
from passerelle.comparability.answering import Answering
from passerelle.comparability.reports.text_report import WIDTH
from passerelle.graph.release import Release, Releases
from passerelle.settings import Settings

_WIDEST = 140
"""Columns; longer lines are hard to read, however wide a terminal is."""


def language_option(languages: Sequence[str]) -> Callable[[Any], Any]:
    """`--lang` after the name of the command, which counts as if it stood before it."""

    def speak(context: click.Context, _: click.Parameter, value: str | None) -> str | None:
        if value is not None:
            context.find_root().params["lang"] = value
        return value

    return click.option(
        "--lang",
        type=click.Choice(languages),
        callback=speak,
        is_eager=True,
        expose_value=False,
        help=help_of("cli-lang"),
    )


def opened(releases: Path | None, identifier: str | None) -> tuple[Answering, Release]:
    """The current release, or the one of that name. Raises NoComparison, UnknownRelease, NoCurrentRelease."""
    folder = Releases(Settings.of(releases=releases).releases)
    release = folder.get(identifier) if identifier else folder.current()
    return Answering(release), release


def width(target: Path | None) -> int:
    """Columns of a text: those of the terminal, where it goes to one."""
    if target is not None or not sys.stdout.isatty():
        return WIDTH
    return min(shutil.get_terminal_size().columns, _WIDEST)


def pass_on(content: bytes, target: Path | None) -> None:
    """Write an answer to a file or to the standard output."""
    if target is not None:
        target.write_bytes(content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def warn_of(release: Release) -> None:
    """Say what a reader must know who keeps only the answer."""
    if release.manifest.demo:
        errors.print(say("cli-demo"))
    errors.print(say("cli-not-recognition"))
