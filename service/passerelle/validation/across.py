"""Runs the rules across records: SELECT queries of `shapes/across/` on the staged store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from passerelle.graph.solutions import select
from passerelle.records.finding import Finding, Severity
from passerelle.resources import folder
from passerelle.validation.shapes import Rule

RULES = "https://w3id.org/passerelle/shapes/across/"
"""Base of the IRIs of rules across records; the name of the file, which is the rule's id, follows."""

_HEADER = re.compile(r"#\s*([a-z_]+):\s*(.+)")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_KEYS = ("id", "severity", "message_en", "message_fr", "source_en", "source_fr")


@dataclass(frozen=True, slots=True)
class AcrossRule:
    """A rule across records: what it says about itself, and its query.

    The query yields `?focus`, maybe `?value`, and whatever its sentences name in braces.
    """

    rule: Rule
    query: str

    @classmethod
    def of(cls, path: Path) -> AcrossRule:
        """Read a rule from its file. Raises ValueError when a header line is missing or the id is not its name."""
        text = path.read_text(encoding="utf-8")
        header: dict[str, str] = {}
        for line in text.splitlines():
            match = _HEADER.fullmatch(line)
            if match is None:
                break
            header[match[1]] = match[2].strip()
        missing = [key for key in _KEYS if not header.get(key)]
        if missing or header["id"] != path.stem:
            raise ValueError(f"{path.name}: header lacks {', '.join(missing)}" if missing else f"{path.name}: other id")
        described = Rule(
            RULES + header["id"],
            Severity(header["severity"]),
            header["message_en"],
            header["message_fr"],
            header["source_en"],
            header["source_fr"],
        )
        return cls(described, text)

    @property
    def placeholders(self) -> frozenset[str]:
        """The variables that the sentences name."""
        return frozenset(_PLACEHOLDER.findall(self.rule.message_en + self.rule.message_fr))

    def findings(self, store: ox.Store) -> Iterator[Finding]:
        """One finding a row, over the union of all graphs. Raises OSError when the store cannot be read."""
        rows = select(store, self.query, union=True)
        names = [variable.value for variable in rows.variables]
        for row in rows:
            values = {name: row[name].value for name in names if row[name] is not None}
            yield Finding(
                severity=self.rule.severity,
                rule=self.rule.iri,
                focus=values["focus"],
                message_en=_filled(self.rule.message_en, values),
                message_fr=_filled(self.rule.message_fr, values),
                value=values.get("value", ""),
            )


def across_rules(place: Path | None = None) -> tuple[AcrossRule, ...]:
    """The rules of a folder (by default those of the product) in the order of their ids."""
    place = folder("shapes") / "across" if place is None else place
    return tuple(AcrossRule.of(path) for path in sorted(place.glob("*.rq")))


def findings_across(store: ox.Store) -> Iterator[Finding]:
    """Findings of all rules across records, rule by rule."""
    for rule in across_rules():
        yield from rule.findings(store)


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    """The sentence with its placeholders filled; what the row leaves open is named by the focus node."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], values["focus"]), sentence)
