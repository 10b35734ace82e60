"""What a validation found: one result of a shape, or one row of a rule across records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is: it breaks answers, it weakens them, or it is only notable."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result.

    `rule` is the IRI of the shape (or of the rule across records), `focus` the IRI of the thing found, `path` the
    property path in SPARQL notation with the prefixes of `namespaces` (empty where the rule is about the whole thing),
    `component` the CURIE of the SHACL constraint component (empty for rules across records), `value` the offending
    value as text (empty where something is missing).
    """

    severity: Severity
    rule: str
    focus: str
    message_en: str
    message_fr: str
    path: str = ""
    component: str = ""
    value: str = ""

    @property
    def messages(self) -> Mapping[str, str]:
        """The sentence in each language, by BCP 47 tag."""
        return {"en": self.message_en, "fr": self.message_fr}

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What two engines must agree on: focus, path, constraint component, shape."""
        return self.focus, self.path, self.component, self.rule
