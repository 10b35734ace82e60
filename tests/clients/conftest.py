"""One real server with the demo for all clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from passerelle.graph.release import Release
from running_server import Server, served


@pytest.fixture(scope="package")
def server(demo_release: Release) -> Iterator[Server]:
    with served(demo_release.folder.parent, "workers=2", "client_rate=0") as running:
        yield running


@pytest.fixture(scope="package")
def cutting(demo_release: Release) -> Iterator[Server]:
    """A server whose answers break off after half a second."""
    with served(demo_release.folder.parent, "workers=2", "client_rate=0", "stream_seconds=0.5") as running:
        yield running
