"""Where in an input something stands: file, line, record, JSON pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a person can find again.

    `file` is a name without folders (a folder name may tell who the user is), `line` counts from 1,
    `record` is what the source calls its record (fiche number, concept IRI, unit id), `pointer` a JSON pointer.
    """

    file: str = ""
    line: int | None = None
    record: str = ""
    pointer: str = ""

    def text(self, language: Literal["en", "fr"]) -> str:
        """The place in words."""
        line = "" if self.line is None else f"{'ligne' if language == 'fr' else 'line'} {self.line}"
        return ", ".join(part for part in (self.file, line, self.record, self.pointer) if part)

    def __str__(self) -> str:
        return self.text("en")


NOWHERE = Place()
