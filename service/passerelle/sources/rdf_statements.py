"""Sorts the statements of a foreign file: kept, kept as a claim about our things, or set aside with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from passerelle.namespaces import Minting, expand
from passerelle.records.mapping_table import rows
from passerelle.records.place import Place
from passerelle.records.statements import ForeignStatements
from passerelle.records.tally import Reject, Tally

_BATCH = 5_000
"""Statements in one record: enough that the record costs nothing, few enough that memory stays flat."""
_TYPE = expand("rdf:type")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold: answers in XML that contained one would be no XML."""


@cache
def personal_terms() -> dict[str, frozenset[str]]:
    """Classes and properties that speak of natural persons, from `mappings/personal-terms.tsv`, by kind."""
    return _terms("personal-terms.tsv")


@cache
def reserved_terms() -> dict[str, frozenset[str]]:
    """Classes and properties that no file may state, because answers trust them, by kind (IRIs).

    From `mappings/reserved-terms.tsv`: a file that calls its own link reviewed must not be believed.
    """
    return _terms("reserved-terms.tsv")


def _terms(name: str) -> dict[str, frozenset[str]]:
    return {kind: frozenset(row["term"] for row in rows(name) if row["kind"] == kind) for kind in ("class", "property")}


def persons(quads: Iterable[ox.Quad]) -> frozenset[str]:
    """The subjects that are persons, or the means to reach one."""
    classes = personal_terms()["class"]
    return frozenset(
        quad.subject.value
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and quad.predicate.value == _TYPE
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in classes
    )


def key_notice(tally: Tally, place: Place) -> Callable[[str, str], None]:
    """Tells `tally` of a JSON key that no context knows, with its pointer."""

    def notice(key: str, pointer: str) -> None:
        tally.notice(Reject("key", "rdf-json-key", Place(file=place.file, pointer=pointer), {"key": key}))

    return notice


def sorted_statements(
    quads: Iterable[ox.Quad], slug: str, minting: Minting, tally: Tally, *, excluded: frozenset[str], place: Place
) -> Iterator[ForeignStatements]:
    """Batches of the statements that stand, counting item `quad`.

    `excluded` are subjects of which nothing is published.
    Set aside: triple terms and text directions (RDF 1.2), statements in a graph of ours or with a term that only the
    build may use, what speaks of a person.
    """
    kept: list[ox.Quad] = []
    claims: list[ox.Quad] = []
    for quad in quads:
        reason = _reason(quad, excluded, minting)
        if reason:
            # the subject only: an object may be the very name that must not be published
            about = Place(file=place.file, record="" if reason == "rdf-person" else str(quad.subject)[:200])
            graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            tally.reject(Reject("quad", reason, about, {"graph": graph, "predicate": quad.predicate.value}))
            continue
        tally.accept("quad")
        if isinstance(quad.subject, ox.NamedNode) and minting.is_ours(quad.subject.value):
            tally.accept("claim")
            claims.append(quad)
        else:
            kept.append(quad)
        if len(kept) + len(claims) >= _BATCH:
            yield ForeignStatements(slug, tuple(kept), tuple(claims))
            kept, claims = [], []
    if kept or claims:
        yield ForeignStatements(slug, tuple(kept), tuple(claims))


def _reason(quad: ox.Quad, excluded: frozenset[str], minting: Minting) -> str:
    if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
        return "rdf-triple-term"
    if isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
        return "rdf-direction"
    if isinstance(quad.object, ox.Literal) and _CONTROL.search(quad.object.value):
        return "rdf-control"
    if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(minting.graph("")):
        return "rdf-reserved-graph"
    if quad.predicate.value in reserved_terms()["property"] or (
        quad.predicate.value == _TYPE
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in reserved_terms()["class"]
    ):
        return "rdf-reserved-term"
    personal = quad.predicate.value in personal_terms()["property"]
    return "rdf-person" if personal or quad.subject.value in excluded else ""
