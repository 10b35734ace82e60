"""The statements of a release that belong to the elements of a comparison, each with the graph that states it.

Which statements these are is data: `mappings/element-facts.tsv`. What no source states is not there; nothing is
inferred. A bloc takes over from its certification what French law gives it by that (Code du travail, L6113-1), and the
fact says from where. Who may be a natural person (authorised organisations) has no row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from passerelle.graph.certification import ReferencedCertification
from passerelle.graph.fact_paths import FactPath, fact_path
from passerelle.graph.node_reader import NodeReader, Stated, Value
from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import VOCABULARY, Minting
from passerelle.records.autonomy import autonomy_sentences
from passerelle.records.compared_unit import Fact
from passerelle.records.duration import in_hours
from passerelle.records.mapping_table import rows

_UNIT = term("psl:ComparableSpecification")
_AUTONOMY = term("psl:AutonomyOutcome")
_BLOC_OF = term("psl:blocOf")


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row of `mappings/element-facts.tsv`.

    `qualifier` is a property of the thing that has the value and says of what kind or when (a credit system, a year);
    `form` is one of FORMS; `inherited` says whether a bloc takes the fact over from its certification; `compared`
    whether the element counts as stated by it.
    """

    name: str
    element: str
    path: FactPath
    qualifier: ox.NamedNode | None
    form: str
    inherited: bool
    compared: bool


@cache
def fact_rows() -> tuple[FactRow, ...]:
    """The rows of the table in their order."""
    return tuple(
        FactRow(
            row["name"],
            row["element"],
            fact_path(row["path"]),
            term(row["qualifier"]) if row["qualifier"] else None,
            row["form"],
            row["inherited"] == "bloc",
            row["compared"] == "yes",
        )
        for row in rows("element-facts.tsv")
    )


def facts_of(
    reader: NodeReader,
    minting: Minting,
    iri: str,
    wholes: Collection[str] = (),
    only: Collection[str] | None = None,
) -> tuple[Fact, ...]:
    """What sources state of the unit, by the order of the table, value and graph.

    `wholes` are what the unit is a part of; what a bloc takes over comes from the one that it is a bloc of. Only
    graphs that describe the unit are believed about it, and our vocabularies about concepts. `only`: the rows of these
    names, and those of the elements of these names.
    """
    node = ox.NamedNode(iri)
    vocabularies = ox.NamedNode(minting.graph("vocabularies"))

    above = dict.fromkeys(
        each.value
        for each in reader.of(node, _BLOC_OF)
        if isinstance(each.value, ox.NamedNode) and each.value.value in wholes
    )
    graphs: dict[ox.NamedNode, frozenset[object]] = {}
    for each in (node, *above):
        if only is None:
            reader.read(each)
        describing = (stated.graph for stated in reader.of(each, TYPE) if stated.value == _UNIT)
        graphs[each] = frozenset((*describing, vocabularies))
    found: list[Fact] = []
    for row in fact_rows():
        if only is not None and row.element not in only and row.name not in only:
            continue
        own = _facts(reader, node, row, graphs[node])
        if not own and row.inherited:
            for whole in above:
                own += _facts(reader, whole, row, graphs[whole], whole.value)
        found += own
    return tuple(found)


def _facts(
    reader: NodeReader, node: ox.NamedNode, row: FactRow, graphs: frozenset[object], inherited_from: str = ""
) -> list[Fact]:
    ends = row.path.stated(reader, node, graphs)
    if not ends:
        return []
    read = FORMS[row.form]
    found = {
        Fact(row.element, row.name, value, stated.graph.value, language, inherited_from, qualifier)
        for stated in ends
        for value, language, qualifier in read(reader, row, stated)
    }
    return sorted(found, key=lambda fact: (fact.value, fact.qualifier, fact.language, fact.source))


_Said = Iterator[tuple[str, str, str]]
"""Value, language, qualifier."""


def _as_stated(reader: NodeReader, row: FactRow, stated: Stated) -> _Said:
    value = stated.value
    language = (value.language or "") if isinstance(value, ox.Literal) else ""
    yield value.value, language, _qualifier(reader, row, stated)


def _duration(reader: NodeReader, row: FactRow, stated: Stated) -> _Said:
    # the store writes PT1800H as P75D, which nobody would read as 1800 hours of learning
    yield in_hours(stated.value.value) or stated.value.value, "", _qualifier(reader, row, stated)


def _sentences(_reader: NodeReader, _row: FactRow, stated: Stated) -> _Said:
    if isinstance(stated.value, ox.Literal) and stated.value.language:
        for sentence in autonomy_sentences(stated.value.value, stated.value.language):
            yield sentence, stated.value.language, stated.subject.value


def _autonomy_outcome(reader: NodeReader, _row: FactRow, stated: Stated) -> _Said:
    outcome = stated.value
    if isinstance(outcome, ox.NamedNode) and stated.graph in reader.graphs_saying(outcome, TYPE, _AUTONOMY):
        for title in _of_graph(reader, outcome, term("dcterms:title"), stated.graph):
            if isinstance(title, ox.Literal):
                yield title.value, title.language or "", outcome.value


def _status(reader: NodeReader, _row: FactRow, stated: Stated) -> _Said:
    """The status on the day of the source's own edition; none where the source has no day."""
    registration = stated.value
    day = _edition(reader, stated.graph)
    if not isinstance(registration, ox.NamedNode) or not day:
        return

    def on(curie: str) -> str:
        return min((each.value for each in _of_graph(reader, registration, term(curie), stated.graph)), default="")

    described = ReferencedCertification(
        iri=stated.subject.value,
        number="",
        catalogue="rncp",
        source=stated.graph.value,
        edition=day,
        decision=on("psl:decisionDate"),
        effect=on("psl:effectDate"),
        end=on("psl:endDate"),
        award_deadline=on("psl:awardDeadline"),
    )
    yield f"{VOCABULARY}registration-status/{described.status_on(day).value}", "", day


def _qualifier(reader: NodeReader, row: FactRow, stated: Stated) -> str:
    if row.qualifier is None:
        return ""
    found = _of_graph(reader, stated.subject, row.qualifier, stated.graph)
    return min((each.value for each in found), default="")


def _of_graph(reader: NodeReader, node: ox.NamedNode, predicate: ox.NamedNode, graph: ox.NamedNode) -> list[Value]:
    return [each.value for each in reader.of(node, predicate) if each.graph == graph]


def _edition(reader: NodeReader, graph: ox.NamedNode) -> str:
    """The day that a source says it is of; empty where it says none (`graph.statements.provenance`)."""
    for source in reader.of(graph, term("prov:wasDerivedFrom")):
        if isinstance(source.value, ox.NamedNode):
            for day in reader.of(source.value, term("dcterms:issued")):
                return day.value.value
    return ""


FORMS: dict[str, Callable[[NodeReader, FactRow, Stated], _Said]] = {
    "iri": _as_stated,
    "text": _as_stated,
    "date": _as_stated,
    "number": _as_stated,
    "boolean": _as_stated,
    "duration": _duration,
    "sentence": _sentences,
    "autonomy-outcome": _autonomy_outcome,
    "status": _status,
}
"""How the value of a fact is read: as stated, in hours, or by a rule of its own (see the functions)."""
