"""`passerelle units`: what a country needs to bring its own units."""

from __future__ import annotations

import click

from passerelle.cli.console import help_of
from passerelle.sources.unit_template import unit_template


@click.group("units", help=help_of("cli-units-group"))
def units_commands() -> None:
    """The unit table."""


@units_commands.command("template", help=help_of("cli-units-template"))
def print_template() -> None:
    """Write an empty unit table with one example row to standard output."""
    click.echo(unit_template(), nl=False)
