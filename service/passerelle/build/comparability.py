"""Coverage in a release: the index of all units beside the store, and the assertions in graph `comparability`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from passerelle.build.staged import StagedStore
from passerelle.build.versions import versions
from passerelle.comparability.assertions import Selection, refresh, select
from passerelle.comparability.index.arrays import FOLDER, is_readable
from passerelle.comparability.index.coverage_index import CoverageIndex
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
from passerelle.records.compared_unit import OutcomeLink
from passerelle.validation.batches import BatchValidator


def write_comparability(
    staged: StagedStore, folder: Path, minting: Minting, triples: int, validator: BatchValidator | None
) -> dict[str, Any]:
    """Write index and assertions of a staged release, whose links are in its store; returns the manifest's entry."""
    texts = TextKeys()
    selection = select(AllUnits(staged.store, minting, texts.number), texts, minting, triples)
    selection.write(folder)
    for quads in assertion_quads(selection.assertions(), minting):
        if validator:
            validator.add(quads)
        staged.add(quads)
    return _finished(staged, selection, minting)


def derive_comparability(staged: StagedStore, folder: Path, parent: Release, triples: int) -> dict[str, Any]:
    """The same for a derived release in `folder`, after its links changed from those of `parent`.

    Only units whose links changed are compared anew, and only assertions that come, go or change are written.
    Everything is made anew where the parent has no index, or one of another format or made by other rules.
    """
    minting = Minting(parent.manifest.base)
    _remove(staged.store, quads_about_graph(staged.store, minting))
    same_rules = parent.manifest.versions["mappings"] == versions()["mappings"]
    if not parent.manifest.comparability or not same_rules or not is_readable(parent.folder / FOLDER):
        staged.store.clear_graph(ox.NamedNode(minting.graph(GRAPH)))
        return write_comparability(staged, folder, minting, triples, None)
    before = CoverageIndex.open(parent.folder)
    links = _changed_links(staged.store, ox.Store.read_only(str(parent.store)), before, minting)
    refreshed = refresh(before, links, minting, triples)
    refreshed.selection.write(folder)
    for first, second in refreshed.gone:
        _remove(staged.store, quads_of(staged.store, assertion_node(first, second, minting), minting))
    for quads in assertion_quads(refreshed.fresh, minting):
        staged.add(quads)
    return _finished(staged, refreshed.selection, minting)


def _finished(staged: StagedStore, selection: Selection, minting: Minting) -> dict[str, Any]:
    staged.add(graph_quads(selection.summary, minting))
    staged.flush()
    return {**asdict(selection.summary), **selection.counts}


def _changed_links(
    store: ox.Store, parent: ox.Store, index: CoverageIndex, minting: Minting
) -> dict[int, tuple[OutcomeLink, ...]]:
    """The links of the outcomes whose links differ between two stores, by number; only reviews make them differ."""
    now, then = OutcomeLinks(store, minting), OutcomeLinks(parent, minting)
    reviewed = {outcome for each in (store, parent) for outcome, _ in LinkGraph(each, minting).reviewed()}
    differing: dict[str, tuple[OutcomeLink, ...]] = {}
    for iri in sorted(reviewed):
        links = now.of(ox.NamedNode(iri))
        if links != then.of(ox.NamedNode(iri)):
            differing[iri] = links
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
