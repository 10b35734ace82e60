"""The ROME 4 tree out of the official workbook `rome_metiers.xlsx`, and ROME 3 codes out of an optional table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

import python_calamine

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.records.crosswalk import RomeAppellation, RomeConcept, RomeThreeCode
from passerelle.records.place import Place
from passerelle.records.provenance import Licence, Provenance, SourceFile
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import ArchiveLimits, open_input
from passerelle.sources.csv_tables import TableForm, column_tables, csv_rows, rows_below

FIELDS = "rome.fields.tsv"
LICENCE = Licence(
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "Licence Ouverte 2.0",
    "France Travail, Répertoire opérationnel des métiers et des emplois (ROME)",
    "France Travail, Répertoire opérationnel des métiers et des emplois (ROME)",
)
_SHEET = "arbo principale"
_OGR_COLUMN = "Code OGR"
_OGR = re.compile(r"\d{1,9}", re.ASCII)
_DATE = re.compile(r"(\d{2})-(\d{2})-(\d{4})", re.ASCII)
_CODE = re.compile(r"[A-Z](\d{2}(\d{2})?)?", re.ASCII)
_ROME = re.compile(r"[A-Z]\d{4}", re.ASCII)
_ROME_3_TABLES = ("rome3-by-appellation", "rome3-by-code")
_PIECE = 1024 * 1024
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{0,3})([0-9]{1,9})")
_LONGEST_REFERENCE = 4096
_CELLS = 5_000_000
"""Cells of the rectangle that a sheet spans; the tree of ROME 4 has fifteen thousand rows of a few columns."""

Record = RomeConcept | RomeAppellation | RomeThreeCode


class RomeCodes:
    """ROME 4 codes and appellations of `path` (xlsx); ROME 3 codes of `rome3` (CSV), where it is given.

    The workbook holds no ROME 3 code. `rome3` is recognised by its columns: `ogr_appellation`, `rome3_code` (a code
    for each appellation) or `code_rome`, `code_rome_parent` (France Travail's reference of ROME 4: the ROME 3 code that
    each ROME 4 code comes from).
    """

    slug = "rome"
    kind = "rome"

    def __init__(self, path: Path, rome3: Path | None = None, limits: ArchiveLimits | None = None) -> None:
        self.path = path
        self.rome3 = rome3
        self.limits = limits or ArchiveLimits()

    def provenance(self) -> Provenance:
        """See `Source`; `edition` tells the version of ROME and the day of the tree, as the sheet's name has it."""
        match = _DATE.search(self._sheet_name(self._workbook()))
        edition = f"ROME 4, {match[3]}-{match[2]}-{match[1]}" if match else "ROME 4"
        paths = [self.path, *([self.rome3] if self.rome3 else [])]
        return Provenance(
            "ROME – French operational directory of occupations and jobs",
            "ROME – Répertoire opérationnel des métiers et des emplois",
            "France Travail",
            LICENCE,
            edition,
            tuple(SourceFile.of(path) for path in paths),
        )

    def read(self, tally: Tally) -> Iterator[Record]:
        """See `Source`. Items counted: concept (domains and occupations), appellation, row (of the ROME 3 table)."""
        known: set[str] = set()
        yield from self._tree(tally, known)
        if self.rome3 is not None:
            yield from self._rome_3(self.rome3, tally, known)

    def _workbook(self) -> python_calamine.CalamineWorkbook:
        with open_input(self.path, self.limits) as files:
            place = files.place()
            if "[Content_Types].xml" not in files.names():
                raise UnexpectedInput("rome-not-xlsx", place=place)
            for name in files.names():
                # unpacked once and thrown away, so that a bomb meets our limits before it meets the workbook reader
                with files.open(name) as stream:
                    _check_extent(stream, files.place(name))
        try:
            return python_calamine.CalamineWorkbook.from_path(self.path)
        except (python_calamine.CalamineError, OSError) as error:
            raise MalformedInput("rome-workbook", place=place, reason=str(error)[:300]) from error

    def _sheet_name(self, workbook: python_calamine.CalamineWorkbook) -> str:
        found = [name for name in workbook.sheet_names if name.strip().lower().startswith(_SHEET)]
        if len(found) != 1:
            sheets = ", ".join(workbook.sheet_names)[:300]
            raise UnexpectedInput("rome-sheet", place=Place(file=self.path.name), found=sheets)
        return found[0]

    def _tree(self, tally: Tally, known: set[str]) -> Iterator[RomeConcept | RomeAppellation]:
        """Rows of letter, two digits, two digits, label, OGR: the first row of a code is the code's own."""
        workbook = self._workbook()
        name = self._sheet_name(workbook)
        try:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, OSError) as error:
            raise MalformedInput("rome-workbook", place=Place(file=self.path.name), reason=str(error)[:300]) from error
        header, start = self._header(rows)
        numbers: set[str] = set()
        for line, row in zip(count(header + 2), rows[header + 1 :], strict=False):
            cells = [_cell(value) for value in row[start : start + 5]]
            place = Place(self.path.name, line, "".join(cells[:3])[:50])
            if line % 1000 == 0:
                tally.progress(line, len(rows))
            if not any(cells):
                continue
            record = _record(cells, known)
            if record is None:
                tally.reject(Reject("concept", "rome-row", place, {"row": " | ".join(cells)[:200]}))
                continue
            item = "appellation" if isinstance(record, RomeAppellation) else "concept"
            if (record.ogr and record.ogr in numbers) or (isinstance(record, RomeConcept) and record.code in known):
                tally.reject(Reject(item, "rome-twice", place, {"code": record.ogr or "".join(cells[:3])}))
                continue
            numbers.add(record.ogr)
            if isinstance(record, RomeConcept):
                known.add(record.code)
            tally.accept(item)
            yield record

    def _header(self, rows: Sequence[Sequence[object]]) -> tuple[int, int]:
        """Row of the header and column of the letter: the four columns before "Code OGR" have no name."""
        for number, row in enumerate(rows[:20]):
            cells = [_cell(value) for value in row]
            if _OGR_COLUMN in cells and cells.index(_OGR_COLUMN) >= 4:
                return number, cells.index(_OGR_COLUMN) - 4
        raise UnexpectedInput("rome-header", place=Place(file=self.path.name), column=_OGR_COLUMN)

    def _rome_3(self, path: Path, tally: Tally, known: set[str]) -> Iterator[RomeThreeCode]:
        tables = column_tables(FIELDS)
        with open_input(path, self.limits) as files:
            name = files.only(".csv")
            place = files.place(name)
            with files.open(name) as stream:
                rows = csv_rows(stream, place, TableForm({}, "row"))
                first = next(rows, None)
                header = [column.strip() for column in first[1]] if first else []
                for table in _ROME_3_TABLES:
                    required = [column.column for column in tables[table].values() if column.required]
                    if set(required) <= set(header):
                        break
                else:
                    raise UnexpectedInput("rome3-columns", place=place, found=", ".join(header)[:300] or "–")
                seen: set[RomeThreeCode] = set()
                for row in rows_below(header, rows, place, TableForm(tables[table], "row"), tally):
                    where = Place(place.file, row.line)
                    code, rome3 = (row.cells[column] for column in required)
                    record = RomeThreeCode("occupation" if table.endswith("code") else "appellation", code, rome3)
                    valid = _ROME if record.of == "occupation" else _OGR
                    if not valid.fullmatch(code) or not _ROME.fullmatch(rome3):
                        tally.reject(Reject("row", "rome-row", where, {"row": f"{code} | {rome3}"[:200]}))
                        continue
                    tally.accept("row")
                    if rome3 not in known:
                        tally.notice(Reject("reference", "rome-unknown", where, {"code": rome3}))
                    if record not in seen:
                        seen.add(record)
                        yield record


def _check_extent(stream: BinaryIO, place: Place) -> None:
    """Raise UnsafeInput for a sheet with a cell far out.

    The workbook reader keeps room for every cell of the rectangle that the filled ones span: one cell in the last
    corner of a sheet asks for 550 GB, and ends the process.
    """
    tail = b""
    rows = columns = 1
    while piece := stream.read(_PIECE):
        for match in _REFERENCE.finditer(tail + piece):
            column = 0
            for letter in match[1].upper():
                column = column * 26 + letter - 64
            rows, columns = max(rows, int(match[2])), max(columns, column)
        if rows * columns > _CELLS:
            raise UnsafeInput("rome-extent", place=place, rows=rows, columns=columns)
        tail = piece[-_LONGEST_REFERENCE:]


def _cell(value: object) -> str:
    """A cell as text; a code that a spreadsheet turned into a number is written without its decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime) else str(value).strip()


def _record(cells: list[str], known: set[str]) -> RomeConcept | RomeAppellation | None:
    """The entry of a row, None where it is none: by the tree's rule, the first row of a code is the occupation."""
    if len(cells) < 5:
        return None
    letter, domain, occupation, label, ogr = cells
    domain, occupation = domain and domain.zfill(2), occupation and occupation.zfill(2)
    code = letter + domain + occupation
    numbered = _OGR.fullmatch(ogr) if occupation else not ogr
    if not label or not numbered or not _CODE.fullmatch(code):
        return None
    if code in known and occupation:
        return RomeAppellation(ogr, label, code)
    if occupation:
        return RomeConcept(code, "occupation", label, ogr, letter + domain)
    return RomeConcept(code, "domain", label, broader=letter) if domain else RomeConcept(code, "major-domain", label)
