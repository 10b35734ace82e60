"""Opens a folder, a zip, a gzip or a single file as a set of named byte streams, within limits of size and ratio.

Nothing is unpacked to disk. Sizes are counted while bytes come out of the decompressor: what an archive's headers
say is used for progress only, because a bomb lies in its headers.
"""

from __future__ import annotations

import gzip
import io
import stat
import unicodedata
import zipfile
import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.records.place import Place

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SLACK = 1024 * 1024
"""Bytes a member may grow to whatever its ratio: a megabyte harms nobody, and tiny members compress oddly."""
_MEMBERS = 10_000
"""Members an archive may have; the official ones have at most some twenty."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The other methods of `zipfile` unpack whatever stands in 256 kB at once: a bomb would pass before it is counted."""
_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """`ratio`: times the compressed size; `bytes`: of all members together (see `Settings.archive_*`)."""

    ratio: int = 200
    bytes: int = 8 * 1024**3


class InputFiles(ABC):
    """A set of files. Names are relative, with `/`, in Unicode NFC, whatever form the disk or the zip has.

    A context manager; `open` may be called again for the same name.
    """

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        self.path = path
        self.limits = limits
        self._read: dict[str, int] = {}

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""

    @abstractmethod
    def open(self, name: str) -> BinaryIO:
        """The bytes of one file. Raises KeyError for a name that is not in `names`; reading raises InputError."""

    @abstractmethod
    def size(self, name: str) -> int:
        """Uncompressed bytes as the headers say: good for a progress bar, for nothing else."""

    def ending(self, *suffixes: str) -> tuple[str, ...]:
        """The names with one of these endings, in any case; macOS's resource forks are left out."""
        return tuple(
            name
            for name in self.names()
            if name.lower().endswith(suffixes) and not PurePosixPath(name).name.startswith("._")
        )

    def only(self, *suffixes: str) -> str:
        """The one name with one of these endings. Raises UnexpectedInput when there is none, or more than one."""
        found = self.ending(*suffixes)
        if len(found) != 1:
            raise UnexpectedInput(
                "archive-not-one", place=self.place(), wanted=" / ".join(suffixes), found=", ".join(found[:5]) or "–"
            )
        return found[0]

    def place(self, name: str = "", line: int | None = None) -> Place:
        """Where a file of this set stands: the archive or folder, and the member."""
        if not name or name == self.path.name:
            return Place(file=self.path.name, line=line)
        return Place(file=f"{self.path.name}/{name}", line=line)

    def _guarded(self, stream: _Readable, name: str, allowed: int) -> BinaryIO:
        too_much = UnsafeInput("archive-bomb", place=self.place(name), ratio=self.limits.ratio, limit=self.limits.bytes)
        return io.BufferedReader(_Guard(stream, allowed, too_much, self._read), buffer_size=256 * 1024)

    def close(self) -> None:  # noqa: B027 – only archives hold something open
        """Free what is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_input(path: Path, limits: ArchiveLimits | None = None) -> InputFiles:
    """Open a folder, a `.zip`, a `.gz` or any other single file.

    Raises UnexpectedInput for a path that does not exist or an encrypted archive, UnsafeInput for names that lead out
    of the archive, MalformedInput for a damaged one. Reading a stream raises UnsafeInput past the limits.
    """
    limits = limits or ArchiveLimits()
    if path.is_dir():
        return _Folder(path, limits)
    if not path.is_file():
        raise UnexpectedInput("input-missing", place=Place(file=path.name))
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:4] in (b"PK\x03\x04", b"PK\x05\x06") or path.suffix.lower() == ".zip":
        return _Zip(path, limits)
    if magic[:2] == b"\x1f\x8b":
        return _Gzip(path, limits)
    return _SingleFile(path, limits)


class _SingleFile(InputFiles):
    def names(self) -> tuple[str, ...]:
        return (unicodedata.normalize("NFC", self.path.name),)

    def open(self, name: str) -> BinaryIO:
        if name not in self.names():
            raise KeyError(name)
        size = self.size(name)
        if size > self.limits.bytes:
            raise UnsafeInput("archive-too-large", place=self.place(), limit=self.limits.bytes)
        return self.path.open("rb")

    def size(self, name: str) -> int:  # noqa: ARG002 – there is one file
        return self.path.stat().st_size


class _Folder(InputFiles):
    """The files directly in a folder; folders inside it are not entered."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        super().__init__(path, limits)
        self._files = {unicodedata.normalize("NFC", file.name): file for file in path.iterdir() if file.is_file()}

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def open(self, name: str) -> BinaryIO:
        if sum(file.stat().st_size for file in self._files.values()) > self.limits.bytes:
            raise UnsafeInput("archive-too-large", place=self.place(), limit=self.limits.bytes)
        return self._files[name].open("rb")

    def size(self, name: str) -> int:
        return self._files[name].stat().st_size


class _Gzip(InputFiles):
    def names(self) -> tuple[str, ...]:
        return (unicodedata.normalize("NFC", self.path.name.removesuffix(".gz")),)

    def open(self, name: str) -> BinaryIO:
        if name not in self.names():
            raise KeyError(name)
        allowed = min(self.limits.bytes, self.limits.ratio * self.path.stat().st_size + _SLACK)
        return self._guarded(gzip.open(self.path, "rb"), name, allowed)

    def size(self, name: str) -> int:  # noqa: ARG002 – there is one file
        return self.path.stat().st_size


class _Zip(InputFiles):
    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        super().__init__(path, limits)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise MalformedInput("archive-damaged", place=self.place(), reason=str(error)) from error
        try:
            self._members = self._checked()
        except BaseException:
            self._zip.close()
            raise

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        entries = self._zip.infolist()
        if len(entries) > _MEMBERS:
            raise UnsafeInput("archive-members", place=self.place(), found=len(entries), limit=_MEMBERS)
        for entry in entries:
            if entry.is_dir():
                continue
            name = _name(entry)
            parts = PurePosixPath(name).parts
            if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or "\0" in entry.orig_filename:
                raise UnsafeInput("archive-name", place=self.place(), name=name[:100])
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise UnsafeInput("archive-name", place=self.place(), name=name[:100])
            if name in found:
                raise UnsafeInput("archive-name-twice", place=self.place(), name=name[:100])
            found[name] = entry
        return found

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._members))

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def open(self, name: str) -> BinaryIO:
        entry = self._members[name]
        place = self.place(name)
        if entry.flag_bits & _ENCRYPTED:
            raise UnexpectedInput("archive-encrypted", place=place)
        if entry.compress_type not in _METHODS:
            raise UnexpectedInput("archive-method", place=place)
        size = self.path.stat().st_size
        others = sum(count for other, count in self._read.items() if other != str(place))
        allowed = min(
            self.limits.bytes - others,
            self.limits.ratio * min(entry.compress_size, size) + _SLACK,
            # members that share one compressed stream pass the line above, not this one
            self.limits.ratio * size + _SLACK - others,
        )
        try:
            member = self._zip.open(entry)
        except NotImplementedError as error:
            raise UnexpectedInput("archive-method", place=place) from error
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
            raise MalformedInput("archive-damaged", place=place, reason=str(error)) from error
        return self._guarded(member, name, allowed)

    def close(self) -> None:
        self._zip.close()


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name: UTF-8 where its bytes are that, even without the flag (old zip programs do not set it)."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAMES:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.filename
    return unicodedata.normalize("NFC", name)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class _Guard(io.RawIOBase):
    """Counts what a decompressor yields, and stops it past the limit."""

    def __init__(self, stream: _Readable, allowed: int, too_much: UnsafeInput, counts: dict[str, int]) -> None:
        super().__init__()
        self._stream = stream
        self._allowed = allowed
        self._too_much = too_much
        self._counts = counts
        self._name = str(too_much.place)
        self._done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._stream.read(len(view))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise MalformedInput("archive-damaged", place=self._too_much.place, reason=str(error)) from error
        self._done += len(data)
        self._counts[self._name] = max(self._counts.get(self._name, 0), self._done)
        if self._done > self._allowed:
            raise self._too_much
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
