"""The ontology, vocabularies and quality rules as the tests of this room read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import OWL, RDF, XSD, Graph, Literal, URIRef

from passerelle.namespaces import ONTOLOGY, PREFIXES
from passerelle.resources import folder

NAMESPACE = ONTOLOGY + "#"
HEADERS = (
    "id",
    "title_en",
    "title_fr",
    "applies_to",
    "graph",
    "problem_en",
    "problem_fr",
    "solution_en",
    "solution_fr",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One quality rule: its header and its query, whose rows are violations (the thing itself is `?focus`)."""

    path: Path
    header: dict[str, str]
    query: str

    def violations(self, store: ox.Store) -> list[str]:
        """The IRI (or blank node) of each violation; over all graphs, unless the rule is about the default graph."""
        union = self.header["graph"] == "union"
        solutions = store.query(self.query, use_default_graph_as_union=union)
        assert isinstance(solutions, ox.QuerySolutions)
        return [str(solution["focus"]).strip("<>") for solution in solutions]


def rules() -> list[Rule]:
    """Every rule of `ontology/checks`, in the order of their names."""
    found = []
    for path in sorted((folder("ontology") / "checks").glob("*.rq")):
        query = path.read_text(encoding="utf-8")
        lines = (line[2:] for line in query.splitlines() if line.startswith("# "))
        header = dict(line.split(": ", 1) for line in lines)
        found.append(Rule(path, header, query))
    return found


def ontology_files() -> list[Path]:
    """The Turtle modules."""
    return sorted(folder("ontology").glob("*.ttl"))


def vocabulary_files() -> list[Path]:
    """The concept schemes."""
    return sorted((folder("data") / "vocabularies").glob("*.ttl"))


def store_of(files: Iterable[Path], snippet: str = "") -> ox.Store:
    """A store with each file in a graph of its own, and the TriG `snippet` (our prefixes declared, `ex:` free)."""
    store = ox.Store()
    for path in files:
        graph = ox.NamedNode(f"https://example.org/graph/{path.stem}")
        store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    names = {**PREFIXES, "ex": "https://example.org/"}
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in names.items())
    store.load((prefixes + snippet).encode(), format=ox.RdfFormat.TRIG)
    return store


def graph_of(files: Iterable[Path]) -> Graph:
    """All files in one rdflib graph."""
    graph = Graph()
    for path in files:
        graph.parse(path)
    return graph


def terms(graph: Graph, kind: URIRef) -> set[str]:
    """IRIs of our terms that are declared as `kind`."""
    return {str(term) for term in graph.subjects(RDF.type, kind) if str(term).startswith(NAMESPACE)}


def unsupported(graph: Graph) -> list[tuple[object, ...]]:
    """Statements that OWL 2 DL reasoners refuse: datatypes outside the OWL 2 datatype map, in ranges and literals."""
    outside = {XSD.date, XSD.duration, XSD.gYear, RDF.langString, RDF.HTML}
    return [
        (s, p, o)
        for s, p, o in graph
        if (o in outside and p not in {URIRef(NAMESPACE + "expectedDatatype"), OWL.imports})
        or (isinstance(o, Literal) and o.datatype in outside - {RDF.langString})
    ]
