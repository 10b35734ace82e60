"""The named queries as examples in the graph `queries`, where editors with autocompletion look for them.

They are SPARQL executables of SHACL (SHACL, 5.1; SHACL Advanced Features, 5) as the SIB's endpoints publish theirs.
Each text is bound with the example values of its parameters, so that it runs as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from passerelle.graph.rights import OUR_LICENCE
from passerelle.graph.statements.writer import GraphWriter
from passerelle.messages import LANGUAGES
from passerelle.namespaces import Minting, expand
from passerelle.queries import NamedQuery, catalogue

GRAPH = "queries"
_PREFIX = re.compile(r"^PREFIX\s+([A-Za-z][\w.-]*):\s*<([^>]+)>", re.MULTILINE)
_FORM = re.compile(r"^(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE)
_ANY_URI = ox.NamedNode(expand("xsd:anyURI"))


def example_query_quads(minting: Minting) -> Iterator[ox.Quad]:
    """Every named query, for a release under that base. Raises ValueError for one whose form or prefix is unclear."""
    writer = GraphWriter(minting.graph(GRAPH), minting)
    namespaces: dict[str, str] = {}
    for query in catalogue().values():
        _write(writer, query, namespaces)
    for prefix, namespace in sorted(namespaces.items()):
        declaration = ox.NamedNode(minting.identifier("prefix", prefix))
        writer.a(declaration, "sh:PrefixDeclaration")
        writer.add(declaration, "sh:prefix", ox.Literal(prefix))
        writer.add(declaration, "sh:namespace", ox.Literal(namespace, datatype=_ANY_URI))
    yield from writer.drain()


def example_text(query: NamedQuery, base: str) -> str:
    """The SPARQL of a named query with the example value of each parameter."""
    return query.bind({parameter.name: parameter.example for parameter in query.parameters}, base)


def _write(writer: GraphWriter, query: NamedQuery, namespaces: dict[str, str]) -> None:
    minting = writer.minting
    node = ox.NamedNode(minting.identifier("query", query.name))
    text = example_text(query, minting.base)
    form = _FORM.search(text)
    if form is None:
        raise ValueError(f"{query.name}: neither SELECT nor ASK nor CONSTRUCT")
    writer.a(node, "sh:SPARQLExecutable", f"sh:SPARQL{form[1].title()}Executable")
    writer.add(node, f"sh:{form[1].lower()}", ox.Literal(text))
    for language in LANGUAGES:
        writer.text(node, "rdfs:label", query.title(language), language)
        writer.text(node, "rdfs:comment", query.description(language), language)
        for word in query.keywords(language):
            writer.text(node, "schema:keywords", word, language)
    writer.add(node, "schema:target", ox.NamedNode(f"{minting.base}/sparql"))
    writer.add(node, "dcterms:license", ox.NamedNode(OUR_LICENCE))
    prefixes = ox.NamedNode(minting.identifier("query", query.name, "prefixes"))
    writer.add(node, "sh:prefixes", prefixes)
    for prefix, namespace in _PREFIX.findall(text):
        if namespaces.setdefault(prefix, namespace) != namespace:
            raise ValueError(f"{query.name}: prefix {prefix} means something else in another query")
        writer.add(prefixes, "sh:declare", ox.NamedNode(minting.identifier("prefix", prefix)))
