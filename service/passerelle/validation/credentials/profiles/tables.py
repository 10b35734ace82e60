"""Reads the tables of constraints: one row a property of a class, one column a kind of constraint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from passerelle.namespaces import expand
from passerelle.resources import rows
from passerelle.validation.credentials.profiles.names import profile_folder

COUNTED = ("min", "max")
SIMPLE = ("class", "datatype", "node_kind", "unique_lang", "node", "disjoint", "max_inclusive", "or", "and")
WITHIN = ("has_value", "in", "pattern")
"""Constraints of the shapes that others refer to; no rule of its own has one."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one shape says of one property, or of the node itself where `path` is empty.

    `shape` is the official name of the node shape, `target` the class that it is about; a shape without one is only
    referred to. `cells` holds the constraints by column, empty ones left out: CURIEs, IRIs in angle brackets, numbers;
    in `or` and `and` alternatives such as `class elm:Agent`, parted by ` | `. `closed` lists the properties that a
    closed shape ignores; all that have a row in it are allowed there.
    """

    shape: str
    target: str
    path: str
    cells: dict[str, str]


@cache
def table(profile: str) -> tuple[Row, ...]:
    """The rows of one profile alone, without those that it builds on. Raises OSError."""
    return tuple(_rows(profile))


def iri(name: str) -> str:
    """The IRI of a CURIE, or of an IRI in angle brackets. Raises KeyError for an unknown prefix."""
    return name[1:-1] if name.startswith("<") else expand(name)


def local_name(name: str) -> str:
    """The last part of a CURIE or IRI.

    >>> local_name("elm:EQFLevel"), local_name("<https://schema.org/name>")
    ('EQFLevel', 'name')
    """
    return name.rstrip(">").replace("#", "/").replace(":", "/").rpartition("/")[2]


def alternatives(cell: str) -> Iterator[tuple[str, str]]:
    """The kind and the value of each alternative in a cell of `or` or `and`."""
    for each in cell.split(" | "):
        kind, _, value = each.partition(" ")
        yield kind, value


def _rows(profile: str) -> Iterator[Row]:
    for row in rows(profile_folder() / "tables" / f"{profile}.tsv"):
        cells = {column: value for column, value in row.items() if value}
        yield Row(cells.pop("shape"), cells.pop("target", ""), cells.pop("property", ""), cells)
