"""The quads of graph `comparability`: one node a pair of units, and what the graph says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from passerelle.graph.statements.writer import XSD_DECIMAL, GraphWriter
from passerelle.messages import LANGUAGES, message
from passerelle.namespaces import Minting, short_hash
from passerelle.records.assertion import Assertion, AssertionSummary

GRAPH = "comparability"


def assertion_quads(found: Iterable[Assertion], minting: Minting) -> Iterator[list[ox.Quad]]:
    """The eight quads of each assertion."""
    graph = minting.graph(GRAPH)
    for each in found:
        writer = GraphWriter(graph, minting)
        node = assertion_node(each.first, each.second, minting)
        writer.a(node, "psl:ComparabilityAssertion")
        writer.add(node, "psl:firstUnit", ox.NamedNode(each.first))
        writer.add(node, "psl:secondUnit", ox.NamedNode(each.second))
        writer.add(node, "psl:coverageLower", _share(each.lower))
        writer.add(node, "psl:coverageExpected", _share(each.expected))
        writer.add(node, "psl:reverseCoverageLower", _share(each.reverse_lower))
        writer.add(node, "psl:reverseCoverageExpected", _share(each.reverse_expected))
        writer.add(node, "psl:reviewedLinkShare", _share(each.reviewed_share))
        yield writer.drain()


def assertion_node(first: str, second: str, minting: Minting) -> ox.NamedNode:
    """The node of a pair (IRIs), the same in whichever order they are given: there is one assertion a pair."""
    return ox.NamedNode(minting.identifier("comparability", short_hash(*sorted((first, second)))))


def graph_quads(summary: AssertionSummary, minting: Minting) -> list[ox.Quad]:
    """What graph `provenance` says of the graph: method, bounds, and that nothing in it is a recognition."""
    writer = GraphWriter(minting.graph("provenance"), minting)
    node = ox.NamedNode(minting.graph(GRAPH))
    writer.a(node, "prov:Entity")
    for language in LANGUAGES:
        writer.text(node, "dcterms:title", message("assertions-title").what(language), language)
        writer.text(node, "dcterms:description", message("assertions-no-recognition").what(language), language)
    writer.add(node, "psl:methodVersion", ox.Literal(summary.method))
    writer.add(node, "psl:leastExpectedCoverage", _share(summary.threshold))
    writer.add(node, "psl:mostAssertions", ox.Literal(summary.most))
    writer.add(node, "psl:tripleBudget", ox.Literal(summary.triples))
    writer.add(node, "psl:assertionsCut", ox.Literal(summary.cut))
    return writer.drain()


def quads_of(store: ox.Store, node: ox.NamedNode, minting: Minting) -> list[ox.Quad]:
    """What a store has of an assertion."""
    return list(store.quads_for_pattern(node, None, None, ox.NamedNode(minting.graph(GRAPH))))


def quads_about_graph(store: ox.Store, minting: Minting) -> list[ox.Quad]:
    """What graph `provenance` of a store says of the graph of assertions."""
    node, graph = ox.NamedNode(minting.graph(GRAPH)), ox.NamedNode(minting.graph("provenance"))
    return list(store.quads_for_pattern(node, None, None, graph))


def _share(value: float) -> ox.Literal:
    """A share as a decimal in its canonical form (XML Schema 2, 3.2.3.2)."""
    return ox.Literal(f"{value:.4f}".rstrip("0").rstrip("."), datatype=XSD_DECIMAL)
