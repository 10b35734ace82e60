"""The root command and what hangs from it."""

from __future__ import annotations

import click

import passerelle
from passerelle.cli.build_command import build_command
from passerelle.cli.console import help_of
from passerelle.cli.query_command import query_command
from passerelle.cli.releases_commands import releases_commands
from passerelle.cli.serve_command import serve_command
from passerelle.cli.units_commands import units_commands
from passerelle.cli.validate_command import validate_command


@click.group(help=help_of("cli-help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(passerelle.__version__, prog_name="passerelle")
@click.option("--lang", type=click.Choice(["en", "fr"]), help=help_of("cli-lang"))
def main(lang: str | None) -> None:
    """Root of all commands; `lang` is read by `console.language`."""


main.add_command(build_command)
main.add_command(query_command)
main.add_command(releases_commands)
main.add_command(serve_command)
main.add_command(units_commands)
main.add_command(validate_command)
