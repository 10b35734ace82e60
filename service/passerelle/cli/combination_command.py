"""`passerelle combination`: which combinations of competences some units give together."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from passerelle.cli.comparison_output import language_option, opened, warn_of
from passerelle.cli.console import help_of, language, reporting
from passerelle.cli.unit_set_output import answer_options, pass_on_document
from passerelle.comparability.path_questions import combination_question
from passerelle.comparability.reports.combination_report import combination_report
from passerelle.messages import Language


@click.command("combination", help=help_of("cli-combination"))
@click.argument("units", nargs=-1, required=True, metavar="UNIT...")
@answer_options
@language_option(list(get_args(Language)))
@reporting
def combination_command(
    units: tuple[str, ...], form: str, to: Path | None, identifier: str | None, releases: Path | None
) -> None:
    """The combination on standard output or in a file; what is said about it on standard error."""
    question = combination_question(units)
    answering, release = opened(releases, identifier)
    pass_on_document(answering.combination(question, language()), combination_report, form, to)
    warn_of(release)
