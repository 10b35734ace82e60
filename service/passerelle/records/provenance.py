"""Where data come from: files, licences, attributions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: name without folder, size in bytes, SHA-256, time of last change (UTC)."""

    name: str
    size: int
    sha256: str
    modified: str

    @classmethod
    def of(cls, path: Path) -> SourceFile:
        """Measure `path`; reads it once, in pieces. Raises OSError."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        status = path.stat()
        modified = datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds")
        return cls(path.name, status.st_size, digest, modified)


@dataclass(frozen=True, slots=True)
class Licence:
    """A data licence: IRI of its text, and the attribution that it asks for, as a sentence in each language."""

    iri: str
    name: str
    attribution_en: str
    attribution_fr: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a source is: title in both languages, publisher, licence, edition, and the files it was read from."""

    title_en: str
    title_fr: str
    publisher: str
    licence: Licence
    edition: str = ""
    files: tuple[SourceFile, ...] = field(default=())
