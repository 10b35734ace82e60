"""Crosswalks against what is loaded: the targets that the loaded version of ESCO no longer has."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from passerelle.namespaces import PREFIXES
from passerelle.records.crosswalk import MAPPING_RELATIONS

_ESCO = "http://data.europa.eu/esco/"
_LOADED = f"PREFIX esco: <{PREFIXES['esco']}> ASK {{ GRAPH ?any {{ ?occupation a esco:Occupation }} }}"


@dataclass(frozen=True, slots=True)
class RetiredTarget:
    """An ESCO IRI that a crosswalk maps to and that the loaded version does not describe, with its mappings' number."""

    iri: str
    mappings: int


def retired_targets(store: ox.Store, graph: str) -> tuple[RetiredTarget, ...]:
    """The retired targets of the crosswalk in the named graph `graph` (IRI), sorted.

    Retired means absent from the loaded version of ESCO; without ESCO nothing can be said, and nothing is.
    """
    if not store.query(_LOADED):
        return ()
    relations = "|".join(MAPPING_RELATIONS)
    rows = store.query(
        f"PREFIX skos: <{PREFIXES['skos']}> SELECT ?target (COUNT(?subject) AS ?mappings)"
        f" {{ GRAPH <{graph}> {{ ?subject {relations} ?target }}"
        f' FILTER(STRSTARTS(STR(?target), "{_ESCO}"))'
        f" FILTER NOT EXISTS {{ GRAPH ?any {{ ?target a skos:Concept }} }} }} GROUP BY ?target ORDER BY STR(?target)"
    )
    if not isinstance(rows, ox.QuerySolutions):
        raise TypeError(rows)
    return tuple(RetiredTarget(row["target"].value, int(row["mappings"].value)) for row in rows)
