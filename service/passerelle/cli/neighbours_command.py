"""`passerelle neighbours`: units one level up in the same occupation, and at the same level in other countries."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from passerelle.cli.comparison_output import language_option, opened, warn_of
from passerelle.cli.console import help_of, language, reporting
from passerelle.cli.unit_set_output import answer_options, pass_on_document
from passerelle.comparability.path_questions import surroundings_question
from passerelle.comparability.questions import USUAL_ROWS
from passerelle.comparability.reports.surroundings_report import surroundings_report
from passerelle.messages import Language


@click.command("neighbours", help=help_of("cli-neighbours"))
@click.argument("unit")
@click.option("--top", default=str(USUAL_ROWS), metavar="N", help=help_of("cli-neighbours-top"))
@answer_options
@language_option(list(get_args(Language)))
@reporting
def neighbours_command(
    unit: str, top: str, form: str, to: Path | None, identifier: str | None, releases: Path | None
) -> None:
    """The neighbours on standard output or in a file; what is said about them on standard error."""
    question = surroundings_question(unit, top)
    answering, release = opened(releases, identifier)
    pass_on_document(answering.surroundings(question, language()), surroundings_report, form, to)
    warn_of(release)
