"""The links of a release as SSSOM TSV, one mapping set for each class of links.

The form is the canonical one (SSSOM 1.1, "Canonical SSSOM/TSV format"): slots in the order of the specification, rows
sorted by all their columns, slots with one value for a whole set moved into its header, empty columns and unused or
built-in prefixes left out, LF.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

import yaml

from passerelle.graph.link_rows import LinkRow
from passerelle.graph.manifest import Manifest
from passerelle.graph.rights import OUR_LICENCE
from passerelle.linking.curies import Curies
from passerelle.messages import message
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import LINK_CLASSES, LinkClass

CLASS_OF_STATE: Mapping[str, LinkClass] = {
    "accepted": "reviewed",
    "rejected": "reviewed",
    "official": "official",
    "declared": "declared",
    "candidate": "machine",
}
"""The link set of each state; a rejected link stands among the reviewed ones, with the modifier Not."""

_STATUS_SLOT = "confidence_status"
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "subject_source",
    "subject_source_version",
    "object_source",
    "object_source_version",
    "mapping_tool",
    "mapping_tool_version",
    "mapping_date",
    "confidence",
    _STATUS_SLOT,
)
"""In the order of the slots of `Mapping` in the specification; extensions stand last."""
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_PROPAGATED = frozenset(_COLUMNS[_COLUMNS.index("subject_source") : _COLUMNS.index("confidence")])
"""Those of _COLUMNS that a mapping set may state for all its mappings."""
_IDENTIFIERS = tuple(_COLUMNS.index(name) for name in (*_REQUIRED, "subject_source", "object_source"))

_Row = tuple[str, ...]


def file_name(link_class: LinkClass) -> str:
    """Where the link set of a class stands below the folder of a release."""
    return f"links/{link_class}.sssom.tsv"


class LinkSets:
    """Writes the link sets of a release; `manifest` says of which one, and the editions of its sources."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._minting = Minting(manifest.base)
        self._curies = Curies(self._minting.identifier(""))
        self._editions = {entry.slug: entry.edition for entry in manifest.sources}
        self._publishers = {entry.slug: entry.publisher or entry.title_en for entry in manifest.sources}
        self._esco_edition = next((entry.edition for entry in manifest.sources if entry.kind == "esco"), "")

    def outcome_order(self, outcome: str) -> str:
        """The key by which the outcomes (IRIs) of a set are sorted: how they are written there."""
        return self._curies.curie(outcome)

    def write(self, rows: Iterable[LinkRow], targets: Mapping[LinkClass, Path]) -> dict[LinkClass, int]:
        """Write a file for each of some classes, and return how many links each holds.

        `rows` come sorted by `outcome_order` of their outcomes. A class without links has a file too: it says so.
        """
        with ExitStack() as files:
            sets = {each: _Set(files.enter_context(_scratch())) for each in LINK_CLASSES if each in targets}
            for _, of_outcome in groupby(rows, key=_outcome):
                for row, link_class in sorted((self._row(each), CLASS_OF_STATE[each.state]) for each in of_outcome):
                    if link_class in sets:
                        sets[link_class].take(row)
            for link_class, each in sets.items():
                with targets[link_class].open("w", encoding="utf-8", newline="") as target:
                    each.write(target, self._header(link_class, each))
        return {link_class: each.count for link_class, each in sets.items()}

    def _row(self, link: LinkRow) -> _Row:
        machine = link.state == "candidate"
        source = self._curies.curie(self._minting.identifier("source", link.source)) if link.source else ""
        software, linker = self._manifest.versions["software"], self._manifest.versions["linker"]
        return (
            self._curies.curie(link.outcome),
            link.text,
            link.relation,
            "Not" if link.state == "rejected" else "",
            self._curies.curie(link.skill),
            link.skill_label,
            link.justification,
            self._author(link),
            source,
            self._editions.get(link.source, ""),
            "esco:concept-scheme/skills",
            self._esco_edition,
            "Passerelle" if machine else "",
            f"{software} ({linker})" if machine else "",
            link.date or (self._manifest.created[:10] if machine else ""),
            link.confidence if machine else "",
            link.status if machine else "",
        )

    def _author(self, link: LinkRow) -> str:
        """The tool, or the publisher of what states the link; people are named in the review log alone."""
        if link.state == "candidate":
            return "Passerelle"
        stated = CLASS_OF_STATE[link.state] != "reviewed"
        # several authors would stand between these bars
        return self._publishers.get(link.source, "").replace("|", "/") if stated else ""

    def _header(self, link_class: LinkClass, found: _Set) -> dict[str, object]:
        """The metadata of a set, its slots in the order of the specification."""
        manifest, title, about = self._manifest, message("link-set-title"), message("link-set-about")
        kind = message(f"link-set-{link_class}")
        extension = {"slot_name": _STATUS_SLOT, "property": "psl:confidenceStatus", "type_hint": "xsd:string"}
        used = found.prefixes | ({"psl"} if _STATUS_SLOT in found.columns else set())
        slots: dict[str, object] = {
            "sssom_version": "1.1",
            "curie_map": self._curies.prefix_map(used),
            "mapping_set_id": self._minting.identifier("link-set", manifest.identifier, link_class),
            "mapping_set_version": manifest.identifier,
            "mapping_set_title": " / ".join(
                title.what(language, kind=kind.what(language)) for language in ("en", "fr")
            ),
            "mapping_set_description": f"{about.what('en')} {about.what('fr')}",
            "license": OUR_LICENCE,
            **found.shared,
            "publication_date": manifest.created[:10],
            "comment": " ".join(sorted({text for entry in manifest.sources for text, _ in entry.attributions})),
            "extension_definitions": [extension] if _STATUS_SLOT in found.columns else [],
        }
        return {name: value for name, value in slots.items() if value}


class _Set:
    """The rows of one set on their way into a file: only the last of them tells what goes into the header."""

    def __init__(self, scratch: TextIO) -> None:
        self.count = 0
        self.prefixes: set[str] = set()
        self._scratch = scratch
        self._writer = csv.writer(scratch, delimiter="\t", lineterminator="\n")
        self._only: list[str | None] = []
        self._filled: set[int] = set()

    def take(self, row: _Row) -> None:
        self._writer.writerow(row)
        if not self.count:
            self._only = list(row)
        self.count += 1
        for column, cell in enumerate(row):
            if self._only[column] != cell:
                self._only[column] = None
            if cell:
                self._filled.add(column)
        self.prefixes.update(row[column].partition(":")[0] for column in _IDENTIFIERS if row[column])

    @property
    def shared(self) -> dict[str, str]:
        """What holds for all rows and stands in the header instead."""
        return {name: only for name, only in zip(_COLUMNS, self._only, strict=False) if only and name in _PROPAGATED}

    @property
    def columns(self) -> list[str]:
        """What stands in the rows."""
        return [
            name
            for column, name in enumerate(_COLUMNS)
            if name not in self.shared and (column in self._filled or name in _REQUIRED)
        ]

    def write(self, target: TextIO, header: Mapping[str, object]) -> None:
        dumped = yaml.safe_dump(dict(header), allow_unicode=True, sort_keys=False, width=1_000_000)
        target.writelines(f"#{line}\n" for line in dumped.splitlines())
        writer = csv.writer(target, delimiter="\t", lineterminator="\n")
        writer.writerow(self.columns)
        kept = [_COLUMNS.index(name) for name in self.columns]
        self._scratch.seek(0)
        writer.writerows([row[column] for column in kept] for row in csv.reader(self._scratch, delimiter="\t"))


def _scratch() -> TextIO:
    return TemporaryFile("w+", encoding="utf-8", newline="")


def _outcome(row: LinkRow) -> str:
    return row.outcome
