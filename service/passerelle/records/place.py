"""Where in an input something stands: file, line, record, JSON pointer."""

from __future__ import annotations

from dataclasses import dataclass


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

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(f"line {self.line}")
        parts += [self.record, self.pointer]
        return ", ".join(part for part in parts if part)


NOWHERE = Place()
