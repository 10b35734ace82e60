"""The CSV packages of ESCO, one a language, as one source of concepts, texts, hierarchies and relations.

Facts come from the first package that has a table (English before the others); the others add their texts. Where a
relation table is in several packages, only its number of rows is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from passerelle.records.concept import (
    BroaderRelation,
    Concept,
    ConceptKind,
    ConceptScheme,
    ConceptTexts,
    OccupationSkillRelation,
    SchemeMembership,
    SkillSkillRelation,
)
from passerelle.records.place import Place
from passerelle.records.provenance import Licence, Provenance
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import ArchiveLimits, InputFiles, open_input
from passerelle.sources.csv_tables import TableForm, TableRow, column_tables, read_table
from passerelle.sources.esco_collections import Collected, collected
from passerelle.sources.esco_packages import FIELDS, EscoPackage, esco_packages
from passerelle.sources.esco_values import dropped_status, is_concept, lines, need, values

LICENCE = Licence(
    "https://creativecommons.org/licenses/by/4.0/",
    "CC BY 4.0",
    "This service uses the ESCO classification of the European Commission.",
    "Ce service utilise la classification ESCO de la Commission européenne.",
)
_CONCEPT_TABLES: tuple[tuple[str, ConceptKind], ...] = (
    ("ISCOGroups", "isco-group"),
    ("occupations", "occupation"),
    ("skillGroups", "skill-group"),
    ("skills", "skill"),
)
_RELATION_TABLES = (
    "broaderRelationsOccPillar",
    "broaderRelationsSkillPillar",
    "skillsHierarchy",
    "occupationSkillRelations",
    "skillSkillRelations",
)
_WIDEST = 4 * 1024 * 1024
"""Characters of a cell of conceptSchemes: the longest of 1.2.0 has 651,423."""
_ISCO = "http://data.europa.eu/esco/isco/C"
_REGULATION = "regulatedProfessionNote"
_STEP = 2_000
"""Rows between two reports of progress."""

Record = (
    Concept
    | ConceptTexts
    | ConceptScheme
    | SchemeMembership
    | BroaderRelation
    | OccupationSkillRelation
    | SkillSkillRelation
)


class EscoDataset:
    """ESCO in one or more languages. `paths` are official zips, or folders of the same name.

    Raises InputError (see `esco_packages`) when made.
    """

    slug = "esco"
    kind = "esco"

    def __init__(self, paths: Sequence[Path], limits: ArchiveLimits | None = None) -> None:
        self.limits = limits or ArchiveLimits()
        self.packages = esco_packages(paths, self.limits)

    @property
    def version(self) -> str:
        """Version of ESCO, such as `1.2.0`; every count is tied to it."""
        return self.packages[0].version

    def provenance(self) -> Provenance:
        """See `Source`; `edition` is the version of ESCO."""
        return Provenance(
            "ESCO – European Skills, Competences, Qualifications and Occupations",
            "ESCO – aptitudes, compétences, certifications et professions européennes",
            "European Commission",
            LICENCE,
            self.version,
            tuple(file for package in self.packages for file in package.files(self.limits)),
        )

    def read(self, tally: Tally) -> Iterator[Record]:
        """See `Source`. An unresolved reference is kept, and noticed as `esco-unresolved`.

        Items counted: concept, label (texts of a concept in a further language), membership, relation, hierarchy row,
        scheme, row compared (of a relation table that an earlier package gave already).
        """
        with ExitStack() as stack:
            opened = [(each, stack.enter_context(open_input(each.path, self.limits))) for each in self.packages]
            yield from _Reading(opened, tally).records()


class _Reading:
    """One pass over the packages."""

    def __init__(self, opened: list[tuple[EscoPackage, InputFiles]], tally: Tally) -> None:
        self.opened = opened
        self.tally = tally
        self.described: set[str] = set()
        self.schemes: set[str] = set()
        self.group_steps: set[tuple[str, str]] = set()
        self.done = 0
        self.total = sum(files.size(name) for package, files in opened for name in package.tables.values())

    def records(self) -> Iterator[Record]:
        for package, files in self.opened:
            for name in package.unknown:
                self.tally.notice(Reject("file", "esco-file-unknown", files.place(), {"name": name[:200]}))
        found = collected(
            (
                (table, package.language, number, rows, self._place(table, package, files))
                for table in column_tables(FIELDS)
                if table.endswith("Collection")
                for number, (package, files, rows) in enumerate(self._packages_with(table, "membership"))
            ),
            self.tally,
        )
        yield from self._concepts(found)
        yield from self._schemes()
        for membership, place in found.memberships:
            self._reference(membership.concept, "membership", place)
            yield membership
        for table in _RELATION_TABLES:
            yield from self._relations(table)
        self.tally.progress(self.total, self.total)

    def _packages_with(self, table: str, item: str) -> Iterator[tuple[EscoPackage, InputFiles, Iterator[TableRow]]]:
        for package, files in self.opened:
            if table in package.tables:
                yield package, files, self._rows(table, package, files, item)

    def _place(self, table: str, package: EscoPackage, files: InputFiles) -> Place:
        return files.place(package.tables[table])

    def _rows(self, table: str, package: EscoPackage, files: InputFiles, item: str) -> Iterator[TableRow]:
        name = package.tables[table]
        form = TableForm(
            column_tables(FIELDS)[table],
            item,
            short_rows=table == "skillsHierarchy",
            widest=_WIDEST if table == "conceptSchemes" else 0,
        )
        before, read = self.done, 0
        with files.open(name) as stream:
            for number, row in enumerate(read_table(stream, files.place(name), form, self.tally)):
                read += sum(map(len, row.cells.values()))
                if number % _STEP == 0:
                    self.tally.progress(min(before + read, self.total), self.total)
                yield row
        self.done = before + files.size(name)

    def _concepts(self, found: Collected) -> Iterator[Record]:
        for table, kind in _CONCEPT_TABLES:
            for package, files, rows in self._packages_with(table, "concept"):
                seen: set[str] = set()
                for row in rows:
                    place = Place(self._place(table, package, files).file, row.line, row.cells["conceptUri"][:200])
                    iri = row.cells["conceptUri"]
                    first = iri not in self.described
                    item = "concept" if first else "label"
                    if not is_concept(iri):
                        self.tally.reject(Reject("concept", "esco-iri", place, {"value": iri[:200]}))
                        continue
                    if iri in seen:
                        self.tally.reject(Reject(item, "esco-twice", place))
                        continue
                    seen.add(iri)
                    self.tally.accept(item)
                    if first:
                        self.described.add(iri)
                        yield self._concept(row, kind, found, place)
                    yield self._texts(row, package.language, found, place)

    def _concept(self, row: TableRow, kind: ConceptKind, found: Collected, place: Place) -> Concept:
        cells = row.cells
        iri = cells["conceptUri"]
        types = {"skillType": "", "reuseLevel": ""}
        if kind == "skill":
            for column in types:
                own = values(column, cells[column], place, self.tally)
                filling = found.types.get((iri, column), "")
                if own and filling and own != filling:
                    parameters: dict[str, object] = {"column": column, "skill": own, "collection": filling}
                    self.tally.notice(Reject("value", "esco-differs", place, parameters))
                types[column] = own or filling
        dropped_status(cells.get("status", ""), place, self.tally)
        modified = cells.get("modifiedDate", "")
        if modified and not _is_moment(modified):
            self.tally.notice(Reject("value", "esco-value", place, {"column": "modifiedDate", "value": modified[:200]}))
            modified = ""
        isco = cells.get("iscoGroup", "")
        return Concept(
            iri,
            kind,
            notation=cells.get("code", ""),
            schemes=self._iris(cells["inScheme"], "inScheme", place),
            skill_type=types["skillType"],
            reuse_level=types["reuseLevel"],
            isco_group="".join(self._iris(_ISCO + isco if isco else "", "iscoGroup", place)),
            regulation="".join(self._iris(cells.get(_REGULATION, ""), _REGULATION, place)[:1]),
            modified=modified,
        )

    def _texts(self, row: TableRow, language: str, found: Collected, place: Place) -> ConceptTexts:
        cells = row.cells
        iri = cells["conceptUri"]
        if not cells["preferredLabel"]:
            self.tally.notice(Reject("value", "esco-no-label", place, {"code": language}))
        label, alternative, description = found.texts.get((iri, language), ("", (), ""))
        # a collection may word the label otherwise, and its wording is a label as well
        others = {*(lines(cells["altLabels"]) or alternative), label} - {"", cells["preferredLabel"]}
        return ConceptTexts(
            iri,
            language,
            cells["preferredLabel"],
            tuple(sorted(others)),
            lines(cells.get("hiddenLabels", "")),
            cells["description"] or description,
            cells.get("definition", ""),
            cells.get("scopeNote", ""),
        )

    def _iris(self, cell: str, column: str, place: Place) -> tuple[str, ...]:
        """The ESCO IRIs of a list, sorted; anything else is noticed and left out."""
        found = {iri.strip(" ,") for iri in cell.splitlines()} - {""}
        for odd in sorted(iri for iri in found if not is_concept(iri)):
            self.tally.notice(Reject("value", "esco-value", place, {"column": column, "value": odd[:200]}))
        return tuple(sorted(iri for iri in found if is_concept(iri)))

    def _schemes(self) -> Iterator[ConceptScheme]:
        for package, files, rows in self._packages_with("conceptSchemes", "scheme"):
            for row in rows:
                iri = row.cells["conceptSchemeUri"]
                place = Place(self._place("conceptSchemes", package, files).file, row.line, iri[:200])
                if not is_concept(iri):
                    self.tally.reject(Reject("scheme", "esco-iri", place, {"value": iri[:200]}))
                    continue
                top: tuple[str, ...] = ()
                if iri not in self.schemes:
                    self.schemes.add(iri)
                    stated = self._iris(row.cells["hasTopConcept"], "hasTopConcept", place)
                    top = tuple(each for each in stated if each in self.described)
                    if len(top) < len(stated):
                        sums: dict[str, object] = {"count": len(stated) - len(top), "total": len(stated)}
                        self.tally.notice(Reject("reference", "esco-top-unresolved", place, sums))
                self.tally.accept("scheme")
                cells = row.cells
                yield ConceptScheme(iri, package.language, cells["preferredLabel"], cells.get("description", ""), top)

    def _relations(self, table: str) -> Iterator[Record]:
        counts: list[int] = []
        for package, files, rows in self._packages_with(table, "relation"):
            place = self._place(table, package, files)
            if counts:
                # the rows themselves are the same in every language; only an edited or cut table has another number
                rows_here = sum(1 for _ in rows)
                self.tally.accept("row compared", rows_here)
                if rows_here != counts[0]:
                    first = next(other.language for other, _ in self.opened if table in other.tables)
                    sums = {"code": package.language, "first": first, "table": table}
                    parameters: dict[str, object] = {**sums, "found": rows_here, "expected": counts[0]}
                    self.tally.notice(Reject("file", "esco-relations-differ", place, parameters))
                continue
            counts.append(0)
            for row in rows:
                counts[0] += 1
                where = Place(place.file, row.line)
                if table == "skillsHierarchy":
                    yield from self._hierarchy(row, where)
                elif table.startswith("broader"):
                    yield from self._broader(row, where)
                else:
                    yield from self._need(table, row, where)

    def _broader(self, row: TableRow, place: Place) -> Iterator[BroaderRelation]:
        concept, broader = row.cells["conceptUri"], row.cells["broaderUri"]
        if not self._both(concept, broader, place):
            return
        if row.cells.get("conceptType") == "SkillGroup":
            self.group_steps.add((concept, broader))
        yield BroaderRelation(concept, broader)

    def _hierarchy(self, row: TableRow, place: Place) -> Iterator[BroaderRelation]:
        path = [row.cells[f"Level {level} URI"] for level in range(4)]
        path = [iri for iri in path if iri]
        odd = next((iri for iri in path if not is_concept(iri)), None)
        if odd is not None or not path:
            self.tally.reject(Reject("hierarchy row", "esco-iri", place, {"value": (odd or "")[:200]}))
            return
        self.tally.accept("hierarchy row")
        for broader, concept in pairwise(path):
            if (concept, broader) not in self.group_steps:
                self.group_steps.add((concept, broader))
                where = Place(place.file, place.line, concept)
                self.tally.notice(Reject("relation", "esco-hierarchy-only", where, {"broader": broader}))
                yield BroaderRelation(concept, broader)

    def _need(self, table: str, row: TableRow, place: Place) -> Iterator[OccupationSkillRelation | SkillSkillRelation]:
        occupations = table == "occupationSkillRelations"
        who = row.cells["occupationUri" if occupations else "originalSkillUri"]
        skill = row.cells["skillUri" if occupations else "relatedSkillUri"]
        stated = row.cells["relationType"]
        how = need(stated)
        if how is None:
            self.tally.reject(Reject("relation", "esco-relation-type", place, {"value": stated[:200]}))
        elif self._both(who, skill, place):
            yield OccupationSkillRelation(who, skill, how) if occupations else SkillSkillRelation(who, skill, how)

    def _both(self, subject: str, other: str, place: Place) -> bool:
        """Count a relation: accepted when both ends are IRIs of ESCO, noticed when one is described nowhere."""
        for iri in (subject, other):
            if not is_concept(iri):
                self.tally.reject(Reject("relation", "esco-iri", place, {"value": iri[:200]}))
                return False
        self.tally.accept("relation")
        for iri in (subject, other):
            self._reference(iri, "relation", place)
        return True

    def _reference(self, iri: str, item: str, place: Place) -> None:
        if iri not in self.described:
            where = Place(place.file, place.line, iri)
            self.tally.notice(Reject(item, "esco-unresolved", where, {"iri": iri}))


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text
