"""A report as plain text for a terminal or a file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from passerelle.comparability.reports.blocks import Block, Cell, Items, Paragraph, Report, Table, Terms

WIDTH = 100
"""Columns where the terminal does not say how many it has."""
_INDENT = "  "
_BETWEEN = 2


def write(report: Report, width: int = WIDTH) -> str:
    """The report in lines of at most `width` columns, where words allow."""
    return "\n".join(_lines(report, width)) + "\n"


def _lines(report: Report, width: int) -> Iterator[str]:
    colon = "\N{NO-BREAK SPACE}: " if report.language == "fr" else ": "
    yield from _wrapped(report.title, width)
    for section in report.sections:
        yield ""
        yield section.heading.upper()
        for block in section.blocks:
            yield from _block(block, width, colon)


def _block(block: Block, width: int, colon: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _wrapped(" ".join(each.text for each in block.phrases), width)
    elif isinstance(block, Terms):
        for name, cell in block.rows:
            yield from _wrapped(f"{name}{colon}{_joined(cell)}", width, _INDENT)
    elif isinstance(block, Items):
        for item in block.items:
            yield from _wrapped(f"- {' '.join(each.text for each in item)}", width, _INDENT)
    else:
        yield from _table(block, width, colon)


def _table(table: Table, width: int, colon: str) -> Iterator[str]:
    """In columns where each row fits into a line; else a row is a list of what stands under each heading."""
    rows = [[_joined(cell) for cell in row] for row in table.rows]
    titles = [column.title for column in table.columns]
    widths = [max(len(row[place]) for row in (titles, *rows)) for place in range(len(titles))]
    # the last column may go on in further lines, if it has room for some words
    fixed = sum(widths[:-1]) + _BETWEEN * (len(widths) - 1)
    if width - fixed >= min(widths[-1], width // 3):
        for row in (titles, *rows):
            cells = [
                cell.rjust(size) if column.numeric else cell.ljust(size)
                for cell, size, column in zip(row[:-1], widths[:-1], table.columns, strict=False)
            ]
            start = "".join(cell + " " * _BETWEEN for cell in cells)
            last = row[-1].rjust(widths[-1]) if table.columns[-1].numeric else row[-1]
            yield from _wrapped(last, width, " " * fixed, start)
        return
    for row in rows:
        yield from _wrapped(f"* {row[0]}", width, _INDENT)
        for title, cell in zip(titles[1:], row[1:], strict=True):
            yield from _wrapped(f"{title}{colon}{cell}", width, _INDENT * 3, _INDENT)


def _joined(cell: Cell) -> str:
    """The pieces in one line; what ends in a colon goes on."""
    text = ""
    for each in cell:
        text += (
            "" if not text else " " if text.endswith((":", ".")) or each.text.startswith("(") else "; "
        ) + each.text
    return text


def _wrapped(text: str, width: int, following: str = "", first: str = "") -> list[str]:
    # no character of a title may steer the terminal
    clean = "".join(character if character.isprintable() else " " for character in text)
    lines = textwrap.wrap(
        clean, max(width, 40), initial_indent=first, subsequent_indent=following, break_on_hyphens=False
    )
    return lines or [first.rstrip()]
