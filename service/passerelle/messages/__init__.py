"""The sentences that users read: `*.tsv` beside this module, one row a message, French and English.

Columns: `id`, `en`, `fr`, `remedy_en`, `remedy_fr`. Placeholders are `{name}`, the same in both languages.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from passerelle.messages.typography import set_off
from passerelle.resources import rows

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Message:
    """One message in both languages."""

    identifier: str
    en: str
    fr: str
    remedy_en: str
    remedy_fr: str

    def what(self, language: Language, /, **parameters: object) -> str:
        """The sentence with its placeholders filled."""
        return (self.fr if language == "fr" else self.en).format(**parameters)

    def remedy(self, language: Language, /, **parameters: object) -> str:
        """What to do, with its placeholders filled; empty where nothing can be done."""
        return (self.remedy_fr if language == "fr" else self.remedy_en).format(**parameters)


@cache
def catalogue() -> dict[str, Message]:
    """All messages by identifier. Raises ValueError when two files define the same one."""
    found: dict[str, Message] = {}
    for path in sorted(Path(__file__).parent.glob("*.tsv")):
        for row in rows(path):
            if row["id"] in found:
                raise ValueError(f"{path.name}: message {row['id']} is defined twice")
            french, remedy = (set_off(row[name] or "") for name in ("fr", "remedy_fr"))
            found[row["id"]] = Message(row["id"], row["en"], french, row["remedy_en"] or "", remedy)
    return found


def message(identifier: str) -> Message:
    """The message with this identifier. Raises KeyError: a missing text is a defect of ours."""
    return catalogue()[identifier]


def language_of_environment() -> Language:
    """The user's language from LC_ALL, LC_MESSAGES or LANG; English where none says French."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"
