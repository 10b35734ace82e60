"""The store of a release that is being built: loading in bounded chunks, and what holds across its records."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from passerelle.graph.solutions import select
from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import PREFIXES, Minting
from passerelle.records.mapping_table import rows

_ROOM = 1.5
"""Free disk, in sizes of the store, that a merge is begun with: it needs one, beside what others write meanwhile."""


class StoreStillOpen(RuntimeError):
    """Something keeps, or asks for, a staged store that was to be closed: a defect of the build."""


class StagedStore:
    """A writable store with a buffer: `bulk_extend` of everything at once peaks at 1.6 GB, of chunks at a fraction.

    A context manager that owns the store: who is handed `store` may use it until the block ends. Nobody may read a
    folder that a writer has open, because the files it lists may be gone the next moment; so the end of the block
    closes the store and raises StoreStillOpen where somebody kept it.
    """

    def __init__(self, path: Path, chunk_quads: int) -> None:
        self._path = path
        self._store: ox.Store | None = ox.Store(path)
        self._chunk_quads = chunk_quads
        self._buffer: list[ox.Quad] = []

    def __enter__(self) -> StagedStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()
            self.store.flush()
        self._store = None
        # what went wrong holds on to the frames, and so to the store, until it has been told
        if kind is None and not _is_closed(self._path):
            gc.collect()  # two things that know each other and the store let it go only now
            if not _is_closed(self._path):
                raise StoreStillOpen(self._path)

    @property
    def store(self) -> ox.Store:
        """The store itself. Raises StoreStillOpen after the end of the block."""
        if self._store is None:
            raise StoreStillOpen(self._path)
        return self._store

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Take quads over; they are in the store after `flush` at the latest."""
        pending = iter(quads)
        while piece := list(islice(pending, self._chunk_quads)):
            self._buffer += piece
            if len(self._buffer) >= self._chunk_quads:
                self.flush()

    def flush(self) -> None:
        """Write what is buffered."""
        if self._buffer:
            self.store.bulk_extend(self._buffer)
            self._buffer = []

    def compact(self) -> None:
        """Merge the files that bulk loading left overlapping: a look-up then opens one in place of several.

        Measured on 160,000 units: 35 s, after which the store has 3.0 GB in place of 5.1 and a statement is read in
        half the time. Left out where the disk has no room for the store a second time: a store whose merge fails for
        want of room can no longer be closed, and the build would be lost for a convenience.
        """
        self.flush()
        taken = sum(each.stat().st_size for each in self._path.rglob("*") if each.is_file())
        if shutil.disk_usage(self._path).free > _ROOM * taken:
            self.store.optimize()

    def graph_sizes(self, only: Iterable[str] = ()) -> dict[str, int]:
        """Quads in each named graph that has any, or in those of `only` (IRIs)."""
        names = " ".join(f"<{graph}>" for graph in only)
        chosen = f"VALUES ?g {{ {names} }}" if names else ""
        sizes = select(self.store, f"SELECT ?g (COUNT(*) AS ?n) {{ {chosen} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g")
        return {row["g"].value: int(row["n"].value) for row in sizes}


def _is_closed(path: Path) -> bool:
    """Whether nobody has the store open for writing: RocksDB lets one writer of a process hold a folder at a time."""
    try:
        ox.Store(path)
    except OSError as error:
        if "lock hold by current process" in str(error):
            return False
        raise
    return True


class Reference(NamedTuple):
    """A row of `mappings/references.tsv`: what stands at `position` of `property` should have `expected_class`."""

    property: str
    position: str
    expected_class: str


def references() -> list[Reference]:
    """The rows of `mappings/references.tsv`, with CURIEs."""
    return [Reference(row["property"], row["position"], row["expected_class"]) for row in rows("references.tsv")]


def unresolved(store: ox.Store, minting: Minting) -> Iterator[tuple[str, str]]:
    """Pairs (graph IRI, IRI) of what a source's graph refers to and no graph describes, each pair once.

    Described means: has the class that `mappings/references.tsv` expects of the property's object. Our own ontology
    and vocabularies are aligned to others that are not loaded, which is no gap in the data.
    """
    ours = {minting.graph("ontology"), minting.graph("vocabularies")}
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    found: set[tuple[str, str]] = set()
    for each in references():
        pattern = f"?thing {each.property} ?other" if each.position == "subject" else f"?other {each.property} ?thing"
        found_rows = select(
            store,
            f"{prefixes} SELECT DISTINCT ?g ?thing {{ GRAPH ?g {{ {pattern} }}"
            f" FILTER(isIRI(?thing)) FILTER NOT EXISTS {{ GRAPH ?any {{ ?thing a {each.expected_class} }} }} }}",
        )
        found.update((row["g"].value, row["thing"].value) for row in found_rows if row["g"].value not in ours)
    yield from sorted(found)


def stub_quads(things: Iterable[str], minting: Minting) -> Iterator[ox.Quad]:
    """One `psl:Unresolved` stub for each thing, in the provenance graph: no source states it."""
    graph = ox.NamedNode(minting.graph("provenance"))
    for thing in sorted(set(things)):
        yield ox.Quad(ox.NamedNode(thing), TYPE, term("psl:Unresolved"), graph)
