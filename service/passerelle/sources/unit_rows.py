"""Reads the rows of the unit table out of its CSV; what is not a row is rejected with its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from passerelle.errors import MalformedInput, UnexpectedInput
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally
from passerelle.records.unit_tables import unit_table_columns
from passerelle.sources.archive import InputFiles

_COLUMNS = 500
"""Columns of a table; ours has nineteen, and others are allowed beside them."""
_LONGEST_LINE = 4 * 1024**2
"""Characters; the cells of a row together have a few thousand."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnitRows:
    """The rows of the file as dictionaries, each with its place; rows that are not rows are rejected."""

    def __init__(self, stream: BinaryIO, files: InputFiles, name: str, tally: Tally) -> None:
        self._lines = _decoded(stream, files, name, tally)
        self._files, self._name, self._tally = files, name, tally
        try:
            header = next(self._lines)
        except StopIteration:
            raise UnexpectedInput("unit-table-empty", place=files.place(name)) from None
        self._delimiter = ";" if header.count(";") > header.count(",") else ","
        try:
            names = next(csv.reader([header], delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            raise MalformedInput("unit-table-quotes", place=files.place(name, 1), reason=str(error)) from error
        if len(names) > _COLUMNS:
            raise UnexpectedInput("unit-table-wide", place=files.place(name, 1), found=len(names), limit=_COLUMNS)
        self._header = [cell.strip().lower() for cell in names]
        self._check_header()

    def _check_header(self) -> None:
        place = self._files.place(self._name, 1)
        columns = unit_table_columns()
        missing = [column.name for column in columns if column.required and column.name not in self._header]
        if missing:
            raise UnexpectedInput("unit-table-columns", place=place, missing=", ".join(missing))
        for column in dict.fromkeys(self._header):
            if self._header.count(column) > 1:
                raise UnexpectedInput("unit-table-column-twice", place=place, column=column or "–")
            if column not in {each.name for each in columns}:
                self._tally.notice(Reject("column", "unit-table-column-unknown", place, {"column": column or "–"}))

    def __iter__(self) -> Iterator[tuple[Place, dict[str, str]]]:
        # strict, because otherwise a quote that does not end swallows the rest of the file in silence
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        absent = {column.name: "" for column in unit_table_columns()}
        while True:
            first = reader.line_num + 2
            place = self._files.place(self._name, first)
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                end = reader.line_num + 1
                if "end of data" in str(error) or "field larger" in str(error):
                    raise MalformedInput("unit-table-quotes", place=place, reason=str(error)) from error
                self._reject("unit-table-row-unreadable", place, end=end, reason=str(error))
                continue
            if not any(cells):
                continue
            if len(cells) != len(self._header):
                end = reader.line_num + 1
                self._reject("unit-table-cells", place, end=end, found=len(cells), expected=len(self._header))
                continue
            row = dict(zip(self._header, (cell.strip() for cell in cells), strict=True))
            control = next((column for column, cell in row.items() if _CONTROL.search(cell)), None)
            if control is not None:
                self._reject("unit-table-control", place, column=control)
                continue
            yield place, absent | row

    def _reject(self, message_id: str, place: Place, **parameters: object) -> None:
        self._tally.reject(Reject("row", message_id, place, parameters))


def _decoded(stream: BinaryIO, files: InputFiles, name: str, tally: Tally) -> Iterator[str]:
    """The lines of the file; tells `tally` how far it is. Raises MalformedInput for bytes that are not UTF-8."""
    total, done = files.size(name), 0
    number = 0
    try:
        with io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
            while line := text.readline(_LONGEST_LINE):
                number += 1
                if len(line) == _LONGEST_LINE:
                    raise MalformedInput("unit-table-line", place=files.place(name, number), limit=_LONGEST_LINE)
                done += len(line)
                if number % 2000 == 0:
                    tally.progress(done, max(total, done))
                yield line
    except UnicodeDecodeError as error:
        raise MalformedInput("unit-table-encoding", place=files.place(name, number + 1)) from error
