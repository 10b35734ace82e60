"""Lawful pairs of units that somebody gives: a TSV file of source, target, the source of the rule, and maybe more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from passerelle.errors import MalformedInput, UnknownUnit
from passerelle.graph.official_pairs import OfficialPair
from passerelle.records.place import Place

COLUMNS = ("source", "target", "rule")
_PREDECESSOR = "predecessor"
_LARGEST = 10 * 1024**2


def given_pairs(path: Path, identified: Callable[[str], str]) -> list[OfficialPair]:
    """The pairs of a file with the columns of COLUMNS, in any order; `identified` leads from a name to a unit's IRI.

    A column `predecessor` with `yes` says that one certification replaced the other. Raises MalformedInput: no such
    file, no UTF-8, a column that is missing, a line without source or target, a unit that there is not.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise MalformedInput("correspondences-file", place=Place(str(path)))
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise MalformedInput("correspondences-file", place=Place(str(path))) from None
    header = lines[0].split("\t") if lines else []
    if missing := [name for name in COLUMNS if name not in header]:
        raise MalformedInput("correspondences-columns", place=Place(str(path)), columns=", ".join(missing))
    found = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        row = dict(zip(header, line.split("\t") + [""] * len(header), strict=False))
        try:
            source, target = identified(row["source"].strip()), identified(row["target"].strip())
        except UnknownUnit as error:
            written = error.parameters.get("written", "")
            raise MalformedInput("correspondences-unit", place=Place(str(path), line=number), written=written) from None
        predecessor = row.get(_PREDECESSOR, "").strip().lower() == "yes"
        found.append(OfficialPair(source, target, "given", row["rule"].strip(), predecessor=predecessor))
    return found
