"""Opening the endpoint of the settings: which engine it is, what it holds."""

from __future__ import annotations

from requests import Timeout

from passerelle.errors import QueryTimeout
from passerelle.graph.manifest import Manifest
from passerelle.graph.remote.backend import RemoteBackend
from passerelle.graph.remote.connection import Connection
from passerelle.graph.remote.dialect import RESULTS, Dialect
from passerelle.graph.remote.metadata import Metadata
from passerelle.graph.remote.published import Publications
from passerelle.graph.remote.virtuoso import Virtuoso
from passerelle.settings import Settings


def open_remote(settings: Settings) -> tuple[Manifest, RemoteBackend]:
    """What the endpoint `settings.backend` holds, and what asks it. Raises BackendFailed, QueryTimeout, Overloaded."""
    connection = Connection(
        settings.backend_user, settings.backend_password, connections=settings.workers + settings.threads
    )
    try:
        dialect = dialect_of(connection, settings.backend, settings.query_seconds)
        metadata = Metadata(connection, settings.backend, settings.query_seconds)
        backend = RemoteBackend(settings, connection, dialect, Publications(metadata, settings.base))
    except BaseException:
        connection.close()
        raise
    return backend.manifest, backend


def dialect_of(connection: Connection, endpoint: str, seconds: float) -> Dialect:
    """The dialect of the engine, as its header Server tells. Raises BackendFailed, QueryTimeout."""
    try:
        with connection.post(endpoint, [("query", "ASK {}")], RESULTS, seconds) as response:
            server = response.headers.get("Server", "")
        if "virtuoso" in server.lower():
            return Virtuoso.probed(connection, endpoint, seconds)
    except Timeout:
        raise QueryTimeout("query-timeout", seconds=seconds) from None
    return Dialect()
