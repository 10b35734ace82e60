"""A report as plain text for a terminal or a file."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from passerelle.comparability.reports.blocks import Block, Cell, Items, Paragraph, Report, Table, Terms

WIDTH = 100
"""Columns where the terminal does not say how many it has."""
_INDENT = "  "
_BETWEEN = 2
# French sets these off by a space, at which no line may end
_SET_OFF = re.compile(r" (?=[:;?!»])|(?<=«) ")
_KEPT_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


Marks = tuple[str, str]
"""The colon and the semicolon of a language, with what stands around them."""


def write(report: Report, width: int = WIDTH) -> str:
    """The report in lines of at most `width` columns, where words allow."""
    return "\n".join(_lines(report, width)) + "\n"


def _lines(report: Report, width: int) -> Iterator[str]:
    french = ("\N{NO-BREAK SPACE}: ", "\N{NARROW NO-BREAK SPACE}; ")
    marks = french if report.language == "fr" else (": ", "; ")
    yield from wrapped(report.title, width)
    for section in report.sections:
        yield ""
        yield section.heading.upper()
        for block in section.blocks:
            yield from _block(block, width, marks)


def _block(block: Block, width: int, marks: Marks) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from wrapped(" ".join(each.text for each in block.phrases), width)
    elif isinstance(block, Terms):
        for name, cell in block.rows:
            yield from wrapped(f"{name}{marks[0]}{_joined(cell, marks)}", width, _INDENT)
    elif isinstance(block, Items):
        for item in block.items:
            yield from wrapped(f"- {' '.join(each.text for each in item)}", width, _INDENT)
    else:
        yield from _table(block, width, marks)


def _table(table: Table, width: int, marks: Marks) -> Iterator[str]:
    """In columns where each row fits into a line; else a row is a list of what stands under each heading."""
    rows = [[_joined(cell, marks) for cell in row] for row in table.rows]
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
            yield from wrapped(last, width, " " * fixed, start)
        return
    for row in rows:
        yield from wrapped(f"* {row[0]}", width, _INDENT)
        for title, cell in zip(titles[1:], row[1:], strict=True):
            yield from wrapped(f"{title}{marks[0]}{cell}", width, _INDENT * 3, _INDENT)


def _joined(cell: Cell, marks: Marks) -> str:
    """The pieces in one line; what ends in a colon goes on."""
    text = ""
    for each in cell:
        text += (
            "" if not text else " " if text.endswith((":", ".")) or each.text.startswith("(") else marks[1]
        ) + each.text
    return text


def wrapped(text: str, width: int, following: str = "", first: str = "") -> list[str]:
    """Lines of a text, the `first` and the `following` ones each behind their own beginning."""
    # no character of a title may steer the terminal
    clean = "".join(each if each.isprintable() or each in _KEPT_SPACES else " " for each in text)
    lines = textwrap.wrap(
        _SET_OFF.sub("\N{NO-BREAK SPACE}", clean),
        max(width, 40),
        initial_indent=first,
        subsequent_indent=following,
        break_on_hyphens=False,
    )
    return lines or [first.rstrip()]
