"""`passerelle path`: further units that cover most of a target together with what is held, and what else is needed."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from passerelle.cli.comparison_output import language_option, opened, warn_of
from passerelle.cli.console import help_of, language, reporting
from passerelle.cli.unit_set_output import answer_options, pass_on_document
from passerelle.comparability.path_questions import MOST_SECONDS, SERVED_SECONDS, USUAL_UNITS, path_question
from passerelle.comparability.questions import purposes
from passerelle.comparability.reports.path_report import path_report
from passerelle.comparability.weightings import weightings
from passerelle.messages import Language
from passerelle.records.path_questions import Fewest
from passerelle.records.unit_tables import unit_kinds


@click.command("path", help=help_of("cli-path"))
@click.argument("target")
@click.option("--have", multiple=True, metavar="UNIT", help=help_of("cli-path-have"))
@click.option("--country", "countries", multiple=True, metavar="CODE", help=help_of("cli-nearest-country"))
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(unit_kinds())), help=help_of("cli-path-kind"))
@click.option("--level", default="", metavar="1–8", help=help_of("cli-nearest-level"))
@click.option("--levels-apart", default="", metavar="N", help=help_of("cli-nearest-levels-apart"))
@click.option("--max-units", default=str(USUAL_UNITS), metavar="N", help=help_of("cli-path-max-units"))
@click.option("--fewest", type=click.Choice(get_args(Fewest)), default="units", help=help_of("cli-path-fewest"))
@click.option("--purpose", default="", metavar="|".join(purposes()), help=help_of("cli-compare-purpose"))
@click.option("--weighting", type=click.Choice(weightings()), default="equal", help=help_of("cli-path-weighting"))
@click.option("--time-limit", default=f"{SERVED_SECONDS:g}", metavar="SECONDS", help=help_of("cli-path-time-limit"))
@click.option("--day", default="", metavar="YYYY-MM-DD", help=help_of("cli-path-day"))
@answer_options
@language_option(list(get_args(Language)))
@reporting
def path_command(
    target: str,
    have: tuple[str, ...],
    countries: tuple[str, ...],
    kinds: tuple[str, ...],
    level: str,
    levels_apart: str,
    max_units: str,
    fewest: str,
    purpose: str,
    weighting: str,
    time_limit: str,
    day: str,
    form: str,
    to: Path | None,
    identifier: str | None,
    releases: Path | None,
) -> None:
    """The path on standard output or in a file; what is said about it on standard error."""
    question = path_question(
        target,
        have,
        given_countries=countries,
        kinds=kinds,
        level=level,
        levels_apart=levels_apart,
        most_units=max_units,
        fewest=fewest,
        purpose=purpose,
        weighting=weighting,
        seconds=time_limit,
        most_seconds=MOST_SECONDS,
        day=day,
    )
    answering, release = opened(releases, identifier)
    pass_on_document(answering.path(question, language()), path_report, form, to)
    warn_of(release)
