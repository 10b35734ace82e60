"""One link set as a file in canonical SSSOM TSV: its columns, how its rows are gathered, written, and read again.

The form is the canonical one (SSSOM 1.1, "Canonical SSSOM/TSV format"): slots in the order of the specification, rows
sorted by all their columns, slots with one value for a whole set moved into its header, empty columns and unused or
built-in prefixes left out, LF.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from itertools import dropwhile, takewhile
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

import yaml

STATUS_SLOT = "confidence_status"
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "subject_source",
    "subject_source_version",
    "object_source",
    "object_source_version",
    "mapping_tool",
    "mapping_tool_version",
    "mapping_date",
    "confidence",
    STATUS_SLOT,
)
"""In the order of the slots of `Mapping` in the specification; extensions stand last."""
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_PROPAGATED = frozenset(COLUMNS[COLUMNS.index("subject_source") : COLUMNS.index("confidence")])
"""Those of COLUMNS that a mapping set may state for all its mappings."""
_IDENTIFIERS = tuple(COLUMNS.index(name) for name in (*_REQUIRED, "subject_source", "object_source"))

Row = tuple[str, ...]
"""The cells of one link, in the order of COLUMNS; equal outcomes stand together when rows are sorted."""


class LinkSetFile:
    """The rows of one set on their way into a file: only the last of them tells what goes into the header."""

    def __init__(self, scratch: TextIO) -> None:
        self.count = 0
        self.prefixes: set[str] = set()
        self._scratch = scratch
        self._writer = csv.writer(scratch, delimiter="\t", lineterminator="\n")
        self._same: dict[int, str] = {}
        self._empty = set(range(len(COLUMNS)))

    def take(self, row: Row) -> None:
        """Add a row; they come sorted."""
        self._writer.writerow(row)
        if not self.count:
            self._same = dict(enumerate(row))
        self.count += 1
        for column in [column for column, cell in self._same.items() if row[column] != cell]:
            del self._same[column]
        self._empty -= {column for column in self._empty if row[column]}
        self.prefixes.update(row[column].partition(":")[0] for column in _IDENTIFIERS if row[column])

    @property
    def shared(self) -> dict[str, str]:
        """What holds for all rows and stands in the header instead."""
        return {name: self._same[n] for n, name in enumerate(COLUMNS) if self._same.get(n) and name in _PROPAGATED}

    @property
    def columns(self) -> list[str]:
        """What stands in the rows."""
        return [
            name
            for column, name in enumerate(COLUMNS)
            if name not in self.shared and (column not in self._empty or name in _REQUIRED)
        ]

    def write(self, target: TextIO, header: Mapping[str, object]) -> None:
        """Write header (`shared` stands in it), columns and rows."""
        dumped = yaml.safe_dump(dict(header), allow_unicode=True, sort_keys=False, width=1_000_000)
        target.writelines(f"#{line}\n" for line in dumped.splitlines())
        writer = csv.writer(target, delimiter="\t", lineterminator="\n")
        writer.writerow(self.columns)
        kept = [COLUMNS.index(name) for name in self.columns]
        self._scratch.seek(0)
        writer.writerows([row[column] for column in kept] for row in csv.reader(self._scratch, delimiter="\t"))


def scratch() -> TextIO:
    """A nameless file for rows that wait for their header."""
    return TemporaryFile("w+", encoding="utf-8", newline="")


def header_of(path: Path) -> dict[str, Any]:
    """The slots of a set that was written here."""
    with path.open(encoding="utf-8") as source:
        slots = yaml.safe_load("".join(line[1:] for line in takewhile(_is_header, source)))
    return dict(slots)


def kept_rows(path: Path, without: frozenset[str]) -> Iterator[Row]:
    """The rows of a set that was written here, in their order, but for those with a subject (CURIE) of `without`."""
    shared = header_of(path)
    with path.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(dropwhile(_is_header, source), delimiter="\t")
        places = {name: place for place, name in enumerate(next(rows))}
        cells = [(places.get(name), shared.get(name, "")) for name in COLUMNS]
        for row in rows:
            if row[places["subject_id"]] not in without:
                yield tuple(common if place is None else row[place] for place, common in cells)


def _is_header(line: str) -> bool:
    return line.startswith("#")
