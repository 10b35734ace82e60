"""Values in unusual, doubtful and wrong writing, one node each, for properties that have a datatype."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import IRI, LITERAL, Term, Triple
from passerelle.validation.credentials.profiles.tables import iri, table

FORMS = {
    "dateTime": (
        "2026-06-15T10:00:00Z", "2026-06-15", "2026-06-15T10:00:00", "2026-06-15T24:00:00Z", "2026-06-15T24:00:01Z",
        "2026-06-15T10:00:00+14:00", "2026-06-15T10:00:00+14:01", "2026-06-15T10:00:00+0200", "2026-02-30T10:00:00Z",
        "2024-02-29T10:00:00Z", "2026-02-29T10:00:00Z", "2026-06-15T10:00Z", "2026-06-15 10:00:00", "2026-06-15Z",
        "2026-06-15T10:00:00.123456789Z", "0000-01-01T00:00:00Z", "-0044-03-15T00:00:00Z", "12026-01-01T00:00:00Z",
        " 2026-06-15T10:00:00Z ", "2026-06-15T10:00:60Z", "20260615T100000Z", "2026-W25-1T10:00:00", "2026", "",
        "2026-06-15T10:00:00z", "2026-06-15t10:00:00Z",
    ),
    "integer": ("01", "+1", "-0", "1.0", "1e3", " 1 ", "１", "", "1" * 30, "1_000", "true"),
    "positiveInteger": ("01", "+1", "0", "-1", "1.0", "1e1", "100", "0100", "101", " 1 ", "1_0", ""),
    "decimal": ("1e3", "1", "01.50", "+1.5", "-0.0", ".5", "5.", "1,5", "INF", "NaN", " 1.5 ", "1" * 40, "1_0", ""),
    "boolean": ("1", "0", "true", "True", "TRUE", "yes", " true ", "01", ""),
    "anyURI": (
        "https://example.org/a b", "https://example.org/é", "", "not an address", "%", "https://example.org/%zz",
        "http://[::1", "urn:", "<x>", 'a"b', " https://example.org ", "https://example.org/a\\b", "{x}",
    ),
    "duration": (
        "P2Y", "P1M", "P1Y2M3DT4H5M6S", "PT0.5S", "P0D", "-P1D", "P", "PT", "P1", "1Y", "P1W", "P1.5Y", "P1YT", "p1y",
        "P1S", "+P1D", " P1D ", "PT36H", "PT1.5H", "P1D2Y", "",
    ),
    "string": ("", "\t x \n"),
    "HTML": ("<p>x</p>", "<p>x", "", "x & y"),
}  # fmt: skip
"""By the local name of the datatype."""


class Written(NamedTuple):
    """The datatype of a property, by its local name, and the form of its value."""

    datatype: str
    form: str


def written(profiles: Iterable[str]) -> tuple[list[Triple], dict[str, Written]]:
    """Every form once for each profile and combination of constraints, and what is written at each node."""
    triples: list[Triple] = []
    nodes: dict[str, Written] = {}
    for profile in profiles:
        tried = set()
        for row in table(profile):
            datatype = row.cells.get("datatype", "")
            constraints = datatype, row.cells.get("max_inclusive")
            if row.target and datatype and constraints not in tried:
                tried.add(constraints)
                for form in FORMS.get(datatype.partition(":")[2], ()):
                    node = Term(IRI, f"urn:written:{len(nodes)}")
                    nodes[node.value] = Written(datatype.partition(":")[2], form)
                    triples.append((node, Term(IRI, expand("rdf:type")), Term(IRI, iri(row.target))))
                    kind = None if datatype == "xsd:string" else expand(datatype)
                    triples.append((node, Term(IRI, iri(row.path)), Term(LITERAL, form, kind)))
    return triples, nodes
