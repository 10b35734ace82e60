"""ESCO's collections (green, digital, transversal …): who is in them, and what they add to the table of skills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from passerelle.records.concept import SchemeMembership
from passerelle.records.mapping_table import value_table
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally
from passerelle.sources.csv_tables import TableRow
from passerelle.sources.esco_values import bars, is_concept, values

CollectionTable = tuple[str, str, int, Iterator[TableRow], Place]
"""Name of the table, language, number of the package among those that have the table, rows, place."""


@dataclass(slots=True)
class Collected:
    """What all collections hold: members, coded values by (IRI, column), and texts by (IRI, language).

    Texts are the collection's own label, its alternative labels and its description.
    """

    memberships: list[tuple[SchemeMembership, Place]] = field(default_factory=list)
    types: dict[tuple[str, str], str] = field(default_factory=dict)
    texts: dict[tuple[str, str], tuple[str, tuple[str, ...], str]] = field(default_factory=dict)


def collected(tables: Iterable[CollectionTable], tally: Tally) -> Collected:
    """Read the collections: some 2,500 rows in ESCO 1.2, so they are kept in memory. Raises InputError.

    Items counted: membership in the first package that has the table, label in the others.
    """
    found = Collected()
    for table, language, number, rows, file in tables:
        scheme = collection_schemes()[table]
        for row in rows:
            iri = row.cells["conceptUri"]
            place = Place(file.file, row.line, iri[:200])
            if not is_concept(iri):
                tally.reject(Reject("membership", "esco-iri", place, {"value": iri[:200]}))
                continue
            tally.accept("label" if number else "membership")
            if not number:
                found.memberships.append((SchemeMembership(iri, scheme), place))
                for column in ("skillType", "reuseLevel"):
                    value = values(column, row.cells.get(column, ""), place, tally)
                    if value:
                        found.types.setdefault((iri, column), value)
            cells = row.cells
            texts = cells.get("preferredLabel", ""), bars(cells.get("altLabels", "")), cells.get("description", "")
            found.texts.setdefault((iri, language), texts)
    return found


@cache
def collection_schemes() -> Mapping[str, str]:
    """The concept scheme (IRI) of each collection table, by `mappings/esco-collections.tsv`."""
    return value_table("esco-collections.tsv", "file", "scheme")
