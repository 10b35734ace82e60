"""Finds ontology, shapes, mappings and data, in a checkout or in an installed wheel, and reads their tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

Folder = Literal["ontology", "shapes", "mappings", "data"]

_PACKAGE = Path(__file__).parent


def folder(name: Folder) -> Path:
    """The folder of that name: beside `service/` in a checkout, inside the package in a wheel."""
    packaged = _PACKAGE / "_resources" / name
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / name


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one of our tab-separated tables (UTF-8, a line of names, no quoting) by column. Raises OSError."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
