"""The manifest of a release: what went in, what came out, under which versions and licences."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from passerelle.errors import DamagedRelease
from passerelle.graph.damage import reason_of
from passerelle.messages import Language
from passerelle.records.place import Place
from passerelle.records.provenance import Provenance

FILE_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A source file: name, size in bytes, SHA-256, time of last change."""

    name: str
    size: int
    sha256: str
    modified: str


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One source and its sums; `read[item] == accepted[item] + rejected[item]` for every item."""

    slug: str
    kind: str
    title_en: str
    title_fr: str
    publisher: str
    licence_iri: str
    licence_name: str
    attribution_en: str
    attribution_fr: str
    edition: str
    files: tuple[FileEntry, ...]
    read: dict[str, int]
    accepted: dict[str, int]
    rejected: dict[str, int]
    notices: dict[str, int]
    unresolved: int
    quads: int
    seconds: float
    peak_bytes: int

    @property
    def attributions(self) -> tuple[tuple[str, Language], ...]:
        """The sentences by which the source wants to be named, each with its language."""
        texts: tuple[tuple[str, Language], ...] = ((self.attribution_en, "en"), (self.attribution_fr, "fr"))
        return tuple((text, language) for text, language in texts if text)

    @classmethod
    def of(cls, slug: str, kind: str, provenance: Provenance, **sums: Any) -> SourceEntry:
        """The entry of a source from what it says of itself and what was counted."""
        licence = provenance.licence
        return cls(
            slug=slug,
            kind=kind,
            title_en=provenance.title_en,
            title_fr=provenance.title_fr,
            publisher=provenance.publisher,
            licence_iri=licence.iri,
            licence_name=licence.name,
            attribution_en=licence.attribution_en,
            attribution_fr=licence.attribution_fr,
            edition=provenance.edition,
            files=tuple(FileEntry(f.name, f.size, f.sha256, f.modified) for f in provenance.files),
            **sums,
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of `manifest.json`.

    `inputs_sha256` covers source files, versions and base: equal inputs, equal content. `retired` lists targets of
    crosswalks that the loaded ESCO no longer has; `links_changed` counts what a derived release changed,
    `linking` what became of the texts of each language, `comparability` which pairs are asserted, and how many were
    cut. `created` is
    empty for data of others in an engine elsewhere, of which it is not known.
    """

    identifier: str
    created: str
    base: str
    demo: bool
    software: str
    versions: dict[str, str]
    inputs_sha256: str
    sources: tuple[SourceEntry, ...]
    triples: int
    graphs: dict[str, int]
    links: dict[str, int]
    validation: dict[str, Any]
    seconds: float
    peak_bytes: int
    retired: list[str] = field(default_factory=list)
    derived_from: str = ""
    links_changed: int = 0
    linking: dict[str, Any] = field(default_factory=dict)
    comparability: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into the folder of a release."""
        (folder / FILE_NAME).write_text(self.text(), encoding="utf-8")

    @classmethod
    def read_from(cls, folder: Path) -> Manifest:
        """Read it back. Raises DamagedRelease when it is missing or not ours."""
        try:
            return cls.parsed((folder / FILE_NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DamagedRelease("release-damaged", place=Place(file=folder.name), reason=reason_of(error)) from error

    def text(self) -> str:
        """The content of `manifest.json`."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    @classmethod
    def parsed(cls, text: str) -> Manifest:
        """The manifest behind `text`. Raises ValueError, KeyError, TypeError, AttributeError for anything else."""
        document = json.loads(text)
        sources = tuple(
            SourceEntry(**{**entry, "files": tuple(_checked(FileEntry(**f)) for f in entry["files"])})
            for entry in document.pop("sources")
        )
        return _checked(cls(sources=tuple(map(_checked, sources)), **document))


Entry = TypeVar("Entry", FileEntry, SourceEntry, Manifest)


def _checked(entry: Entry) -> Entry:
    """`entry`, whose values have the types that its fields say. Raises TypeError."""
    for each in fields(entry):
        value, declared = getattr(entry, each.name), str(each.type)
        kind = _KINDS[declared.partition("[")[0]]
        counts = value.values() if declared == "dict[str, int]" and isinstance(value, dict) else ()
        if not isinstance(value, kind) or not all(isinstance(count, int) for count in counts):
            raise TypeError(each.name)
    return entry


_KINDS: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "dict": dict,
    "list": list,
    "tuple": tuple,
}
