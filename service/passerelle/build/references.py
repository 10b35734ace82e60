"""What the sources of a build refer to across each other: stubs for what none describes, and what ESCO has retired."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from passerelle.build.sources import Sources
from passerelle.build.staged import StagedStore, stub_quads, unresolved
from passerelle.graph.crosswalks import retired_targets
from passerelle.namespaces import Minting
from passerelle.sources.rome_esco import RomeEscoCrosswalk


def add_stubs(staged: StagedStore, minting: Minting) -> Counter[str]:
    """Write the stubs; returns how many things each graph (IRI) refers to that nothing describes."""
    pairs = list(unresolved(staged.store, minting))
    staged.add(stub_quads((thing for _, thing in pairs), minting))
    staged.flush()
    return Counter(graph for graph, _ in pairs)


def write_crosswalks(staged: StagedStore, sources: Sources, minting: Minting, release: Path) -> list[str]:
    """Write each crosswalk as SSSOM into the folder of a release; returns the targets that the loaded ESCO lacks."""
    retired: list[str] = []
    for source in sources.graph:
        if isinstance(source, RomeEscoCrosswalk):
            source.write_sssom(release / f"{source.slug}.sssom.tsv", minting)
            retired += [target.iri for target in retired_targets(staged.store, minting.graph(source.slug))]
    return sorted(retired)
