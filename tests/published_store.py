"""The demo in a remote store, put there as an administrator would."""

from __future__ import annotations

from passerelle.graph.release import Release
from passerelle.graph.remote.connection import Connection
from passerelle.graph.remote.graph_store import GraphStore
from passerelle.graph.remote.metadata import Metadata
from passerelle.graph.remote.published import Publications
from passerelle.graph.remote.publishing import Plan, Publisher
from virtuoso import PASSWORD, Virtuoso


def writing(server: Virtuoso) -> tuple[GraphStore, Publications]:
    connection = Connection("dba", PASSWORD)
    metadata = Metadata(connection, server.update, 60.0)
    return GraphStore(connection, metadata, server.graph_store, 60.0), Publications(metadata, "https://example.org")


def published_demo(server: Virtuoso, release: Release) -> Plan:
    return Publisher(*writing(server)).publish(release)
