"""Reads the ten official CSV files of France compétences, RNCP and RS together, out of a folder or a zip.

The columns stand in `mappings/france-competences-csv.fields.tsv`. Nine of the files hold rows about the fiches of the
tenth ("Standard"); nothing promises that rows of a fiche stand together, so the nine are indexed by fiche number in
memory (200 MB for half a million rows; partners are only counted unless they are published), and Standard streams.

Of its traps: a SIRET follows a tab, labels of NSF and Formacode repeat the code, apostrophes in labels are doubled,
`Abrege_Libelle` holds the code, `Actif` is ACTIVE or INACTIVE, file names stand in NFC or NFD, only open access
routes are listed, and there are no competence texts.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO

from passerelle.errors import MalformedInput, UnexpectedInput
from passerelle.records.fiche import Catalogue, Fiche
from passerelle.records.mapping_table import rows
from passerelle.records.place import Place
from passerelle.records.provenance import Provenance, SourceFile
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import ArchiveLimits, InputFiles, open_input
from passerelle.sources.csv_tables import TableForm, column_tables, rows_below
from passerelle.sources.fiche_assembly import FicheAssembly, Problem, Values
from passerelle.sources.france_competences_licence import PUBLISHER, edition_of, open_licence
from passerelle.sources.france_competences_values import TRANSFORMS, Unusable, fiche_number

FIELDS = "france-competences-csv.fields.tsv"
STANDARD = "Standard"
PARTNERS = "Partenaires"
_NUMBER_COLUMN = "Numero_Fiche"
_NAME = re.compile(r"export_fiches_csv_(.+?)(?:_\d{4}[-_]\d{2}[-_]\d{2})?\.csv")
_LONGEST_LINE = 1024 * 1024
_PROGRESS = 500
_PERSONAL = frozenset({PARTNERS, "Certificateurs"})


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: where its value goes. `record` names the list of records that a row adds to, empty for none."""

    name: str
    catalogue: str
    record: str
    field: str
    transform: str
    many: bool


@cache
def _columns(file: str) -> tuple[_Column, ...]:
    return tuple(
        _Column(
            row["column"],
            row["catalogue"],
            row["record"],
            row["field"],
            row["transform"].removesuffix("-list"),
            many=row["transform"].endswith("-list"),
        )
        for row in rows(FIELDS)
        if row["file"] == file and row["transform"] != "dropped"
    )


@dataclass(slots=True)
class _Index:
    """The rows of one file by fiche: line and cells; or, for what is only counted, the number of rows."""

    place: Place
    names: tuple[str, ...]
    rows: dict[str, list[tuple[int, tuple[str, ...]]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


class FranceCompetencesCsv:
    """The source of the CSV export: `path` is the zip or the folder with the ten files."""

    def __init__(self, path: Path, limits: ArchiveLimits | None = None, *, publish_partners: bool = False) -> None:
        self._path = path
        self._limits = limits
        self._publish_partners = publish_partners

    @property
    def slug(self) -> str:
        """One graph for both catalogues, as the export has them."""
        return "france-competences-csv"

    @property
    def kind(self) -> str:
        """The command line's option of the same name."""
        return "france-competences-csv"

    def provenance(self) -> Provenance:
        """Who published the files, and what they are. Raises InputError when one is missing."""
        with open_input(self._path, self._limits) as files:
            found = _files(files)
        if self._path.is_dir():
            wanted = set(found.values())
            paths = sorted(path for path in self._path.iterdir() if unicodedata.normalize("NFC", path.name) in wanted)
        else:
            paths = [self._path]
        return Provenance(
            "RNCP and RS, official CSV files",
            "RNCP et RS, fichiers CSV officiels",
            PUBLISHER,
            open_licence(),
            edition_of(found[STANDARD]),
            tuple(SourceFile.of(path) for path in paths),
        )

    def read(self, tally: Tally) -> Iterator[Fiche]:
        """Yield the fiches of both catalogues, in the order of the file Standard.

        Raises UnexpectedInput for a missing file or column (named), MalformedInput (with the line) for a file that is
        not UTF-8 or no CSV. Rows of the nine other files count as `row`; one whose fiche is not accepted is rejected.
        """
        with open_input(self._path, self._limits) as files:
            found = _files(files)
            total = sum(files.size(name) for name in found.values())
            done = 0
            indexes: dict[str, _Index] = {}
            for file, name in found.items():
                if file != STANDARD:
                    indexes[file] = self._index(files, file, name, tally)
                    done += files.size(name)
                    tally.progress(done, total)
            assembly = FicheAssembly(("rncp", "rs"), tally, publish_partners=self._publish_partners)
            for number, fiche in enumerate(_fiches(files, found[STANDARD], indexes, assembly, tally)):
                if number % _PROGRESS == 0:
                    tally.progress(done, total)
                yield fiche
            _reject_orphans(indexes, tally)
            tally.progress(total, total)

    def _index(self, files: InputFiles, file: str, name: str, tally: Tally) -> _Index:
        index = _Index(files.place(name), tuple(column.name for column in _columns(file)))
        counted_only = file == PARTNERS and not self._publish_partners
        for line, cells in _table(files, file, name, "row", tally):
            try:
                number = fiche_number(cells[_NUMBER_COLUMN])
            except Unusable:
                where = Place(index.place.file, line)
                tally.reject(Reject("row", "row-without-fiche", where, {"number": cells[_NUMBER_COLUMN][:40] or "–"}))
                continue
            if counted_only:
                index.counts[number] = index.counts.get(number, 0) + 1
            else:
                index.rows.setdefault(number, []).append((line, tuple(cells[name] for name in index.names)))
        return index


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _files(files: InputFiles) -> dict[str, str]:
    """The name of each of the ten files, by what the field table calls it."""
    wanted = {_folded(file): file for file in dict.fromkeys(row["file"] for row in rows(FIELDS))}
    found: dict[str, str] = {}
    for name in files.ending(".csv"):
        match = _NAME.fullmatch(_folded(name.rpartition("/")[2]))
        file = wanted.get(match[1]) if match else None
        if file in found:
            raise UnexpectedInput("csv-file-twice", place=files.place(), file=file, found=f"{found[file]}, {name}")
        if file is not None:
            found[file] = name
    missing = [file for file in wanted.values() if file not in found]
    if missing:
        names = ", ".join(f"export_fiches_CSV_{file}_….csv" for file in missing)
        raise UnexpectedInput("csv-file-missing", place=files.place(), missing=names)
    return found


def _table(files: InputFiles, file: str, name: str, item: str, tally: Tally) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row; rows of a wrong length are rejected as `item`."""
    place = files.place(name)
    form = TableForm(column_tables(FIELDS)[file], item, delimiter=";")
    with files.open(name) as stream:
        table = _csv_rows(stream, place)
        header = next(table, (1, []))[1]
        for row in rows_below(header, table, place, form, tally):
            yield row.line, dict(row.cells)


def _lines(stream: BinaryIO, place: Place) -> Iterator[str]:
    """Decoded lines; decoding them one by one gives the exact line of a byte that is no UTF-8."""
    number = 0
    while raw := stream.readline(_LONGEST_LINE):
        number += 1
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise MalformedInput("table-encoding", place=Place(place.file, number), reason=error.reason) from error


def _csv_rows(stream: BinaryIO, place: Place) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(stream, place), delimiter=";", strict=True)
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise MalformedInput("table-csv", place=Place(place.file, line), reason=str(error)) from error
        if row is None:
            return
        yield line, row
        line = reader.line_num + 1


def _fiches(
    files: InputFiles, name: str, indexes: dict[str, _Index], assembly: FicheAssembly, tally: Tally
) -> Iterator[Fiche]:
    place = files.place(name)
    names = [column.name for column in _columns(STANDARD)]
    count = 0
    for line, cells in _table(files, STANDARD, name, "fiche", tally):
        count += 1
        values: Values = {}
        problems: list[Problem] = []
        _apply(STANDARD, tuple(cells[each] for each in names), values, problems, cells[_NUMBER_COLUMN])
        number = values.get("number", "")
        used = 0
        for file, index in indexes.items():
            for _, row in index.rows.get(number, ()):
                _apply(file, row, values, problems, number)
                used += 1
        counted = indexes[PARTNERS].counts.get(number, 0)
        if counted:
            values["partners"] = [{}] * counted
        fiche = assembly.fiche(values, Place(place.file, line), problems)
        if fiche is None:
            continue
        if used + counted:
            tally.accept("row", used + counted)
        for index in indexes.values():
            index.rows.pop(number, None)
            index.counts.pop(number, None)
        yield fiche
    if count == 0:
        raise UnexpectedInput("fiches-none", place=place)


def _apply(file: str, row: tuple[str, ...], values: Values, problems: list[Problem], number: str) -> None:
    """Put the values of one row where the field table says."""
    catalogue: Catalogue = "rs" if number.lstrip().upper().startswith("RS") else "rncp"
    records: dict[str, Values] = {}
    for column, text in zip(_columns(file), row, strict=True):
        if not text or (column.field == "number" and file != STANDARD):
            continue
        element = f"{file}/{column.name}"
        shown = "" if file in _PERSONAL else text
        if column.catalogue not in {"both", catalogue}:
            problems.append(Problem("element-other-catalogue", element, shown))
            continue
        try:
            value = TRANSFORMS[column.transform](text.replace("''", "'") if column.transform == "line" else text)
        except Unusable as unusable:
            problems.append(Problem(unusable.message_id, element, shown))
            continue
        if value is None:
            continue
        if column.record:
            records.setdefault(column.record, {})[column.field] = value
        elif column.many:
            values.setdefault(column.field, []).append(value)
        else:
            values[column.field] = value
    for name, record in records.items():
        if file == STANDARD:
            values[name] = record
        else:
            values.setdefault(name.partition("#")[0], []).append(record)
            if name == "routes":
                record["open"] = True


def _reject_orphans(indexes: dict[str, _Index], tally: Tally) -> None:
    """Rows about fiches that Standard does not hold, or that were set aside."""
    for index in indexes.values():
        for number, left in index.rows.items():
            for line, _ in left:
                where = Place(index.place.file, line, number)
                tally.reject(Reject("row", "row-without-fiche", where, {"number": number}))
        for number, count in index.counts.items():
            for _ in range(count):
                where = Place(index.place.file, None, number)
                tally.reject(Reject("row", "row-without-fiche", where, {"number": number}))
