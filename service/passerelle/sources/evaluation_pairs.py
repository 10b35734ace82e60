"""Reads pairs of a French competence text and an ESCO skill, made by people, that the ranking is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import ArchiveLimits, open_input
from passerelle.sources.csv_tables import TableForm, column_tables, read_table
from passerelle.sources.esco_values import is_concept

FIELDS = "evaluation-pairs.fields.tsv"

LANGUAGE = "fr"
"""The language of the column that is read."""

_RELATIONS = frozenset(
    ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
)


@dataclass(frozen=True, slots=True)
class EvaluationPair:
    """A row: the identifier and text of a query, a skill (IRI), and how they are related (CURIE)."""

    query: str
    text: str
    skill: str
    relation: str


def evaluation_pairs(path: Path, tally: Tally, limits: ArchiveLimits | None = None) -> Iterator[EvaluationPair]:
    """The pairs of a CSV file (or the only one in an archive), counted as `pair`; bad rows are rejected.

    Raises InputError for a file that cannot be read or lacks a column.
    """
    with open_input(path, limits or ArchiveLimits()) as files:
        name = files.only(".csv") if len(files.names()) > 1 else files.names()[0]
        with files.open(name) as stream:
            for row in read_table(stream, files.place(name), TableForm(column_tables(FIELDS)["pairs"], "pair"), tally):
                cells = row.cells
                place = Place(files.place(name).file, row.line, cells["srcId"][:200])
                pair = EvaluationPair(cells["srcId"], cells["text_fr"], cells["escoUri"], cells["relation"])
                if not pair.query or not pair.text:
                    tally.reject(Reject("pair", "evaluation-empty", place))
                elif not is_concept(pair.skill):
                    tally.reject(Reject("pair", "esco-iri", place, {"value": pair.skill[:200]}))
                elif pair.relation not in _RELATIONS:
                    tally.reject(Reject("pair", "evaluation-relation", place, {"value": pair.relation[:200]}))
                else:
                    tally.accept("pair")
                    yield pair
