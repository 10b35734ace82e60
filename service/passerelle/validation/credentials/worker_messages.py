"""What is said to a validation process: how to start, and documents to validate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from passerelle.validation.credentials.model import Stage

OUT_OF_MEMORY, STOPPED = "out-of-memory", "stopped"
"""Why a document has no answer."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a process starts: `address_space` in bytes, `cpu_seconds` for a document, `parent` is a process id.

    `document_bytes` is the size of the largest document that is read.
    A `warm` process is slower to start, and no slower for the first document than for the others.
    """

    parent: int
    address_space: int
    cpu_seconds: float
    document_bytes: int
    release: Path | None = None
    shapes: tuple[Path, ...] = ()
    warm: bool = False

    def encoded(self) -> str:
        """As an argument of the command line."""
        release = str(self.release.absolute()) if self.release else None
        shapes = [str(path.absolute()) for path in self.shapes]
        limits = [self.address_space, self.cpu_seconds, self.document_bytes]
        return json.dumps([self.parent, *limits, release, shapes, self.warm])

    @classmethod
    def decoded(cls, text: str) -> Start:
        """The reverse of `encoded`."""
        parent, address_space, cpu_seconds, document_bytes, release, shapes, warm = json.loads(text)
        found = Path(release) if release else None
        paths = tuple(Path(each) for each in shapes)
        return cls(parent, address_space, cpu_seconds, document_bytes, found, paths, warm)


@dataclass(frozen=True, slots=True)
class Document:
    """A submitted file; `name` and `media_type` are hints for its form."""

    data: bytes
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Documents to validate in one way; each gets an answer of its own. See `CredentialValidator.validate`.

    A line of JSON, then the bytes of the documents one after the other. The stage is one of `model.Stage`.
    """

    documents: Sequence[Document]
    profile: str | None = None
    stage: Stage = Stage.ISSUED
    max_results: int | None = None

    def encoded(self) -> bytes:
        """As the content of a frame."""
        described = [[each.name, each.media_type, len(each.data)] for each in self.documents]
        header = json.dumps([described, self.profile, self.stage, self.max_results]).encode()
        return b"\n".join((header, b"".join(each.data for each in self.documents)))

    @classmethod
    def decoded(cls, content: bytes) -> Question:
        """The reverse of `encoded`."""
        end = content.index(b"\n")
        described, profile, stage, max_results = json.loads(content[:end])
        documents, position = [], end + 1
        for name, media_type, length in described:
            documents.append(Document(content[position : position + length], name, media_type))
            position += length
        return cls(tuple(documents), profile, Stage(stage), max_results)
