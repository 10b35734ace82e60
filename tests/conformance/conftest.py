"""The W3C conformance tests: where they stand, and a running server over the data that they name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from protocol_manifest import conformance_folder, entries
from running_server import Server, served
from small_manifest import IDENTIFIER, manifest

BASE = "https://example.org/passerelle"
WITHOUT_DATA = "http://kasei.us/2009/09/sparql/data/data0.rdf"
"""A graph that the manifest's requests name, and for which it gives no data."""


@pytest.fixture(scope="session")
def conformance() -> Path:
    """The folder of the W3C tests; the test is skipped where it is absent, and fails there in CI."""
    folder = conformance_folder()
    if not folder.is_dir():
        reason = f"no W3C tests at {folder}: they stand beside PASSERELLE_REFERENCE"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def graphs(conformance: Path) -> dict[str, bytes]:
    """The data of the protocol tests, N-Triples by graph."""
    folder = conformance / "sparql11-protocol"
    found = {iri: (folder / name).read_bytes() for entry in entries(folder) for name, iri in entry.data}
    found[WITHOUT_DATA] = f'<{WITHOUT_DATA}> <http://purl.org/dc/terms/title> "nothing that is asked for" .'.encode()
    return found


@pytest.fixture(scope="session")
def store(graphs: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a release with these graphs."""
    folder = tmp_path_factory.mktemp("conformance") / IDENTIFIER
    folder.mkdir()
    store = ox.Store(str(folder / "store"))
    for iri, data in graphs.items():
        store.load(data, ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(iri))
    store.flush()
    sizes = {iri: len(data.splitlines()) for iri, data in graphs.items()}
    manifest(BASE, triples=sum(sizes.values()), graphs=sizes).write(folder)
    (folder.parent / "current").symlink_to(IDENTIFIER)
    return folder / "store"


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[Server]:
    """The real server over that release."""
    with served(store.parents[1], "workers=1") as running:
        yield running
