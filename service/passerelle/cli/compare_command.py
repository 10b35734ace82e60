"""`passerelle compare`: what a holder of one unit has shown of another, as text, data or a report."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click

from passerelle.cli.comparison_output import language_option, opened, pass_on, warn_of, width
from passerelle.cli.console import help_of, language, reporting
from passerelle.comparability.questions import ReportQuestion, analyst_name, comparison_question, purposes
from passerelle.comparability.reports import text_report
from passerelle.comparability.reports.contents import comparison_report
from passerelle.errors import ParameterError
from passerelle.messages import Language

_REPORTS = ("html", "pdf")


@click.command("compare", help=help_of("cli-compare"))
@click.argument("first")
@click.argument("second")
@click.option("--purpose", required=True, metavar="|".join(purposes()), help=help_of("cli-compare-purpose"))
@click.option("--essential", multiple=True, metavar="NUMBER|IRI", help=help_of("cli-compare-essential"))
@click.option("--arithmetic", is_flag=True, help=help_of("cli-compare-arithmetic"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", *_REPORTS]),
    default="text",
    help=help_of("cli-compare-format"),
)
@click.option("--analyst", metavar="NAME", help=help_of("cli-compare-analyst"))
@click.option("--to", "target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help=help_of("cli-compare-to"))  # fmt: skip
@language_option(list(get_args(Language)))
@click.option("--release", "identifier", metavar="ID", help=help_of("cli-query-release"))
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@reporting
def compare_command(
    first: str,
    second: str,
    purpose: str,
    essential: tuple[str, ...],
    arithmetic: bool,
    form: str,
    analyst: str | None,
    target: Path | None,
    identifier: str | None,
    releases: Path | None,
) -> None:
    """The answer on standard output or in a file; what is said about it on standard error."""
    question = comparison_question(first, second, purpose, essential, arithmetic=arithmetic)
    # before anything is opened, so that nobody waits to hear of it
    name = analyst_name(analyst or "") if form in _REPORTS else ""
    if form == "pdf" and target is None and sys.stdout.isatty():
        raise ParameterError("cli-compare-pdf-terminal")
    answering, release = opened(releases, identifier)
    if form in _REPORTS:
        day = datetime.now(UTC).date().isoformat()
        content = answering.report(ReportQuestion(question, name, day, form), language())
    elif form == "json":
        document = answering.comparison(question, language())
        content = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    else:
        report = comparison_report(answering.comparison(question, language()))
        content = text_report.write(report, width(target)).encode("utf-8", "replace")
    pass_on(content, target)
    warn_of(release)
