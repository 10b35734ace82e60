"""Reads an SSSOM TSV file that a person may have edited: header, columns, and one record a physical line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import yaml
from curies import Converter
from sssom_pydantic import Record
from sssom_pydantic.api import MappingSetRecord
from sssom_pydantic.io import read_unprocessed, row_to_record

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.records.iri import is_iri
from passerelle.records.place import Place

MAXIMUM_BYTES = 256 * 1024**2
"""A million decisions; a file is read as a whole to find out early that it is text."""

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")


class Unusable(Exception):
    """A row that cannot be used: a message identifier and its parameters."""

    def __init__(self, message_id: str, **parameters: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.parameters = parameters


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: a few lines of them unfold to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


class SssomTable:
    """An SSSOM TSV file, opened.

    `metadata` is the header as it is written, `header` the same as a record, `columns` the names of the columns,
    `head` the number of lines before the first row. Raises UnsafeInput past MAXIMUM_BYTES, MalformedInput where it is
    no text or its header no YAML, UnexpectedInput where a column of REQUIRED is missing.
    """

    def __init__(self, path: Path) -> None:
        place = Place(path.name)
        try:
            size = path.stat().st_size
            if size > MAXIMUM_BYTES:
                raise UnsafeInput("review-log-size", place=place, size=size, limit=MAXIMUM_BYTES)
            lines = path.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise MalformedInput("review-log-unreadable", place=place, reason=brief(error)) from error
        names = next((line for line in lines if not line.startswith("#")), "")
        self.columns = tuple(name.strip() for name in names.split("\t"))
        missing = [name for name in REQUIRED if name not in self.columns]
        if missing:
            raise UnexpectedInput("review-log-columns", place=place, columns=", ".join(missing))
        try:
            self.metadata = _header("\n".join(line.lstrip("#") for line in lines if line.startswith("#")))
            self.header = MappingSetRecord.model_validate(self.metadata)
            self.converter: Converter = read_unprocessed(StringIO(names + "\n"), metadata=self.header).converter
        except (ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
            raise MalformedInput("review-log-unreadable", place=place, reason=brief(error)) from error
        self.path = path
        self.head = next(number for number, line in enumerate(lines, 1) if not line.startswith("#"))
        self._lines = lines[self.head :]

    def records(self) -> Iterator[tuple[Place, Record | Unusable, Mapping[str, str]]]:
        """The rows in the file's order, each with its place and its cells; one that is no SSSOM comes as its reason.

        The cells (by column, without the empty ones) tell what SSSOM has no slot for; a row that is none has no cells.
        Each physical line is one row, so that an unclosed quotation mark spoils its own line only.
        """
        propagated = self.header.get_propagatable()
        for number, line in enumerate(self._lines, self.head + 1):
            if not line.strip():
                continue
            place = Place(self.path.name, number)
            try:
                cells = self._cells(line)
                yield place, self._record(cells, propagated), cells
            except Unusable as reason:
                yield place, reason, {}

    def _cells(self, line: str) -> dict[str, str]:
        try:
            values = next(csv.reader([line], delimiter="\t", strict=True))
        except csv.Error as error:
            raise Unusable("review-row", reason=brief(error)) from error
        if len(values) > len(self.columns):
            raise Unusable("review-row", reason=f"{len(values)} / {len(self.columns)}")
        cells = zip(self.columns, values, strict=False)
        return {name: value.strip() for name, value in cells if name and value.strip()}

    def _record(self, cells: Mapping[str, str], propagated: dict[str, str | list[str]]) -> Record:
        # the library lets the header overrule the row; SSSOM means the header to fill what the row leaves open
        try:
            return row_to_record({**propagated, **cells}, converter=self.converter)
        except ValueError as error:
            raise Unusable("review-row", reason=brief(error)) from error

    def expanded(self, value: str) -> str:
        """The IRI that a CURIE or IRI stands for. Raises Unusable where it could not be a node."""
        iri = value if is_iri(value) or ":" not in value else self.converter.expand(value)
        if iri is None or not is_iri(iri):
            raise Unusable("review-iri", value=value)
        return iri


def _header(text: str) -> object:
    loader = _PlainLoader(text)
    try:
        return loader.get_single_data() or {}
    finally:
        loader.dispose()


def brief(error: Exception) -> str:
    """The first lines of a library's message, on one line."""
    return " ".join(str(error).split())[:300]
