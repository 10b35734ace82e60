"""The files of an index: one array a file, read through memory maps, and a description with versions and counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from passerelle.errors import DamagedRelease
from passerelle.graph.damage import reason_of
from passerelle.records.place import Place

FOLDER = "comparability"
"""Its place in the folder of a release."""

FORMAT = 5
"""Changes whenever an array changes its name or meaning; an index of another format is not read."""

_DESCRIPTION = "index.json"

Arrays = Mapping[str, npt.NDArray[Any]]


def write(folder: Path, arrays: Arrays, description: Mapping[str, Any]) -> None:
    """Write them into `folder`, which is part of a staged release: nobody reads it before it is published."""
    folder.mkdir(exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    text = json.dumps({**description, "format": FORMAT, "arrays": sorted(arrays)}, ensure_ascii=False, indent=2)
    (folder / _DESCRIPTION).write_text(text + "\n", encoding="utf-8")


def is_readable(folder: Path) -> bool:
    """Whether there is an index of this format; nothing else of it is looked at."""
    try:
        description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        return bool(description["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def read(
    folder: Path, names: Iterable[str], described: Iterable[str]
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """The arrays of these names, read-only and read from the disk when touched; and these entries of the description.

    Raises DamagedRelease for a folder that is not there, not whole, or of another format.
    """
    try:
        description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        if description["format"] != FORMAT:
            raise ValueError(f"format {description['format']}")
        entries = {name: description[name] for name in described}
        arrays = {name: _mapped(folder / f"{name}.npy") for name in names}
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        place = Place(file=f"{folder.parent.name}/{folder.name}")
        raise DamagedRelease("release-damaged", place=place, reason=reason_of(error)) from error
    return arrays, entries


def _mapped(path: Path) -> npt.NDArray[Any]:
    try:
        mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        # nothing can be mapped from an empty array
        mapped = np.load(path, allow_pickle=False)
        if mapped.size:
            raise
    # the same memory without the class of maps, which makes every slice slower
    return mapped.view(np.ndarray)
