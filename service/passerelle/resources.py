"""Finds ontology, shapes, mappings and data, in a checkout or in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Folder = Literal["ontology", "shapes", "mappings", "data"]

_PACKAGE = Path(__file__).parent


def folder(name: Folder) -> Path:
    """The folder of that name: beside `service/` in a checkout, inside the package in a wheel."""
    packaged = _PACKAGE / "_resources" / name
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / name
