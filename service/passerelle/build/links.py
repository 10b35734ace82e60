"""The links of a release: what linking finds in a staged store, written into graph `links`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from passerelle.build.staged import StagedStore
from passerelle.graph.links import LinkGraph
from passerelle.graph.solutions import select
from passerelle.linking.linker import Linker
from passerelle.linking.links import write_links
from passerelle.linking.matching import LabelLinker
from passerelle.namespaces import Minting
from passerelle.records.link import Candidate, OutcomeText
from passerelle.records.review import Review
from passerelle.records.tally import Tally
from passerelle.validation.batches import BatchValidator


class NoCandidates:
    """A `Linker` that proposes nothing: declared, official and reviewed links alone are kept (`--no-links`)."""

    version = "none"

    def candidates(self, outcome: OutcomeText) -> Sequence[Candidate]:  # noqa: ARG002
        """No proposal."""
        return ()

    def candidate(self, outcome: OutcomeText, skill: str) -> Candidate | None:  # noqa: ARG002
        """No proposal."""
        return None


def linker_of(graph: LinkGraph, version: str) -> Linker:
    """The linker of that version over the labels of a store; `none` proposes nothing."""
    return NoCandidates() if version == NoCandidates.version else LabelLinker(graph)


def write_all_links(
    staged: StagedStore,
    minting: Minting,
    reviews: Iterable[Review],
    tally: Tally,
    linker: str,
    validator: BatchValidator | None,
) -> dict[str, int]:
    """Write all links; returns how many there are in each state (`candidate`, `accepted` …)."""
    graph = LinkGraph(staged.store, minting)
    for chunk in write_links(graph, linker_of(graph, linker), reviews, tally):
        if validator:
            validator.add(chunk)
        staged.add(chunk)
    staged.flush()
    return link_states(staged, minting)


def link_states(staged: StagedStore, minting: Minting) -> dict[str, int]:
    """Links by state, counted in graph `links`."""
    rows = select(
        staged.store,
        f"PREFIX psl: <https://w3id.org/passerelle/ontology#> SELECT ?state (COUNT(*) AS ?n)"
        f" {{ GRAPH <{minting.graph('links')}> {{ ?link psl:linkState ?state }} }} GROUP BY ?state",
    )
    return {row["state"].value.rpartition("/")[2]: int(row["n"].value) for row in rows}
