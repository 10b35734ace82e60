"""`passerelle correspondences`: at which place the method puts the lawful counterpart of a unit."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from passerelle.cli.comparison_output import language_option, opened, warn_of
from passerelle.cli.console import help_of, language, reporting
from passerelle.cli.unit_set_output import answer_options, pass_on_document
from passerelle.comparability.reports.correspondence_report import correspondence_report
from passerelle.messages import Language


@click.command("correspondences", help=help_of("cli-correspondences"))
@click.option("--pairs", metavar="FILE.tsv", type=click.Path(path_type=Path, dir_okay=False),
              help=help_of("cli-correspondences-pairs"))  # fmt: skip
@answer_options
@language_option(list(get_args(Language)))
@reporting
def correspondences_command(
    pairs: Path | None, form: str, to: Path | None, identifier: str | None, releases: Path | None
) -> None:
    """The check on standard output or in a file; what is said about it on standard error."""
    answering, release = opened(releases, identifier)
    pass_on_document(answering.correspondences(pairs, language()), correspondence_report, form, to)
    warn_of(release)
