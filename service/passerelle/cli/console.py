"""How the commands speak: language, tables, bars, and errors without tracebacks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import pairwise
from typing import Any, TypeVar

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from passerelle.errors import PasserelleError
from passerelle.messages import Language, language_of_environment, message

Command = TypeVar("Command", bound=Callable[..., Any])

output = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

_INTERRUPTED = 130
"""What shells give for a program that SIGINT ended; 1 would say "built with rejects"."""
_PLAIN_WIDTH = 10_000
"""Columns of a table that goes into a file or a pipe: nothing is folded there."""


def language() -> Language:
    """The language asked for by `--lang`, otherwise that of the environment."""
    context = click.get_current_context(silent=True)
    chosen = context.find_root().params.get("lang") if context else None
    return chosen or language_of_environment()


def say(message_id: str, **parameters: object) -> str:
    """A sentence of the catalogue in the user's language."""
    return message(message_id).what(language(), **parameters)


def help_of(message_id: str, **parameters: object) -> str:
    """A help text; chosen when the program starts, by `--lang` on the command line or the environment."""
    chosen: Language = language_of_environment()
    for first, second in pairwise([*sys.argv[1:], ""]):
        given = second if first == "--lang" else first.removeprefix("--lang=") if first.startswith("--lang=") else ""
        if given == "fr":
            chosen = "fr"
        elif given == "en":
            chosen = "en"
    return message(message_id).what(chosen, **parameters)


def show_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, where: Console = output
) -> None:
    """Print a table, with numbers right-aligned; where a row is too wide for the terminal, one line a value."""
    rows = [list(row) for row in rows]
    console = where if where.is_terminal else Console(file=where.file, highlight=False, width=_PLAIN_WIDTH)
    built = Table(title=escape(title), title_justify="left", header_style="bold", pad_edge=False, box=SIMPLE)
    for index, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        built.add_column(escape(column), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        built.add_row(*(escape(shown(cell)) for cell in row))
    if Measurement.get(where, where.options.update(width=_PLAIN_WIDTH), built).maximum <= console.width:
        console.print(built)
        return
    width = max(len(column) for column in columns)
    console.print(f"[bold]{escape(title)}[/]")
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            console.print(f"[bold]{escape(column):{width}}[/]  {escape(shown(cell))}")
        console.print()


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
            where = error.place.text(chosen)
            errors.print(f"[bold red]{escape(f'{where}: ' if where else '')}{escape(error.what(chosen))}[/]")
            if remedy := error.remedy(chosen):
                errors.print(escape(remedy))
            sys.exit(error.exit_code)
        except OSError as error:
            errors.print(
                f"[bold red]{escape(say('cli-system', reason=error.strerror or error, path=error.filename or ''))}[/]"
            )
            sys.exit(PasserelleError.exit_code)
        except KeyboardInterrupt:
            errors.print(escape(say("cli-interrupted")))
            sys.exit(_INTERRUPTED)

    return wrapped  # type: ignore[return-value]  # wraps keeps the signature, which mypy cannot see
