"""The root command and what hangs from it."""

from __future__ import annotations

from importlib import import_module
from typing import cast

import click

import passerelle
from passerelle.cli.console import help_of

_COMMANDS = {
    "build": "build_command",
    "combination": "combination_command",
    "compare": "compare_command",
    "correspondences": "correspondences_command",
    "link": "link_command",
    "nearest": "nearest_command",
    "neighbours": "neighbours_command",
    "path": "path_command",
    "publish": "publish_command",
    "query": "query_command",
    "releases": "releases_commands",
    "review": "review_command",
    "serve": "serve_command",
    "units": "units_commands",
    "validate": "validate_command",
}
"""The module of each command, and the name that the command has in it."""


class _Commands(click.Group):
    """A group that imports the command that is asked for: all together take a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """The names of the commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click has it
        """The command of that name."""
        name = _COMMANDS.get(cmd_name)
        if name is None:
            return None
        return cast("click.Command", getattr(import_module(f"passerelle.cli.{name}"), name))


@click.group(cls=_Commands, help=help_of("cli-help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(passerelle.__version__, prog_name="passerelle")
@click.option("--lang", type=click.Choice(["en", "fr"]), help=help_of("cli-lang"))
def main(lang: str | None) -> None:
    """Root of all commands; `lang` is read by `console.language`."""
