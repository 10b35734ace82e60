"""`passerelle link`: candidates for outcomes or a text, and what belongs to them."""

from __future__ import annotations

from typing import Any

import click

from passerelle.cli.console import help_of
from passerelle.cli.link_evaluation import evaluate_links
from passerelle.cli.link_outcomes import export_links, link_options, link_outcomes
from passerelle.cli.link_report import report_links


@click.group("link", invoke_without_command=True, help=help_of("cli-link"))
@link_options
@click.pass_context
def link_command(context: click.Context, /, **given: Any) -> None:
    """Without a sub-command: candidates for the outcomes of a release, or for a text."""
    if context.invoked_subcommand is None:
        link_outcomes(**given)


link_command.add_command(export_links)
link_command.add_command(evaluate_links)
link_command.add_command(report_links)
