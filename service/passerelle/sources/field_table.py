"""Reads the field tables and value tables under `mappings/` (tab separated, no quoting, `#` starts a comment line)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import Literal

from passerelle.records.fiche import Catalogue
from passerelle.resources import folder


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `mappings/{name}` by column name. Raises FileNotFoundError."""
    lines = (folder("mappings") / name).read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    header = lines[0].split("\t")
    return tuple(dict(zip(header, line.split("\t") + [""] * len(header), strict=False)) for line in lines[1:])


@cache
def value_table(name: str, key: str = "source_value", value: str = "concept") -> dict[str, str]:
    """Column `key` to column `value` of `mappings/{name}`."""
    return {row[key]: row[value] for row in rows(name)}


Kind = Literal["group", "record", "list", "value", "dropped"]

_KINDS: dict[str, Kind] = {"group": "group", "record": "record", "record-list": "list", "route": "list"}


@dataclass(slots=True)
class Element:
    """What a field table says about one element of an XML format.

    `kind`: a group only holds elements; a record (or one of a list) is a mapping of its own under `field`; a value
    goes through `transform` into `field`; the dropped ones carry their `reason`. `many` values make a list.
    """

    tag: str
    catalogue: str
    kind: Kind
    field: str
    transform: str
    reason: str
    many: bool
    children: dict[str, Element] = dataclasses.field(default_factory=dict)

    def known_in(self, catalogue: Catalogue) -> bool:
        """Whether the element belongs into this catalogue."""
        return self.catalogue in {"both", catalogue}


def element_tree(name: str) -> Element:
    """The table `mappings/{name}` as a tree, its root the (nameless) document element."""
    root = Element("", "both", "group", "", "group", "", many=False)
    for row in rows(name):
        *above, tag = row["path"].split("/")
        parent = root
        for step in above:
            parent = parent.children[step]
        transform = row["transform"].removesuffix("-list")
        kind = _KINDS.get(row["transform"]) or ("dropped" if row["transform"] in {"dropped", "version"} else "value")
        parent.children[tag] = Element(
            tag,
            row["catalogue"],
            kind,
            row["field"],
            transform,
            row["reason"],
            many=row["transform"].endswith("-list") and kind == "value",
        )
    return root
