"""Reads the field tables under `mappings/`: what each element of a source's format means."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from passerelle.records.mapping_table import rows

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
