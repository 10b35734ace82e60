"""Packages of ESCO in CSV: which version and language each archive or folder holds, checked against its tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath

from passerelle.errors import UnexpectedInput
from passerelle.records.place import Place
from passerelle.records.provenance import SourceFile
from passerelle.sources.archive import ArchiveLimits, InputFiles, open_input
from passerelle.sources.csv_tables import column_tables

FIELDS = "esco-csv.fields.tsv"
_NAME = re.compile(r"ESCO dataset - v(\d+)\.(\d+)(\.\d+)? - classification - ([a-z]{2,3}) - csv", re.IGNORECASE)
_MEMBER = re.compile(r"(\w+?)_([a-z]{2,3})\.csv", re.IGNORECASE)
_SUPPORTED = ((1, 1), (1, 2))
"""ESCO's first and last minor version whose tables have the columns of the field table."""


@dataclass(frozen=True, slots=True)
class EscoPackage:
    """One archive or folder: `tables` gives the member of each table, `unknown` the members that are none."""

    path: Path
    version: str
    language: str
    tables: Mapping[str, str]
    unknown: tuple[str, ...]

    def files(self, limits: ArchiveLimits) -> tuple[SourceFile, ...]:
        """The archive, or each file of the folder, as measured. Raises InputError, OSError."""
        if self.path.is_dir():
            with open_input(self.path, limits) as files:
                return tuple(SourceFile.of(self.path / name) for name in files.names())
        return (SourceFile.of(self.path),)


def esco_packages(paths: Sequence[Path], limits: ArchiveLimits) -> tuple[EscoPackage, ...]:
    """The packages, English first and the others in the order of their codes, whatever the order given.

    Raises UnexpectedInput for a name that tells no version and language, an unsupported version, different versions,
    a language given twice or unlike the tables, or an archive without concepts; InputError for a damaged archive.
    """
    packages = sorted(
        (_package(path, limits) for path in paths), key=lambda each: (each.language != "en", each.language)
    )
    versions = sorted({package.version for package in packages})
    if len(versions) > 1:
        raise UnexpectedInput(
            "esco-versions-differ", place=Place(file=packages[-1].path.name), versions=", ".join(versions)
        )
    for before, after in pairwise(packages):
        if before.language == after.language:
            raise UnexpectedInput("esco-language-twice", place=Place(file=after.path.name), code=after.language)
    return tuple(packages)


def _rank(package: EscoPackage) -> tuple[bool, str]:
    return package.language != "en", package.language


def _package(path: Path, limits: ArchiveLimits) -> EscoPackage:
    place = Place(file=path.name)
    with open_input(path, limits) as files:
        match = _NAME.search(path.name)
        if match is None:
            raise UnexpectedInput("esco-name", place=place)
        major, minor, patch, language = match.groups()
        version = f"{major}.{minor}{patch or ''}"
        if not _SUPPORTED[0] <= (int(major), int(minor)) <= _SUPPORTED[1]:
            raise UnexpectedInput("esco-version", place=place, version=version)
        return _with_tables(files, version, language.lower())


def _with_tables(files: InputFiles, version: str, language: str) -> EscoPackage:
    known = column_tables(FIELDS)
    tables: dict[str, str] = {}
    unknown = []
    languages = set()
    for name in files.names():
        base = PurePosixPath(name).name
        match = _MEMBER.fullmatch(base)
        if match is None or match[1] not in known:
            if not base.startswith("."):
                unknown.append(name)
            continue
        languages.add(match[2].lower())
        tables[match[1]] = name
    if languages and languages != {language}:
        raise UnexpectedInput(
            "esco-language", place=files.place(), announced=language, found=", ".join(sorted(languages))
        )
    if not {"skills", "occupations"} & tables.keys():
        raise UnexpectedInput("esco-no-table", place=files.place())
    return EscoPackage(files.path, version, language, tables, tuple(unknown))
