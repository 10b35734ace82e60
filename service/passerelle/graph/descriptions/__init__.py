"""What a release and its service say of themselves: VoID, DCAT-AP, SPARQL 1.1 Service Description.

store, manifest ─► statistics ─► void.ttl, dcat.ttl (beside the store; they name no address of a server)
manifest, addresses ─► service, catalogue (said by whoever serves the release)
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from passerelle.graph.descriptions.release_dcat import release_graph
from passerelle.graph.descriptions.statistics import statistics_of
from passerelle.graph.descriptions.void import void_graph
from passerelle.graph.manifest import Manifest

VOID_FILE = "void.ttl"
DCAT_FILE = "dcat.ttl"


def write_descriptions(folder: Path, manifest: Manifest, store: ox.Store) -> None:
    """Write `void.ttl` and `dcat.ttl` of a staged store; rdflib writes equal graphs as equal files."""
    statistics = statistics_of(store, manifest.base)
    void_graph(manifest, statistics).serialize(folder / VOID_FILE, format="turtle", encoding="utf-8")
    release_graph(manifest, store, statistics).serialize(folder / DCAT_FILE, format="turtle", encoding="utf-8")
