"""Cells of ESCO's tables: coded values as IRIs, lists, and what an IRI of ESCO looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from passerelle.records.concept import SkillNeed
from passerelle.records.mapping_table import rows
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally

_CONCEPT = re.compile(r"http://data\.europa\.eu/esco/[A-Za-z0-9][A-Za-z0-9._~/-]*")


def is_concept(iri: str) -> bool:
    """Whether this is an IRI under ESCO's own path, without characters that an IRI may not have."""
    return _CONCEPT.fullmatch(iri) is not None


def lines(cell: str) -> tuple[str, ...]:
    """The labels of a cell, one a line; sorted, each once."""
    return tuple(sorted({label.strip() for label in cell.splitlines()} - {""}))


def bars(cell: str) -> tuple[str, ...]:
    """The labels of a cell of a collection, set apart by ` | `; sorted, each once."""
    return tuple(sorted({label.strip() for label in cell.split(" | ")} - {""}))


def need(stated: str) -> SkillNeed | None:
    """The strength of a relation, None for a word that is neither."""
    if stated == "essential":
        return "essential"
    return "optional" if stated == "optional" else None


def values(column: str, stated: str, place: Place, tally: Tally) -> str:
    """The IRI of a coded value by `mappings/esco-values.tsv`; empty for none, and for an unknown one with a notice."""
    if not stated:
        return ""
    iri = _values().get((column, stated), "")
    if not iri:
        tally.notice(Reject("value", "esco-value", place, {"column": column, "value": stated[:200]}))
    return iri


def dropped_status(stated: str, place: Place, tally: Tally) -> None:
    """Notice a status other than `released`, the only one that published concepts have."""
    if stated not in ("", "released"):
        tally.notice(Reject("value", "esco-value", place, {"column": "status", "value": stated[:200]}))


@cache
def _values() -> Mapping[tuple[str, str], str]:
    return {(row["column"], row["source_value"]): row["iri"] for row in rows("esco-values.tsv")}
