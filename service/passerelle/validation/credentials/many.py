"""Finds the files to validate in what a user names: files, folders, zip archives, standard input.

Nothing is unpacked to disk, and nothing is passed over in silence: what is left out of a folder or an archive is
counted with its reason, and what cannot be read is handed on as a file that cannot be read.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from passerelle.errors import InputError, MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.records.place import Place
from passerelle.validation.credentials.reading.limits import Limits

STANDARD_INPUT = "-"
_SLACK = 1024 * 1024
"""Bytes that an archive may yield whatever its ratio: a megabyte harms nobody, and tiny files compress oddly."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The other methods of `zipfile` unpack whatever stands in 256 kB at once, before it can be counted."""
_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")

_OTHER_ENDING = re.compile(
    r"\.(7z|asc|avi|bak|bat|bmp|bz2|cfg|conf|css|csv|db|doc|docx|eml|exe|gif|htm|html|ico|ini|ipynb|jar|jpeg|jpg|js|log|lock"
    r"|md|mp3|mp4|msg|odp|ods|odt|p12|pdf|pem|pfx|png|ppt|pptx|ps1|py|pyc|rar|rst|rtf|sh|sha256|sqlite|svg|tar|tex|tgz|tif"
    r"|tiff|toml|tsv|ts|vsd|wav|webp|xls|xlsx|xsd|xsl|xslt|xz|yaml|yml|zst)",
    re.IGNORECASE,
)
"""Endings that no form of a credential has. What has another ending, or none, is validated."""


class Omission(StrEnum):
    """Why a file of a folder or an archive is not validated."""

    HIDDEN = "hidden"
    OTHER_KIND = "other-kind"
    LINKED_FOLDER = "linked-folder"
    NOT_A_FILE = "not-a-file"
    NESTED_ARCHIVE = "nested-archive"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class InputLimits:
    """`document`: bytes of one file. Of an archive: `ratio` times its size, `total` bytes, `members` files."""

    document: int = Limits().bytes
    ratio: int = 200
    total: int = 8 * 1024**3
    members: int = 100_000


@dataclass(frozen=True, slots=True)
class Submission:
    """One file to validate.

    `name` is for people: the path as given or found, `archive.zip/member` within an archive, `-`. `size` is in bytes
    as the file system or the archive says (0 where it does not). `load` gives the content or raises InputError; it must
    be called before the next submission is asked for.
    """

    name: str
    size: int
    load: Callable[[], bytes]


@dataclass(slots=True)
class Submissions:
    """The files to validate in `paths`, in the order given, each folder and archive sorted by name.

    Iterating holds the names of one folder, or the directory of one archive, and never a content. `omitted` counts
    what the last iteration left out. `-` is the standard input; `report` is a file that is not validated, as the
    report is being written to it.
    """

    paths: Sequence[Path]
    report: Path | None = None
    limits: InputLimits = field(default_factory=InputLimits)
    omitted: Counter[Omission] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[Submission]:
        """Raises UnexpectedInput for a path that does not exist, before the first."""
        self.omitted.clear()
        for path in self.paths:
            if str(path) != STANDARD_INPUT and not path.exists():
                raise UnexpectedInput("input-missing", place=Place(file=str(path)))
        for path in self.paths:
            if str(path) == STANDARD_INPUT:
                yield Submission(STANDARD_INPUT, 0, self._standard_input)
            elif path.is_dir():
                yield from self._folder(path)
            elif _is_archive(path):
                yield from self._archive(path)
            else:
                yield self._file(path)

    @property
    def one(self) -> bool:
        """Whether a single document is asked for, rather than whatever a folder or an archive holds."""
        return len(self.paths) == 1 and (
            str(self.paths[0]) == STANDARD_INPUT or not (self.paths[0].is_dir() or _is_archive(self.paths[0]))
        )

    def _file(self, path: Path) -> Submission:
        def load() -> bytes:
            try:
                with path.open("rb") as file:
                    return self._document(file, name)
            except OSError as error:
                raise _unreadable(name, error) from error

        name = shown_name(str(path))
        try:
            size = path.stat().st_size
        except OSError:
            size = 0  # `load` will say it
        return Submission(name, size, load)

    def _standard_input(self) -> bytes:
        return self._document(sys.stdin.buffer, STANDARD_INPUT)

    def _document(self, file: BinaryIO, name: str) -> bytes:
        # what stands in the file system may grow, or be a pipe: a byte more than may be shows it
        content = file.read(self.limits.document + 1)
        if len(content) > self.limits.document:
            raise _too_large(name, self.limits)
        return content

    def _folder(self, folder: Path) -> Iterator[Submission]:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            name = shown_name(str(folder))
            yield _broken(name, _unreadable(name, error))
            return
        for entry in entries:
            path = folder / entry.name
            if omission := _omission(entry.name) or _omission_of_entry(entry) or self._omission_of_report(path):
                self.omitted[omission] += 1
            elif entry.is_dir():
                yield from self._folder(path)
            elif path.suffix.lower() == ".zip":
                yield from self._archive(path)
            else:
                yield self._file(path)

    def _omission_of_report(self, path: Path) -> Omission | None:
        report = self.report
        same = report is not None and path.name == report.name and path.resolve() == report.resolve()
        return Omission.REPORT if same else None

    def _archive(self, path: Path) -> Iterator[Submission]:
        name = shown_name(str(path))
        try:
            # opened here, as `zipfile` would report an unreadable and a damaged one alike
            with path.open("rb") as file:
                yield from self._members(name, file, path.stat().st_size)
        except OSError as error:
            yield _broken(name, _unreadable(name, error))

    def _members(self, name: str, file: BinaryIO, size: int) -> Iterator[Submission]:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            yield _broken(name, MalformedInput("archive-damaged", place=Place(file=name), reason=str(error)))
            return
        with archive:
            entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
            if len(entries) > self.limits.members:
                found, limit = len(entries), self.limits.members
                yield _broken(
                    name, UnsafeInput("input-archive-members", place=Place(file=name), found=found, limit=limit)
                )
                return
            allowance = _Allowance(min(self.limits.total, self.limits.ratio * size + _SLACK))
            for entry in entries:
                if entry.is_dir():
                    continue
                member = _member_name(entry)
                if omission := _omission_of_member(member):
                    self.omitted[omission] += 1
                else:
                    yield self._member(f"{name}/{shown_name(member)}", archive, entry, allowance)

    def _member(self, name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: _Allowance) -> Submission:
        def load() -> bytes:
            place = Place(file=name)
            if entry.flag_bits & _ENCRYPTED:
                raise UnexpectedInput("archive-encrypted", place=place)
            if entry.compress_type not in _METHODS:
                raise UnexpectedInput("archive-method", place=place)
            wanted = min(self.limits.document, allowance.left, self.limits.ratio * entry.compress_size + _SLACK)
            try:
                with archive.open(entry) as member:
                    # one byte more than may be: what comes is counted, as what the directory says may be a lie
                    content = member.read(wanted + 1)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
                raise MalformedInput("archive-damaged", place=place, reason=str(error)) from error
            allowance.left -= min(len(content), allowance.left)
            if len(content) > wanted == self.limits.document:
                raise _too_large(name, self.limits)
            if len(content) > wanted:
                raise UnsafeInput("archive-bomb", place=place, ratio=self.limits.ratio, limit=self.limits.total)
            return content

        return Submission(name, entry.file_size, load)


@dataclass(slots=True)
class _Allowance:
    """Bytes that the members of one archive may still yield, all together."""

    left: int


def shown_name(name: str) -> str:
    """A name as it can stand in a report and on a terminal: Unicode NFC, nothing that controls."""
    safe = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(each)[0] == "C" else each for each in name)
    return unicodedata.normalize("NFC", safe)


def _omission(name: str) -> Omission | None:
    if name.startswith((".", "__MACOSX")):
        return Omission.HIDDEN
    if _OTHER_ENDING.fullmatch(PurePosixPath(name).suffix):
        return Omission.OTHER_KIND
    return None


def _omission_of_entry(entry: os.DirEntry[str]) -> Omission | None:
    try:
        if entry.is_dir():
            return Omission.LINKED_FOLDER if entry.is_symlink() else None  # it may lead back to where it stands
        return None if entry.is_file() else Omission.NOT_A_FILE
    except OSError:  # a link that leads round to itself must not cost the other files
        return Omission.NOT_A_FILE


def _omission_of_member(name: str) -> Omission | None:
    path = PurePosixPath(name)
    for part in path.parts:
        if part != ".." and (omission := _omission(part)) and (omission is Omission.HIDDEN or part == path.name):
            return omission
    return Omission.NESTED_ARCHIVE if path.suffix.lower() == ".zip" else None


def _is_archive(path: Path) -> bool:
    if path.suffix.lower() == ".zip":
        return True
    try:
        # a pipe would lose what is looked at
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            return file.read(4) in _ZIP_MAGIC
    except OSError:
        return False


def _member_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name: UTF-8 where its bytes are that, even without the flag (old zip programs do not set it)."""
    if entry.flag_bits & _UTF8_NAMES:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _broken(name: str, error: InputError) -> Submission:
    def load() -> bytes:
        raise error

    return Submission(name, 0, load)


def _too_large(name: str, limits: InputLimits) -> InputError:
    return UnsafeInput("input-too-large", place=Place(file=name), limit=limits.document // 1024**2)


def _unreadable(name: str, error: OSError) -> InputError:
    return InputError("input-unreadable", place=Place(file=name), reason=error.strerror or type(error).__name__)
