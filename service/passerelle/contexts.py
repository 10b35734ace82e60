"""The frozen JSON-LD contexts: what stands behind each address that we know, and where ours differs from the official.

A remote context is never requested. `data/contexts/index.tsv` lists the addresses, `repairs.tsv` every term that ours
defines otherwise than the official context of that file (an empty `official` is a term that it does not have).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from passerelle.resources import folder, rows

Kind = Literal["official", "alias"]


@dataclass(frozen=True, slots=True)
class KnownContext:
    """An address and the file of `data/contexts` that is read for it."""

    url: str
    file: str
    kind: Kind
    remark_en: str
    remark_fr: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A term that means something else here than in the official context, and why."""

    file: str
    term: str
    official: str
    ours: str
    reason_en: str
    reason_fr: str


@cache
def known_contexts() -> Mapping[str, KnownContext]:
    """Every known address, the official ones of a file before its aliases."""
    kinds: Mapping[str, Kind] = {"official": "official", "alias": "alias"}
    return {
        row["url"]: KnownContext(row["url"], row["file"], kinds[row["kind"]], row["remark_en"], row["remark_fr"])
        for row in _table("index.tsv")
    }


@cache
def repairs() -> tuple[Repair, ...]:
    """The documented differences from the official contexts, file by file."""
    return tuple(Repair(**row) for row in _table("repairs.tsv"))


@cache
def local_contexts() -> Mapping[str, Mapping[str, Any]]:
    """The content of `@context` by every known address; addresses of one file share one object. Do not change it."""
    return {url: _content(known.file) for url, known in known_contexts().items()}


@cache
def _content(file: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder("data") / "contexts" / file).read_text(encoding="utf-8"))["@context"]
    return found


def _table(name: str) -> Iterator[dict[str, str]]:
    return rows(folder("data") / "contexts" / name)
