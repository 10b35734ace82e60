"""`passerelle nearest`: the units whose holders have shown most of a unit, best first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import click

from passerelle.cli.comparison_output import language_option, opened, pass_on, warn_of, width
from passerelle.cli.console import help_of, language, reporting
from passerelle.comparability.questions import USUAL_ROWS, nearest_question, purposes
from passerelle.comparability.reports import neighbours_text, text_report
from passerelle.comparability.reports.neighbours import neighbours_report, neighbours_table
from passerelle.messages import Language
from passerelle.records.unit_tables import unit_kinds


@click.command("nearest", help=help_of("cli-nearest"))
@click.argument("unit")
@click.option("--purpose", required=True, metavar="|".join(purposes()), help=help_of("cli-compare-purpose"))
@click.option("--country", "countries", multiple=True, metavar="CODE", help=help_of("cli-nearest-country"))
@click.option("--level", default="", metavar="1–8", help=help_of("cli-nearest-level"))
@click.option("--levels-apart", default="", metavar="N", help=help_of("cli-nearest-levels-apart"))
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(unit_kinds())), help=help_of("cli-nearest-kind"))
@click.option("--top", default=str(USUAL_ROWS), metavar="N", help=help_of("cli-nearest-top"))
@click.option("--explained", is_flag=True, help=help_of("cli-nearest-explained"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "tsv"]),
    default="text",
    help=help_of("cli-nearest-format"),
)
@click.option("--to", "target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help=help_of("cli-compare-to"))  # fmt: skip
@language_option(list(get_args(Language)))
@click.option("--release", "identifier", metavar="ID", help=help_of("cli-query-release"))
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@reporting
def nearest_command(
    unit: str,
    purpose: str,
    countries: tuple[str, ...],
    level: str,
    levels_apart: str,
    kinds: tuple[str, ...],
    top: str,
    explained: bool,
    form: str,
    target: Path | None,
    identifier: str | None,
    releases: Path | None,
) -> None:
    """The list on standard output or in a file; what is said about it on standard error."""
    question = nearest_question(
        unit,
        purpose,
        given_countries=countries,
        level=level,
        levels_apart=levels_apart,
        kinds=kinds,
        top=top,
        explained=form in ("text", "json"),
    )
    answering, release = opened(releases, identifier)
    document = answering.nearest(question, language())
    if form == "json":
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    elif form == "text" and explained:
        text = text_report.write(neighbours_report(document), width(target))
    elif form == "text":
        text = neighbours_text.write(document, width(target))
    else:
        text = neighbours_table(document, "csv" if form == "csv" else "tsv")
    pass_on(text.encode("utf-8", "replace"), target)
    warn_of(release)
