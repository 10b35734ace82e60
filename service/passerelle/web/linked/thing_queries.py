"""What is asked of a release about one thing: its statements, what points at it, labels, registrations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from passerelle.graph.thing_document import Row, facts_of_release
from passerelle.namespaces import expand
from passerelle.web.releases.publication import Served
from passerelle.web.responses.answers import results

STATEMENTS_READ = 5_000
"""Statements of one thing that a document holds; the largest fiche has some 300. Virtuoso sorts no more than 10,000."""

REFERENCES_READ = 100
"""Statements that point at it: the blocs of a certification, not the hundred thousand things of a class."""

_DERIVED = f"OPTIONAL {{ ?graph <{expand('prov:wasDerivedFrom')}> ?source }}"


@dataclass(frozen=True, slots=True)
class Found:
    """`statements` about the thing and `references` to it (rows with subject, property, value, graph, source).

    `cut` says whether there are more statements or references than were read.
    """

    statements: Sequence[Row]
    references: Sequence[Row]
    more_statements: bool
    more_references: bool

    @property
    def cut(self) -> bool:
        """Whether something was left out."""
        return self.more_statements or self.more_references

    @property
    def graphs(self) -> frozenset[str]:
        """The graphs that state it."""
        return frozenset(row["graph"]["value"] for row in (*self.statements, *self.references) if "graph" in row)

    def has(self, name: str, value: str = "") -> bool:
        """Whether a statement has this property (and, where one is given, this value); both are CURIEs."""
        return any(
            row["property"]["value"] == expand(name) and (not value or row["value"]["value"] == expand(value))
            for row in self.statements
        )


def statements_query(iri: str) -> str:
    """What is asked about a thing first: its own statements."""
    return (
        f"SELECT ?property ?value ?graph ?source WHERE {{ GRAPH ?graph {{ <{iri}> ?property ?value }} {_DERIVED} }} "
        f"ORDER BY ?property ?value ?graph LIMIT {STATEMENTS_READ + 1}"
    )


def found_of(served: Served, iri: str, download: str = "") -> Found:
    """What the release states about a thing and with it; for the dataset and its graphs also what the manifest says.

    `download` is the address at which a named graph is downloaded.
    """
    thing = {"type": "uri", "value": iri}
    stated = _rows(served, statements_query(iri))
    pointing = _rows(
        served,
        f"SELECT ?subject ?property ?graph ?source WHERE {{ "
        f"{{ SELECT ?subject ?property ?graph WHERE {{ GRAPH ?graph {{ ?subject ?property <{iri}> }} }} "
        f"LIMIT {REFERENCES_READ + 1} }} {_DERIVED} }}",
    )
    statements = [{"subject": thing, **row} for row in stated[:STATEMENTS_READ]]
    facts = [*facts_of_release(served.manifest, iri)]
    if download:
        dump = {"type": "uri", "value": expand("void:dataDump")}
        facts.append({"subject": thing, "property": dump, "value": {"type": "uri", "value": download}})
    return Found(
        (*facts, *statements),
        tuple({**row, "value": thing} for row in pointing[:REFERENCES_READ]),
        len(stated) > STATEMENTS_READ,
        len(pointing) > REFERENCES_READ,
    )


def is_known(served: Served, iris: Sequence[str]) -> str | None:
    """The first of `iris` that the release describes or names; None where it does neither."""
    for iri in iris:
        if facts_of_release(served.manifest, iri):
            return iri
    listed = " ".join(f"<{iri}>" for iri in iris)
    rows = _rows(
        served,
        f"SELECT ?thing WHERE {{ VALUES ?thing {{ {listed} }} "
        "FILTER(EXISTS { GRAPH ?of { ?thing ?property ?value } } || EXISTS { GRAPH ?in { ?other ?naming ?thing } }) }",
    )
    known = {row["thing"]["value"] for row in rows}
    return next((iri for iri in iris if iri in known), None)


def registrations_of(served: Served, iri: str) -> Sequence[Mapping[str, Any]]:
    """The registrations of a certification, also of one that a bloc, a record or a registration belongs to.

    Rows with `registration`, and where stated `end`, `deadline` (dates), `active` (as the source calls it), `source`.
    """
    unit = " UNION ".join(
        (
            f"{{ <{iri}> <{expand('psl:registration')}> ?registration BIND(<{iri}> AS ?unit) }}",
            f"{{ <{iri}> <{expand('psl:blocOf')}> ?unit . ?unit <{expand('psl:registration')}> ?registration }}",
            f"{{ ?unit <{expand('psl:registration')}> <{iri}> BIND(<{iri}> AS ?registration) }}",
            f"{{ ?unit <{expand('foaf:isPrimaryTopicOf')}> <{iri}> ; <{expand('psl:registration')}> ?registration }}",
        )
    )
    return _rows(
        served,
        f"SELECT DISTINCT ?unit ?registration ?end ?deadline ?active ?source WHERE {{ {unit} "
        f"GRAPH ?graph {{ ?unit <{expand('psl:registration')}> ?registration "
        f"OPTIONAL {{ ?registration <{expand('psl:endDate')}> ?end }} "
        f"OPTIONAL {{ ?registration <{expand('psl:awardDeadline')}> ?deadline }} "
        f"OPTIONAL {{ ?unit <{expand('foaf:isPrimaryTopicOf')}>/<{expand('psl:sourceActive')}> ?active }} }} "
        f"OPTIONAL {{ ?graph <{expand('prov:wasDerivedFrom')}> ?source }} }} ORDER BY ?source LIMIT 100",
    )


def successors_of(served: Served, units: Iterable[str]) -> Sequence[str]:
    """The IRIs that replace these units, as the release states it."""
    listed = " ".join(f"<{unit}>" for unit in units)
    rows = _rows(
        served,
        f"SELECT DISTINCT ?successor WHERE {{ VALUES ?unit {{ {listed} }} "
        f"?unit <{expand('dcterms:isReplacedBy')}> ?successor }} ORDER BY ?successor LIMIT 50",
    )
    return [row["successor"]["value"] for row in rows]


def _rows(served: Served, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = results(served, query)["results"]["bindings"]
    return rows
