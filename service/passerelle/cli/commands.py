"""The root command and what hangs from it."""

from __future__ import annotations

from importlib import import_module
from typing import cast

import click

import passerelle
from passerelle.cli.console import help_of

_COMMANDS = {
    "build": ("build_command", "cli-build"),
    "combination": ("combination_command", "cli-combination"),
    "compare": ("compare_command", "cli-compare"),
    "correspondences": ("correspondences_command", "cli-correspondences"),
    "link": ("link_command", "cli-link"),
    "nearest": ("nearest_command", "cli-nearest"),
    "neighbours": ("neighbours_command", "cli-neighbours"),
    "path": ("path_command", "cli-path"),
    "publish": ("publish_command", "cli-publish"),
    "query": ("query_command", "cli-query"),
    "releases": ("releases_commands", "cli-releases-group"),
    "review": ("review_command", "cli-review-group"),
    "serve": ("serve_command", "cli-serve"),
    "units": ("units_commands", "cli-units-group"),
    "validate": ("validate_command", "cli-validate"),
}
"""The module of each command, which is also the command's name in it, and the message that says what it is for."""


class _Commands(click.Group):
    """A group that imports the command that is asked for, and no other: all together take two seconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """The names of the commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click has it
        """The command of that name."""
        if cmd_name not in _COMMANDS:
            return None
        name, _ = _COMMANDS[cmd_name]
        return cast("click.Command", getattr(import_module(f"passerelle.cli.{name}"), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """The commands with what each is for."""
        width = formatter.width - 6 - max(map(len, _COMMANDS))  # as click leaves it
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, click.Command(name, help=help_of(about)).get_short_help_str(width))
                    for name, (_, about) in _COMMANDS.items()
                ]
            )


@click.group(cls=_Commands, help=help_of("cli-help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(passerelle.__version__, prog_name="passerelle")
@click.option("--lang", type=click.Choice(["en", "fr"]), help=help_of("cli-lang"))
def main(lang: str | None) -> None:
    """Root of all commands; `lang` is read by `console.language`."""
