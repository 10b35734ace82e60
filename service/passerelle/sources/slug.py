"""The slug of a source that is one file: names its graph, the same wherever the file stands."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from passerelle.namespaces import short_hash


def slug_of(kind: str, path: Path) -> str:
    """`{kind}-` and the file's name without endings, in ASCII; a name in another script is told by its hash.

    >>> slug_of("units", Path("data/Île-de-France 2026.csv.gz"))
    'units-ile-de-france-2026'
    """
    name = path.name.lower().removesuffix(".gz").removesuffix(".zip")
    stem = unicodedata.normalize("NFKD", PurePosixPath(name).stem)
    letters = "".join(each for each in stem if not unicodedata.combining(each))
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    if not letters.isascii():
        slug = "-".join(filter(None, (slug, short_hash(stem)[:8])))
    return f"{kind}-{slug}"
