"""Reads CSV tables whose columns a field table of `mappings/` lists: header checked, rows as mappings, places kept."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from passerelle.errors import MalformedInput, UnexpectedInput
from passerelle.records.mapping_table import rows
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally

_DEFAULT_FIELD = 131_072
"""Characters a cell may have; the csv module's own default."""
_LONGEST_LINE = 16 * 1024**2
"""Characters; four times the widest cell that any table may have."""


@dataclass(frozen=True, slots=True)
class Column:
    """One row of a field table. `required`: a file without it cannot be used."""

    file: str
    column: str
    required: bool
    cardinality: str
    target: str
    transform: str
    reason: str


@cache
def column_tables(name: str) -> Mapping[str, Mapping[str, Column]]:
    """Columns by file and name, out of `mappings/{name}`. A column `*` stands for all columns of a dropped file."""
    tables: dict[str, dict[str, Column]] = {}
    for row in rows(name):
        column = Column(
            row["file"],
            row["column"],
            row["required"] == "yes",
            row["cardinality"],
            row["target"],
            row["transform"],
            row["reason"],
        )
        tables.setdefault(column.file, {})[column.column] = column
    return tables


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: `line` is where it starts, `cells` its values by column name, stripped; absent cells are empty."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableForm:
    """How one table is written: `short_rows` where trailing empty cells are left out, `widest` cell in characters."""

    columns: Mapping[str, Column]
    item: str
    short_rows: bool = False
    widest: int = _DEFAULT_FIELD
    delimiter: str = ","


def read_table(stream: BinaryIO, place: Place, form: TableForm, tally: Tally) -> Iterator[TableRow]:
    """The rows of a CSV table in UTF-8 whose first line is the header; rows of a wrong length are rejected.

    Raises UnexpectedInput for missing columns, MalformedInput for what is no CSV or not UTF-8.
    """
    rows = csv_rows(stream, place, form)
    first = next(rows, None)
    yield from rows_below(first[1] if first else (), rows, place, form, tally)


def rows_below(
    header: Iterable[str], rows: Iterator[tuple[int, list[str]]], place: Place, form: TableForm, tally: Tally
) -> Iterator[TableRow]:
    """The rows under a header that was found already. Raises as `read_table` does."""
    names = [name.strip() for name in header]
    check_header(names, place, form, tally)
    width = len(names)
    for line, row in rows:
        if not any(row):
            continue
        if len(row) > width or (len(row) < width and not form.short_rows):
            where = Place(place.file, line, row[0][:200])
            tally.reject(Reject(form.item, "table-row-length", where, {"found": len(row), "expected": width}))
            continue
        cells = dict.fromkeys(names[len(row) :], "")
        cells.update(zip(names, map(str.strip, row), strict=False))
        yield TableRow(line, cells)


def check_header(names: list[str], place: Place, form: TableForm, tally: Tally) -> None:
    """Raises UnexpectedInput for missing or repeated columns; a column that no field table knows is a notice."""
    missing = [name for name, column in form.columns.items() if column.required and name not in names]
    if missing:
        found = ", ".join(names[:30])
        raise UnexpectedInput("table-columns", place=place, missing=", ".join(missing), found=found[:500] or "–")
    repeated = sorted(name for name, count in Counter(names).items() if count > 1)
    if repeated:
        raise UnexpectedInput("table-columns-twice", place=place, repeated=", ".join(repeated)[:500])
    for name in names:
        if name not in form.columns:
            tally.notice(Reject("value", "table-column-unknown", place, {"column": name[:200]}))


def csv_rows(stream: BinaryIO, place: Place, form: TableForm) -> Iterator[tuple[int, list[str]]]:
    """Pairs (line where the row starts, cells). Raises MalformedInput, naming the line."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    # strict: a quotation mark that is never closed is a cut file, not a long last cell
    reader = csv.reader(_bounded_lines(text, place), delimiter=form.delimiter, strict=True)
    line = 1
    try:
        while True:
            row = _wide_row(reader, form.widest) if form.widest > _DEFAULT_FIELD else next(reader, None)
            if row is None:
                return
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise MalformedInput("table-csv", place=Place(place.file, line), reason=str(error)) from error
    except UnicodeDecodeError as error:
        raise MalformedInput("table-encoding", place=Place(place.file, line), reason=str(error)) from error
    finally:
        # the stream belongs to the caller
        if not stream.closed:
            text.detach()


def _bounded_lines(text: io.TextIOWrapper, place: Place) -> Iterator[str]:
    """The lines of a file. A line would be read whole before any limit on cells is looked at."""
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise MalformedInput("table-line", place=Place(place.file, number), limit=_LONGEST_LINE)
        yield line


def _wide_row(reader: Iterator[list[str]], widest: int) -> list[str] | None:
    """One row, with a higher limit for its cells.

    The limit of the csv module is one for the whole process, so it is raised around each row and put back: no other
    reader, and no other table, is to accept cells of megabytes.
    """
    before = csv.field_size_limit(widest)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(before)
