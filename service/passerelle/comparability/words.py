"""What identifiers are called, in one language: concepts, rows of `mappings/`, things of the graph, sources.

Every identifier in a document stands beside its label; one object of this class makes them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Protocol

from passerelle.graph.manifest import Manifest
from passerelle.linking.labels import primary
from passerelle.messages import Language, message
from passerelle.messages.typography import set_off
from passerelle.namespaces import VOCABULARY, Minting
from passerelle.records.mapping_table import rows
from passerelle.records.national_levels import national_level_name
from passerelle.records.text import LanguageText
from passerelle.records.unit_tables import countries

Json = dict[str, Any]

LONGEST_KEPT = 20_000
"""Labels that one process keeps of what it was asked about, beside those that it learned."""


class Labels(Protocol):
    """Where the names of things are looked up: `graph.compared_units.UnitReader`."""

    def label(self, iri: str, language: Language) -> LanguageText:
        """What a thing is called, in the language if it has a name there."""


class Words:
    """Names things for one release and one language. Not for several threads."""

    def __init__(self, labels: Labels, manifest: Manifest, language: Language) -> None:
        self._labels = labels
        self._kept: dict[str, LanguageText] = {}
        self._learned: dict[str, LanguageText] = {}
        self.manifest = manifest
        self.language: Language = language
        minting = Minting(manifest.base)
        french = language == "fr"
        self._sources = {
            minting.graph("vocabularies"): self.say("comparison-vocabularies"),
            **{minting.graph(entry.slug): entry.title_fr if french else entry.title_en for entry in manifest.sources},
        }

    def learn(self, labels: Iterable[tuple[str, LanguageText]]) -> None:
        """Keep what things (IRIs) are called, for good: of the labels given, those in this language."""
        self._learned.update((iri, label) for iri, label in labels if label.language == self.language)

    def say(self, identifier: str, **parameters: object) -> str:
        """A sentence of the catalogue."""
        return message(identifier).what(self.language, **parameters)

    def concept(self, scheme: str, name: str) -> Json:
        """A concept of one of our vocabularies: `name` and `label`."""
        return {"name": name, "label": self._label(f"{VOCABULARY}{scheme}/{name}").text}

    def row(self, table: str, name: str) -> Json:
        """A row of a table of `mappings/`: `name` and `label`."""
        return {"name": name, "label": _rows(table).get(name, {}).get(f"label_{self.language}") or name}

    def rule(self, table: str, name: str) -> Json:
        """A rule of a table of `mappings/`: also where it comes from (`basis`) and its `reason`."""
        found = _rows(table).get(name, {})
        reason = found.get(f"reason_{self.language}", "")
        columns = (f"source_{self.language}", f"basis_{self.language}", "basis", "source")
        basis = next((found[column] for column in columns if found.get(column)), "")
        return {**self.row(table, name), "basis": basis, "reason": reason}

    def purpose(self, name: str) -> Json:
        """A purpose: `name`, `label`, who `decides`, the `remark` that stands beside a finding, and its `source`."""
        found = _rows("purposes.tsv").get(name, {})
        return {
            **self.row("purposes.tsv", name),
            "decides": found.get(f"decides_{self.language}", ""),
            "remark": found.get(f"remark_{self.language}", ""),
            "source": found.get(f"source_{self.language}", ""),
        }

    def thing(self, iri: str) -> Json:
        """A thing of the graph: `iri`, `label`, `language` of the label (empty where none is stated)."""
        label = self._label(iri)
        return {"iri": iri, "label": label.text, "language": label.language}

    def text(self, texts: Iterable[LanguageText]) -> Json:
        """The one of several wordings that is shown: in the language, else English, else French, else the first.

        The same choice as that of `UnitReader.label`, so that a unit has one title wherever it is shown.
        """
        found = list(texts)
        for wanted in (self.language, "en", "fr"):
            for each in found:
                if primary(each.language) == wanted:
                    return wording(each)
        first = min(found, key=lambda each: each.language.lower(), default=LanguageText("", ""))
        return wording(first)

    def country(self, code: str) -> Json | None:
        """A country by its alpha-2 code: `name` and `label`; None for none."""
        if not code:
            return None
        known = countries().get(code)
        label = code if known is None else known.label_fr if self.language == "fr" else known.label_en
        return {"name": code, "label": label}

    def source(self, graph: str) -> Json:
        """Who states something: `graph` and `title`."""
        return {"graph": graph, "title": self._sources.get(graph) or graph.rpartition("/")[2] or graph}

    def _label(self, iri: str) -> LanguageText:
        found = self._learned.get(iri) or self._kept.get(iri)
        if found is None:
            if len(self._kept) >= LONGEST_KEPT:
                self._kept.clear()
            found = self._labels.label(iri, self.language)
            if found.text == iri:
                found = national_level_name(iri) or found
            self._kept[iri] = found
        return found


def wording(text: LanguageText) -> Json:
    """A text and its language."""
    return {"text": text.text, "language": text.language}


@cache
def _rows(table: str) -> dict[str, dict[str, str]]:
    """The rows of a table by their first column, what is French with the spaces that keep its lines together."""
    return {
        next(iter(row.values())): {
            name: set_off(value) if name.endswith("_fr") else value for name, value in row.items()
        }
        for row in rows(table)
    }
