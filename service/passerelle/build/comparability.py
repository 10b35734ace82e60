"""Coverage in a release: the index of all units beside the store, and the assertions in graph `comparability`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyoxigraph as ox

from passerelle.build.staged import StagedStore
from passerelle.build.versions import versions
from passerelle.comparability import assertions
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.postings import inverse_of
from passerelle.comparability.index.ranked_pairs import refreshed
from passerelle.comparability.index.tables import read_tables, with_links
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.graph.all_units import AllUnits
from passerelle.graph.comparability import (
    GRAPH,
    assertion_node,
    assertion_quads,
    graph_quads,
    quads_about_graph,
    quads_of,
)
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.links import LinkGraph
from passerelle.graph.outcome_links import OutcomeLinks
from passerelle.graph.release import Release
from passerelle.graph.statements.writer import term
from passerelle.namespaces import Minting
from passerelle.records.assertion import AssertionSummary
from passerelle.records.compared_unit import OutcomeLink
from passerelle.validation.batches import BatchValidator


def write_comparability(
    staged: StagedStore, folder: Path, minting: Minting, triples: int, validator: BatchValidator | None
) -> dict[str, Any]:
    """Write index and assertions of a staged release, whose links are in its store; returns the manifest's entry."""
    # compiles its loops: half a second that nothing else needs
    from passerelle.comparability.index.all_pairs import best_pairs  # noqa: PLC0415

    texts = TextKeys()
    tables = read_tables(AllUnits(staged.store, minting, texts.number), texts)
    index = CoverageIndex(tables, inverse_of(tables))
    rules = assertions.pairing(index, minting)
    ranked = best_pairs(tables, rules)
    found = assertions.chosen(index, rules, ranked, triples)
    index.write(folder, ranked, found.pairs)
    for quads in assertion_quads(assertions.assertions(index, found.first, found.second), minting):
        if validator:
            validator.add(quads)
        staged.add(quads)
    summary = assertions.summary(rules, found, triples)
    staged.add(graph_quads(summary, minting))
    staged.flush()
    return _entry(index, summary)


def derive_comparability(staged: StagedStore, folder: Path, parent: Release, triples: int) -> dict[str, Any]:
    """The same for a derived release in `folder`, after its links changed from those of `parent`.

    Everything is made anew where the parent has no index, or one made by other rules.
    """
    minting = Minting(parent.manifest.base)
    if parent.manifest.comparability and parent.manifest.versions["mappings"] == versions()["mappings"]:
        return _refreshed(staged, folder, parent.folder, minting, triples)
    staged.store.clear_graph(ox.NamedNode(minting.graph(GRAPH)))
    _remove(staged.store, quads_about_graph(staged.store, minting))
    return write_comparability(staged, folder, minting, triples, None)


def _refreshed(staged: StagedStore, folder: Path, parent: Path, minting: Minting, triples: int) -> dict[str, Any]:
    """Compare only units whose links changed anew; write only assertions that come, go or change."""
    before = CoverageIndex.open(parent)
    rules = assertions.pairing(before, minting)
    links = _changed_links(staged.store, ox.Store.read_only(str(parent / "store")), before, minting)
    tables = with_links(before.tables, links)
    index = CoverageIndex(tables, inverse_of(tables))
    units = np.unique(index.inverse.units.all_of(np.array(sorted(links), np.int64))[0]).tolist()
    ranked = refreshed(before.ranked, tables, index.inverse, rules, units)
    found = assertions.chosen(index, rules, ranked, triples)
    index.write(folder, ranked, found.pairs)
    asserted = {(first, second) for first, second in before.asserted.tolist()}
    changed = {*units}
    kept = {pair for pair in asserted if not changed & {*pair}}
    fresh = [pair for pair in found.pairs.tolist() if tuple(pair) not in kept]
    still = {(first, second) for first, second in found.pairs.tolist()}
    for first, second in sorted(asserted - (kept & still)):
        node = assertion_node(index.iris[first], index.iris[second], minting)
        _remove(staged.store, quads_of(staged.store, node, minting))
    pairs = np.array(fresh, np.int64).reshape(-1, 2)
    for quads in assertion_quads(assertions.assertions(index, pairs[:, 0], pairs[:, 1]), minting):
        staged.add(quads)
    summary = assertions.summary(rules, found, triples)
    _remove(staged.store, quads_about_graph(staged.store, minting))
    staged.add(graph_quads(summary, minting))
    staged.flush()
    return _entry(index, summary)


def _changed_links(
    store: ox.Store, parent: ox.Store, index: CoverageIndex, minting: Minting
) -> dict[int, tuple[OutcomeLink, ...]]:
    """The links of the outcomes whose links differ between two stores, by number; only reviews make them differ."""
    now, then = OutcomeLinks(store, minting), OutcomeLinks(parent, minting)
    reviewed = {outcome for each in (store, parent) for outcome, _ in LinkGraph(each, minting).reviewed()}
    differing = {
        iri: links for iri in sorted(reviewed) if (links := now.of(ox.NamedNode(iri))) != then.of(ox.NamedNode(iri))
    }
    reader = UnitReader(store, minting)
    found: dict[int, tuple[OutcomeLink, ...]] = {}
    for unit in sorted(_units_with(store, differing)):
        described = reader.unit(unit, facts=False)
        if described is not None:
            numbers = index.tables.outcomes[index.position(unit)].tolist()
            for number, outcome in zip(numbers, described.outcomes, strict=True):
                if outcome.iri in differing:
                    found[number] = differing[outcome.iri]
    return found


def _units_with(store: ox.Store, outcomes: Iterable[str]) -> set[str]:
    """The units that state one of these outcomes."""
    quads = (
        quad
        for outcome in outcomes
        for quad in store.quads_for_pattern(None, term("psl:hasOutcome"), ox.NamedNode(outcome), None)
    )
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def _remove(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    for quad in quads:
        store.remove(quad)


def _entry(index: CoverageIndex, summary: AssertionSummary) -> dict[str, Any]:
    tables = index.tables
    return {
        **asdict(summary),
        "units": len(index.iris),
        "outcomes": tables.outcome_count,
        "links": len(tables.links.skill),
    }
