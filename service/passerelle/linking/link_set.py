"""The links of a release as SSSOM TSV, one mapping set for each class of links (`link_set_file` has their form)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from pathlib import Path

from passerelle.graph.link_rows import LinkRow
from passerelle.graph.manifest import Manifest
from passerelle.graph.rights import OUR_LICENCE
from passerelle.linking.curies import Curies
from passerelle.linking.link_set_file import STATUS_SLOT, LinkSetFile, Row, header_of, kept_rows, scratch
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


def file_name(link_class: LinkClass) -> str:
    """Where the link set of a class stands below the folder of a release."""
    return f"links/{link_class}.sssom.tsv"


class LinkSets:
    """Writes the link sets of a release; `manifest` says of which one, and the editions of its sources."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._proposed = manifest.created[:10]
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
            sets = {each: LinkSetFile(files.enter_context(scratch())) for each in LINK_CLASSES if each in targets}
            for _, of_outcome in groupby(rows, key=_outcome):
                for row, link_class in sorted((self._row(each), CLASS_OF_STATE[each.state]) for each in of_outcome):
                    if link_class in sets:
                        sets[link_class].take(row)
            for link_class, each in sets.items():
                self._finish(link_class, each, targets[link_class])
        return {link_class: each.count for link_class, each in sets.items()}

    def rewrite(
        self,
        rows: Iterable[LinkRow],
        outcomes: Iterable[str],
        parents: Mapping[LinkClass, Path],
        targets: Mapping[LinkClass, Path],
    ) -> None:
        """Write the sets of a derived release: those of its parent, with `rows` for what they say of `outcomes` (IRIs).

        Reading all links from a store takes minutes a million, copying rows seconds. A machine's link keeps the date on
        which it was proposed, which is that of the first release.
        """
        headers = {link_class: header_of(path) for link_class, path in parents.items()}
        self._proposed = headers["machine"].get("mapping_date", self._proposed)
        for header in headers.values():
            self._curies.know(header.get("curie_map", {}))
        without = frozenset(map(self._curies.curie, outcomes))
        fresh: dict[LinkClass, list[Row]] = {link_class: [] for link_class in targets}
        for each in rows:
            fresh[CLASS_OF_STATE[each.state]].append(self._row(each))
        for link_class, target in targets.items():
            with scratch() as waiting:
                found = LinkSetFile(waiting)
                for row in merge(kept_rows(parents[link_class], without), sorted(fresh[link_class])):
                    found.take(row)
                self._finish(link_class, found, target)

    def _finish(self, link_class: LinkClass, found: LinkSetFile, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as target:
            found.write(target, self._header(link_class, found))

    def _row(self, link: LinkRow) -> Row:
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
            link.date or (self._proposed if machine else ""),
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

    def _header(self, link_class: LinkClass, found: LinkSetFile) -> dict[str, object]:
        """The metadata of a set, its slots in the order of the specification."""
        manifest, title, about = self._manifest, message("link-set-title"), message("link-set-about")
        kind = message(f"link-set-{link_class}")
        extension = {"slot_name": STATUS_SLOT, "property": "psl:confidenceStatus", "type_hint": "xsd:string"}
        used = found.prefixes | ({"psl"} if STATUS_SLOT in found.columns else set())
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
            "extension_definitions": [extension] if STATUS_SLOT in found.columns else [],
        }
        return {name: value for name, value in slots.items() if value}


def _outcome(row: LinkRow) -> str:
    return row.outcome
