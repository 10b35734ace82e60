"""What the commands about sets of units share: their options, and how a document goes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from passerelle.cli.comparison_output import pass_on, width
from passerelle.cli.console import help_of
from passerelle.comparability.reports import text_report
from passerelle.comparability.reports.blocks import Report
from passerelle.comparability.words import Json

_OPTIONS = (
    click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
                 help=help_of("cli-nearest-format")),
    click.option("--to", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
                 help=help_of("cli-compare-to")),
    click.option("--release", "identifier", metavar="ID", help=help_of("cli-query-release")),
    click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases")),
)  # fmt: skip


def answer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--format`, `--to`, `--release` and `--releases`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def pass_on_document(document: Json, report: Callable[[Json], Report], form: str, target: Path | None) -> None:
    """Write a document as JSON, or as the text that `report` makes of it."""
    if form == "json":
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    else:
        text = text_report.write(report(document), width(target))
    pass_on(text.encode("utf-8", "replace"), target)
