"""How the commands speak: language, tables, bars, and errors without tracebacks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from passerelle.errors import PasserelleError
from passerelle.messages import Language, language_of_environment, message

Command = TypeVar("Command", bound=Callable[..., Any])

output = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def language() -> Language:
    """The language asked for by `--lang`, otherwise that of the environment."""
    context = click.get_current_context(silent=True)
    chosen = context.find_root().params.get("lang") if context else None
    return chosen or language_of_environment()


def say(message_id: str, **parameters: object) -> str:
    """A sentence of the catalogue in the user's language."""
    return message(message_id).what(language(), **parameters)


def help_of(message_id: str) -> str:
    """A help text; chosen when the program starts, by `--lang` on the command line or the environment."""
    chosen: Language = language_of_environment()
    for first, second in zip(sys.argv[1:], [*sys.argv[2:], ""], strict=True):
        given = second if first == "--lang" else first.removeprefix("--lang=") if first.startswith("--lang=") else ""
        if given == "fr":
            chosen = "fr"
        elif given == "en":
            chosen = "en"
    return message(message_id).what(chosen)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table whose numbers are right-aligned."""
    rows = [list(row) for row in rows]
    built = Table(title=escape(title), title_justify="left", header_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        built.add_column(escape(column), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        built.add_row(*(escape(shown(cell)) for cell in row))
    return built


def shown(value: object) -> str:
    """A number with thin spaces between thousands; anything else as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", "\u202f")
    return str(value)


def reporting(command: Command) -> Command:
    """Turn our errors into a sentence and an exit code; a user never sees a traceback of them."""

    @wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except PasserelleError as error:
            chosen = language()
            where = str(error.place)
            errors.print(f"[bold red]{escape(f'{where}: ' if where else '')}{escape(error.what(chosen))}[/]")
            if remedy := error.remedy(chosen):
                errors.print(escape(remedy))
            sys.exit(error.exit_code)

    return wrapped  # type: ignore[return-value]  # wraps keeps the signature, which mypy cannot see
