"""What a store holds, in numbers: by graph and for the whole, as VoID counts (W3C note of 2011, section 4).

The whole is one RDF graph: a triple that two named graphs state counts once there. The engine's union does not merge
them, so the whole is counted with DISTINCT, and only for properties that stand in several graphs: sorting all triples
out at once would need 250 MB a million. What remains in memory is the largest set of distinct subjects or objects of
one graph: at a million triples the peak of the process rose by 60 MB.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pyoxigraph as ox

from passerelle.graph.solutions import select
from passerelle.namespaces import PREFIXES, expand
from passerelle.records.mapping_table import rows

EXAMPLE_CLASSES = (
    "psl:ComparableSpecification",
    "esco:Skill",
    "psl:RomeOccupation",
    "psl:RomeAppellation",
    "psl:SkillLink",
    "psl:ComparabilityAssertion",
    "sh:SPARQLExecutable",
    "skos:Concept",
    "dcat:Dataset",
    "owl:Class",
)
"""Of the first of these classes that a graph has, one thing is its example."""


@dataclass(slots=True)
class Counts:
    """Of one graph, or of the whole: triples, things with a type, distinct subjects and objects, partitions by IRI."""

    triples: int = 0
    entities: int = 0
    subjects: int = 0
    objects: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    properties: dict[str, int] = field(default_factory=dict)
    example: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Linkset:
    """So many triples with `property`, stated in graph `stated`, whose objects graph `target` describes.

    `source` is the graph that describes their subjects: the one that states them, or empty where several do.
    `part` is the value that tells links of one state from those of another; empty where they are not told apart.
    """

    property: str
    stated: str
    target: str
    part: str
    source: str
    triples: int
    title_en: str
    title_fr: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of the whole, of each named graph by IRI, and the links between graphs."""

    whole: Counts
    graphs: dict[str, Counts]
    linksets: tuple[Linkset, ...]


def statistics_of(store: ox.Store, base: str) -> Statistics:
    """Count the store of a release under `base`: some 2 seconds a million triples."""
    graphs: dict[str, Counts] = defaultdict(Counts)
    holders: dict[str, list[str]] = defaultdict(list)
    for row in select(store, "SELECT ?g ?p (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ?p"):
        name, property_, count = row["g"].value, row["p"].value, int(row["n"].value)
        graphs[name].properties[property_] = count
        graphs[name].triples += count
        holders[property_].append(name)
    for row in select(store, "SELECT ?g ?c (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?g ?c"):
        graphs[row["g"].value].classes[row["c"].value] = int(row["n"].value)
    for name, counts in graphs.items():
        _distinct(store, counts, f"GRAPH <{name}>", union=False)
        counts.example = _example(store, name, counts)
    _countries(store, graphs)
    whole = _whole(store, graphs, holders, base)
    return Statistics(whole, dict(sorted(graphs.items())), _linksets(store, graphs, holders))


def _whole(store: ox.Store, graphs: dict[str, Counts], holders: dict[str, list[str]], base: str) -> Counts:
    whole = Counts()
    for row in select(store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c", union=True):
        whole.classes[row["c"].value] = int(row["n"].value)
    type_ = expand("rdf:type")
    for property_, names in holders.items():
        if property_ == type_:
            whole.properties[property_] = sum(whole.classes.values())
        elif len(names) == 1:
            whole.properties[property_] = graphs[names[0]].properties[property_]
        else:
            pairs = f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?o {{ ?s <{property_}> ?o }} }}"
            whole.properties[property_] = _number(store, pairs, union=True)
    whole.triples = sum(whole.properties.values())
    _distinct(store, whole, "", union=True)
    whole.countries = tuple(sorted({country for counts in graphs.values() for country in counts.countries}))
    # one that dereferences here, of a kind that people look for
    examples = ((not counts.example.startswith(base), _rank(counts), name) for name, counts in graphs.items())
    whole.example = graphs[min(examples)[2]].example if graphs else ""
    return whole


def _distinct(store: ox.Store, counts: Counts, where: str, *, union: bool) -> None:
    both = f"SELECT (COUNT(DISTINCT ?s) AS ?m) (COUNT(DISTINCT ?o) AS ?n) {{ {where} {{ ?s ?p ?o }} }}"
    (row,) = select(store, both, union=union)
    counts.subjects, counts.objects = int(row["m"].value), int(row["n"].value)
    counts.entities = _number(store, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {where} {{ ?s a ?o }} }}", union=union)


def _number(store: ox.Store, query: str, *, union: bool) -> int:
    (row,) = select(store, query, union=union)
    return int(row["n"].value)


def _rank(counts: Counts) -> int:
    return next((rank for rank, name in enumerate(EXAMPLE_CLASSES) if expand(name) in counts.classes), 99)


def _example(store: ox.Store, name: str, counts: Counts) -> str:
    rank = _rank(counts)
    if rank >= len(EXAMPLE_CLASSES):
        return ""
    found = f"SELECT ?s {{ GRAPH <{name}> {{ ?s a <{expand(EXAMPLE_CLASSES[rank])}> }} }} LIMIT 1"
    return next((row["s"].value for row in select(store, found)), "")


def _countries(store: ox.Store, graphs: dict[str, Counts]) -> None:
    query = f"SELECT DISTINCT ?g ?c {{ GRAPH ?g {{ ?s <{expand('dcterms:spatial')}> ?c }} }}"
    found: dict[str, set[str]] = defaultdict(set)
    for row in select(store, query):
        if isinstance(row["c"], ox.NamedNode):
            found[row["g"].value].add(row["c"].value)
    for name, countries in found.items():
        graphs[name].countries = tuple(sorted(countries))


def _linksets(store: ox.Store, graphs: dict[str, Counts], holders: dict[str, list[str]]) -> tuple[Linkset, ...]:
    """The links of `mappings/linksets.tsv`; those that need the same class and split are counted together."""
    together: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows("linksets.tsv"):
        if expand(row["property"]) in holders:
            together[row["object_class"], row["split"]].append(row)
    found: list[Linkset] = []
    for (class_, split), specified in together.items():
        by_property = {expand(row["property"]): row for row in specified}
        names = " ".join(f"<{iri}>" for iri in by_property)
        part = f"OPTIONAL {{ GRAPH ?g {{ ?s <{expand(split)}> ?part }} }}" if split else ""
        counted = select(
            store,
            f"SELECT ?p ?g ?h ?part (COUNT(*) AS ?n) {{ VALUES ?p {{ {names} }} GRAPH ?g {{ ?s ?p ?o }}"
            f" GRAPH ?h {{ ?o a <{expand(class_)}> }} {part} }} GROUP BY ?p ?g ?h ?part",
        )
        for row in counted:
            stated, target, specification = row["g"].value, row["h"].value, by_property[row["p"].value]
            if stated != target or specification["within"] == "yes":
                value = row["part"].value if row["part"] is not None else ""
                titles = (specification["title_en"], specification["title_fr"])
                subjects = specification["subject_class"]
                source = stated if not subjects or expand(subjects) in graphs[stated].classes else ""
                found.append(Linkset(row["p"].value, stated, target, value, source, int(row["n"].value), *titles))
    return tuple(sorted(found))


def vocabularies_of(counts: Counts) -> list[str]:
    """The namespaces of ours (`namespaces.PREFIXES`) that properties and classes come from."""
    terms = [*counts.properties, *counts.classes]
    return sorted({iri for iri in PREFIXES.values() if any(term.startswith(iri) for term in terms)})
