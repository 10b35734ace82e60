"""Messages: both languages say the same things, and the code names only messages that exist."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from passerelle.messages import Message, catalogue

PLACEHOLDERS = string.Formatter()


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in PLACEHOLDERS.parse(text) if name}


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry.identifier)
def test_each_message_is_in_both_languages_with_the_same_placeholders(entry: Message) -> None:
    assert entry.en
    assert entry.fr
    assert placeholders(entry.en) == placeholders(entry.fr)
    assert bool(entry.remedy_en) == bool(entry.remedy_fr)
    assert placeholders(entry.remedy_en) == placeholders(entry.remedy_fr)


def test_every_message_is_used_and_every_used_one_exists(root: Path) -> None:
    package = root / "service" / "passerelle"
    sources = [*package.rglob("*.py"), *package.rglob("*.html"), *(root / "mappings").glob("*.tsv")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    literals = set(re.findall(r"[\"'`]([a-z0-9]+(?:-[a-z0-9]+)+)[\"'`]", code))
    built = set(re.findall(r"f\"([a-z0-9-]+-)\{", code)) | {"item-"}
    unused = {name for name in catalogue() if name not in literals and not any(name.startswith(stem) for stem in built)}
    assert unused == set()
    raised = set(
        re.findall(
            r"(?:Error|Input|Release|Progress|Refused|Lost|Timeout|Memory|Large|Type|Acceptable|Name|Use|Overloaded)\(\s*\"([a-z0-9-]+)\"",
            code,
        )
    )
    raised |= set(re.findall(r"Reject\(\s*\"[a-z]+\",\s*\"([a-z0-9-]+)\"", code))
    assert {name for name in raised if "-" in name} <= set(catalogue())
