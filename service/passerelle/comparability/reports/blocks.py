"""What a report is made of, before it is known how it is shown: sections of paragraphs, lists and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "lead", "notice", "hint"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of text; `language` where it is known to be foreign texts, `thing` the IRI of what it names."""

    text: str
    language: str = ""
    thing: str = ""
    strong: bool = False


Cell = tuple[Phrase, ...]
"""Pieces that stand under each other in a cell of a table, and beside each other in a paragraph."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    phrases: Cell
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of a name and what stands there."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; the first of each table names its rows. `share` is its part of the width."""

    title: str
    numeric: bool = False
    share: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Paragraph | Terms | Items | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading; `name` is unique within a report."""

    name: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language."""

    title: str
    language: str
    sections: tuple[Section, ...]


def plain(text: str, **how: object) -> Cell:
    """A cell of one piece."""
    return (Phrase(text, **how),)  # type: ignore[arg-type]  # the fields of Phrase


def paragraph(text: str, style: Style = "plain") -> Paragraph:
    """Running text of one piece."""
    return Paragraph(plain(text), style)
