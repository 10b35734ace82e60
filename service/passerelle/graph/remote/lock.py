"""The lock of whoever publishes into a store: a token in its control graph, as SPARQL has none."""

from __future__ import annotations

import uuid
from types import TracebackType
from typing import Self

from passerelle.errors import BackendFailed, CapacityError
from passerelle.graph.remote.graph_store import GraphStore
from passerelle.graph.remote.published import CONTROL, LOCK, PUBLICATION, Publications


class PublicationLock:
    """Held in a `with` block. Best effort: two that begin in the same instant find out at their next `check` only.

    Who is killed leaves it, and `take_over` takes it from them: one that still runs stops at its next `check`.
    """

    def __init__(self, store: GraphStore, publications: Publications, *, take_over: bool) -> None:
        self._store = store
        self._publications = publications
        self._take_over = take_over
        self._token = uuid.uuid4().hex

    def __enter__(self) -> Self:
        """Raises BackendFailed where another one holds it."""
        if not self._take_over and self._holders():
            raise BackendFailed("publish-locked")
        stated = f"GRAPH <{CONTROL}> {{ <{PUBLICATION}> <{LOCK}> "
        self._store.update(f'DELETE WHERE {{ {stated} ?old }} }} ; INSERT DATA {{ {stated} "{self._token}" }} }}')
        self.check()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._store.update(f'DELETE DATA {{ GRAPH <{CONTROL}> {{ <{PUBLICATION}> <{LOCK}> "{self._token}" }} }}')
        except CapacityError:
            # what went wrong before matters more
            if error is None:
                raise

    def check(self) -> None:
        """Raise BackendFailed unless it is still held."""
        if self._holders() != [self._token]:
            raise BackendFailed("publish-locked")

    def _holders(self) -> list[str]:
        return self._publications.values(CONTROL, LOCK)
