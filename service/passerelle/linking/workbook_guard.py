"""Looks through a workbook (XLSX) before a reader opens it: bombs, cells far out, and which cells hold a formula.

The reader (calamine) unpacks whole parts into memory and keeps room for every cell of the rectangle that the filled
ones span: one cell in the last corner of a sheet asks for 550 GB. It gives the value that was last shown where a cell
holds a formula, and that value may be anything.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from passerelle.errors import MalformedInput, UnsafeInput
from passerelle.records.place import Place

MAXIMUM_BYTES = 32 * 1024**2
"""Of the file; a hundred thousand rows of a review have 15 MB."""
MAXIMUM_UNPACKED = 256 * 1024**2
"""Of all parts together, counted while they are unpacked: the sizes that an archive states may be lies."""
MAXIMUM_PARTS = 200
MAXIMUM_ELEMENTS = 8_000_000
MAXIMUM_CELLS = 5_000_000
"""Of the rectangle that a sheet spans."""

_PIECE = 256 * 1024
_LOCAL_HEADER = 30
_REFERENCE = re.compile(r"([A-Z]{0,3})([0-9]{1,7})")


@dataclass(slots=True)
class _Part:
    """What one part of the archive says: the extent of a sheet, its formulas; or the names of sheets and parts."""

    rows: int = 1
    columns: int = 1
    formulas: set[tuple[int, int]] = field(default_factory=set)
    sheets: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)


def formulas_of(path: Path) -> dict[str, frozenset[tuple[int, int]]]:
    """The cells (row, column, both from 1) that hold a formula, by the name of their sheet.

    Raises UnsafeInput past a limit or for a document type declaration, MalformedInput for what is no workbook.
    """
    place = Place(path.name)
    size = path.stat().st_size
    if size > MAXIMUM_BYTES:
        raise UnsafeInput("review-workbook-size", place=place, size=size, limit=MAXIMUM_BYTES)
    parts: dict[str, _Part] = {}
    unpacked = elements = 0
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            entries = archive.infolist()
            if len(entries) > MAXIMUM_PARTS:
                raise UnsafeInput("review-workbook-parts", place=place, found=len(entries), limit=MAXIMUM_PARTS)
            for entry in entries:
                # the reader of workbooks finds parts whatever their case
                name = entry.filename.lstrip("/").lower()
                reader = _PartReader(place)
                for piece in _pieces(file, entry, place):
                    unpacked += len(piece)
                    if unpacked > MAXIMUM_UNPACKED:
                        raise UnsafeInput("review-workbook-unpacked", place=place, limit=MAXIMUM_UNPACKED)
                    if name.endswith((".xml", ".rels")):
                        reader.feed(piece, elements)
                elements += reader.elements
                if name in parts or "\\" in name:
                    raise zipfile.BadZipFile(name[:100])
                parts[name] = reader.part
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, ValueError) as error:
        raise MalformedInput("review-workbook", place=place, reason=str(error)[:300]) from error
    book = parts.get("xl/workbook.xml", _Part())
    targets = parts.get("xl/_rels/workbook.xml.rels", _Part()).targets
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for sheet, relation in book.sheets.items():
        target = targets.get(relation, "").lower()
        member = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        found[sheet] = frozenset(parts[member].formulas if member in parts else ())
    return found


def _pieces(file: BinaryIO, entry: zipfile.ZipInfo, place: Place) -> Iterator[bytes]:
    """The bytes of a part, unpacked piece by piece from the raw stream, whatever size the archive states."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 0x1:
        raise MalformedInput("review-workbook", place=place, reason=entry.filename[:100])
    file.seek(entry.header_offset)
    head = file.read(_LOCAL_HEADER)
    if len(head) < _LOCAL_HEADER or head[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(entry.filename[:100])
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    left = entry.compress_size
    decompressor = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (raw := file.read(min(_PIECE, left))):
        left -= len(raw)
        if decompressor is None:
            yield raw
            continue
        while raw:
            yield decompressor.decompress(raw, _PIECE)
            raw = decompressor.unconsumed_tail


class _PartReader:
    def __init__(self, place: Place) -> None:
        self.part = _Part()
        self.elements = 0
        self._place = place
        self._cell = (1, 1)
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._before = 0

    def feed(self, piece: bytes, before: int) -> None:
        """Parse the next piece; `before` counts the elements of the other parts."""
        self._before = before
        self._parser.Parse(piece, False)

    def _doctype(self, *_: object) -> None:
        raise UnsafeInput("review-workbook-doctype", place=self._place)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements + self._before > MAXIMUM_ELEMENTS:
            raise UnsafeInput("review-workbook-elements", place=self._place, limit=MAXIMUM_ELEMENTS)
        local = name.rpartition(" ")[2]
        if local in ("c", "row"):
            self._reference(local, attributes.get("r"))
        elif local == "f":
            self.part.formulas.add(self._cell)
        elif local == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith("relationships id")), "")
            self.part.sheets[attributes.get("name", "")] = relation
        elif local == "Relationship":
            target = attributes.get("Target", "")
            if attributes.get("Type", "").lower().endswith("sheet") and not target.lower().endswith(".xml"):
                raise MalformedInput("review-workbook", place=self._place, reason=target[:100])
            self.part.targets[attributes.get("Id", "")] = target

    def _reference(self, local: str, written: str | None) -> None:
        """Follow the place of the next cell; without a reference it stands after the one before (ECMA-376)."""
        row, column = self._cell
        if written is None:
            self._cell = (row + 1, 0) if local == "row" else (row, column + 1)
        else:
            match = _REFERENCE.fullmatch(written.replace("$", "").upper())
            if match is None:
                raise MalformedInput("review-workbook", place=self._place, reason=written[:50])
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - 64
            self._cell = (int(match[2]), column)
        self.part.rows = max(self.part.rows, self._cell[0])
        self.part.columns = max(self.part.columns, self._cell[1])
        if self.part.rows * self.part.columns > MAXIMUM_CELLS:
            rows, columns = self.part.rows, self.part.columns
            raise UnsafeInput("review-workbook-extent", place=self._place, rows=rows, columns=columns)
