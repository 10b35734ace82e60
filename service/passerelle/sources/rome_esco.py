"""The official crosswalk from ROME appellations to ESCO occupations: a CSV with its metadata above the header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

from passerelle.errors import UnexpectedInput
from passerelle.namespaces import Minting
from passerelle.records.crosswalk import MAPPING_RELATIONS, CrosswalkMapping, MappingSet
from passerelle.records.place import Place
from passerelle.records.provenance import Licence, Provenance, SourceFile
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import ArchiveLimits, open_input
from passerelle.sources.csv_tables import TableForm, TableRow, column_tables, csv_rows, rows_below
from passerelle.sources.esco_values import is_concept
from passerelle.sources.rome import FIELDS
from passerelle.sources.sssom import SssomMapping, write_sssom

LICENCE = Licence(
    "http://data.europa.eu/eli/dec/2011/833/oj",
    "Commission Decision 2011/833/EU",
    "European Commission, ESCO portal: mapping table of France (Pôle emploi, ROME – ESCO)",
    "Commission européenne, portail ESCO : table de correspondance de la France (Pôle emploi, ROME – ESCO)",
)
ESCO_OCCUPATIONS = "http://data.europa.eu/esco/concept-scheme/occupations"
_OCCUPATION = "http://data.europa.eu/esco/occupation/"
_JUSTIFICATION = "semapv:UnspecifiedMatching"
"""The file does not say how its mappings were made."""
_PREAMBLE = 100
"""Rows in which the header must come: it stands in row 16 of the file of June 2023, in row 17 of other countries'."""
_OGR = re.compile(r"\d{1,9}", re.ASCII)
_ESCO_ID, _ESCO_LABEL = "classification 1 ID", "classification 1 prefered label"
_ROME_ID, _ROME_LABEL = "classification 2 ID", "classification 2 prefered label"
_RELATION = "mapping relation"

Record = MappingSet | CrosswalkMapping


class RomeEscoCrosswalk:
    """`FR_20230607_mapping_esco_rome.csv`. Its relations read from ROME to ESCO, although ESCO stands first."""

    slug = "rome-esco"
    kind = "rome-esco"

    def __init__(self, path: Path, limits: ArchiveLimits | None = None) -> None:
        self.path = path
        self.limits = limits or ArchiveLimits()

    def provenance(self) -> Provenance:
        """See `Source`; `edition` tells version and date of the crosswalk and the two versions that it joins."""
        about = self.mapping_set()
        parts = (about.version, about.published, f"ROME {about.subject_version}", f"ESCO {about.object_version}")
        return Provenance(
            "ROME to ESCO occupations: official crosswalk of France",
            "ROME vers les professions d'ESCO : table de correspondance officielle de la France",
            about.author or "–",
            LICENCE,
            ", ".join(part for part in parts if part.split()[-1:]),
            (SourceFile.of(self.path),),
        )

    def mapping_set(self) -> MappingSet:
        """What the crosswalk says about itself. Raises InputError as `read` does."""
        return next(record for record in self.read(Tally()) if isinstance(record, MappingSet))

    def read(self, tally: Tally) -> Iterator[Record]:
        """See `Source`: the mapping set, then its mappings (item: row)."""
        table = column_tables(FIELDS)["rome-esco"]
        form = TableForm(table, "row")
        with open_input(self.path, self.limits) as files:
            name = files.only(".csv")
            place = files.place(name)
            with files.open(name) as stream:
                rows = csv_rows(stream, place, form)
                preamble: dict[str, str] = {}
                for _, row in islice(rows, _PREAMBLE):
                    cells = [cell.strip() for cell in row]
                    if {column.column for column in table.values() if column.required} <= set(cells):
                        break
                    if len(cells) == 2:
                        preamble[cells[0]] = cells[1]
                else:
                    wanted = ", ".join(column for column in table)
                    raise UnexpectedInput("crosswalk-header", place=place, columns=wanted)
                yield self._set(preamble, place, tally)
                yield from self._mappings(rows_below(cells, rows, place, form, tally), place, tally)

    def write_sssom(self, path: Path, minting: Minting) -> int:
        """Write the crosswalk as SSSOM TSV, ROME appellations as subjects; returns how many mappings it holds."""
        records = self.read(Tally())
        about = next(each for each in records if isinstance(each, MappingSet))
        appellation = minting.identifier("rome", "appellation") + "/"
        mappings = (
            SssomMapping(
                appellation + each.ogr,
                each.relation,
                each.occupation,
                _JUSTIFICATION,
                each.label,
                each.occupation_label,
            )
            for each in records
            if isinstance(each, CrosswalkMapping)
        )
        scheme = minting.identifier("rome")
        about = replace(
            about,
            identifier=minting.identifier("mapping-set", self.slug),
            subject_source=scheme,
            object_source=ESCO_OCCUPATIONS,
        )
        prefixes = {
            "rome-appellation": appellation,
            "passerelle-id": scheme.removesuffix("rome"),
            "esco-occupation": _OCCUPATION,
            "esco-scheme": "http://data.europa.eu/esco/concept-scheme/",
        }
        return write_sssom(path, about, mappings, prefixes)

    def _set(self, preamble: dict[str, str], place: Place, tally: Tally) -> MappingSet:
        first, second = (preamble.get(f"Classification {number} Name", "") for number in (1, 2))
        if (first.upper(), second.upper()) != ("ESCO", "ROME"):
            raise UnexpectedInput("crosswalk-classifications", place=place, first=first or "–", second=second or "–")
        stated = preamble.get("Mapping project version date", "")
        published = _day(stated)
        if stated and not published:
            tally.notice(Reject("value", "crosswalk-date", place, {"value": stated[:50]}))
        return MappingSet(
            identifier=self.slug,
            title=preamble.get("Mapping project name", ""),
            version=preamble.get("Mapping project version", ""),
            published=published,
            author=preamble.get("Mapping project author", ""),
            licence=LICENCE.iri,
            language=preamble.get("Classification 2 Language", "fr"),
            subject_source="ROME",
            subject_version=preamble.get("Classification 2 Version", ""),
            object_source="ESCO",
            object_version=preamble.get("Classification 1 Version", ""),
        )

    def _mappings(self, rows: Iterator[TableRow], place: Place, tally: Tally) -> Iterator[CrosswalkMapping]:
        seen: set[tuple[str, str, str]] = set()
        for row in rows:
            ogr, occupation, relation = (row.cells[column] for column in (_ROME_ID, _ESCO_ID, _RELATION))
            where = Place(place.file, row.line, ogr[:50])
            problem = _problem(ogr, occupation, relation)
            if problem is not None:
                tally.reject(Reject("row", "crosswalk-row", where, {"value": problem[:200]}))
            elif (ogr, occupation, relation) in seen:
                tally.reject(Reject("row", "crosswalk-twice", where))
            else:
                seen.add((ogr, occupation, relation))
                tally.accept("row")
                yield CrosswalkMapping(ogr, row.cells[_ROME_LABEL], relation, occupation, row.cells[_ESCO_LABEL])


def _problem(ogr: str, occupation: str, relation: str) -> str | None:
    """The first value of a row that cannot be used."""
    if not _OGR.fullmatch(ogr):
        return ogr
    if not is_concept(occupation) or not occupation.startswith(_OCCUPATION):
        return occupation
    return None if relation in MAPPING_RELATIONS else relation


def _day(stated: str) -> str:
    """ISO 8601 of the preamble's JJ/MM/AAAA; empty for anything else."""
    try:
        day, month, year = (int(part) for part in stated.split("/"))
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
