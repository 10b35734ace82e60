"""Publishing a release into a remote store, all graphs or none.

    stage    each graph that changed is written aside, under a name of its own, and counted
    switch   the token says so (readers get 503); what was staged is copied to its name, what is no longer there dropped
    tidy     the token names the new release; what was staged is dropped

Stopped in `stage`, readers go on with the old release, and the next publication drops what was staged. Stopped in
`switch`, readers get 503, and the next publication ends the switch from its journal first: what was staged stays until
all has been copied and counted, so a step can be done again. The journal is in the control graph.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from passerelle.errors import BackendFailed
from passerelle.graph.manifest import Manifest
from passerelle.graph.release import Release
from passerelle.graph.remote.graph_store import GraphStore
from passerelle.graph.remote.lock import PublicationLock
from passerelle.graph.remote.published import (
    CONTROL,
    INTERNAL,
    JOURNAL,
    MANIFEST,
    PUBLICATION,
    SWITCHING,
    TOKEN,
    Publications,
)
from passerelle.graph.remote.release_graphs import ReleaseGraphs

_STAGED = f"{INTERNAL}staged:"

Report = Callable[[str, str], None]
"""Told of each step: its name (copied, dropped, staged, kept), and the graph."""


@dataclass(slots=True)
class Journal:
    """What has been done and is to be done. `digests` and `sizes` are those of the graphs of `release`.

    `copies` leads from a staged graph to its name and its number of triples.
    """

    release: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    copies: dict[str, tuple[str, int]] = field(default_factory=dict)
    drops: list[str] = field(default_factory=list)
    staged: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def token(self) -> str:
        """A token that was never used before."""
        return f"current {self.release} {uuid.uuid4().hex}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing would do: graphs to write, to leave as they are, to drop."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


class Publisher:
    """Publishes releases into one store, one at a time (`PublicationLock`)."""

    def __init__(
        self, store: GraphStore, publications: Publications, report: Report = lambda step, graph: None
    ) -> None:
        self._store = store
        self._publications = publications
        self._report = report

    def plan(self, release: Release) -> Plan:
        """What `publish` would do. Changes nothing."""
        journal, graphs = self._journal(), ReleaseGraphs(release)
        wanted = graphs.digests()
        changed = tuple(graph for graph, digest in wanted.items() if journal.digests.get(graph) != digest)
        kept = tuple(graph for graph in wanted if graph not in changed)
        return Plan(changed, kept, tuple(sorted(journal.digests.keys() - wanted.keys())))

    def publish(self, release: Release, *, take_over: bool = False) -> Plan:
        """Put a release into the store, or nothing of it. Raises BackendFailed, QueryTimeout.

        While another one publishes, or was killed at it, that is refused, unless it shall `take_over` from that one.
        """
        with PublicationLock(self._store, self._publications, take_over=take_over) as self._lock:
            return self._publish(release)

    def _publish(self, release: Release) -> Plan:
        before = self._recovered()
        graphs = ReleaseGraphs(release)
        digests, sizes = graphs.digests(), graphs.sizes
        changed = [
            graph
            for graph, digest in digests.items()
            if before.digests.get(graph) != digest or self._store.count(graph) != sizes[graph]
        ]
        names = {graph: f"{_STAGED}{number}" for number, graph in enumerate(changed)}
        manifest = f"{MANIFEST}:{release.identifier}"
        before.staged = [*names.values(), *([] if before.release == release.identifier else [manifest])]
        self._write_journal(before)
        for graph, staged in names.items():
            self._stage(graphs, graph, staged, sizes[graph])
        self._write_manifest(manifest, release.manifest)
        dropped = sorted(before.digests.keys() - digests.keys())
        obsolete = [f"{MANIFEST}:{before.release}"] if before.release not in ("", release.identifier) else []
        after = Journal(
            release=release.identifier,
            digests=digests,
            sizes=sizes,
            copies={staged: (graph, sizes[graph]) for graph, staged in names.items()},
            drops=[*dropped, *obsolete],
            staged=list(names.values()),
        )
        self._write_journal(after, token=f"{SWITCHING} {release.identifier} {uuid.uuid4().hex}")
        self._switch(after)
        kept = tuple(graph for graph in digests if graph not in names)
        return Plan(tuple(changed), kept, tuple(dropped))

    def _stage(self, graphs: ReleaseGraphs, graph: str, staged: str, size: int) -> None:
        self._lock.check()
        self._report("staged", graph)
        self._store.write(staged, graphs.pieces(graph))
        found = self._store.count(staged)
        if found != size:
            raise BackendFailed("remote-count", graph=graph, found=found, expected=size)

    def _switch(self, journal: Journal) -> None:
        for staged, (graph, size) in journal.copies.items():
            self._lock.check()
            # a staged graph that is not whole was dropped after all had been copied
            if self._store.count(staged) == size:
                self._report("copied", graph)
                self._store.copy(staged, graph)
            found = self._store.count(graph)
            if found != size:
                raise BackendFailed("remote-count", graph=graph, found=found, expected=size)
        for graph in journal.drops:
            self._report("dropped", graph)
            self._store.drop(graph)
        journal.copies, journal.drops = {}, []
        self._write_journal(journal, token=journal.token)
        self._tidy(journal)

    def _recovered(self) -> Journal:
        """The journal, after an interrupted publication was ended or taken back."""
        journal = self._journal()
        tokens = self._publications.values(CONTROL, TOKEN)
        if journal.copies or journal.drops or (tokens and tokens[0].startswith(SWITCHING)):
            self._switch(journal)
        elif journal.staged:
            self._tidy(journal)
        return journal

    def _tidy(self, journal: Journal) -> None:
        for graph in journal.staged:
            self._store.drop(graph)
        journal.staged = []
        self._write_journal(journal)

    def _journal(self) -> Journal:
        texts = self._publications.values(CONTROL, JOURNAL)
        if not texts:
            return Journal()
        try:
            content = json.loads(texts[0])
            content["copies"] = {staged: (graph, size) for staged, (graph, size) in content["copies"].items()}
            return Journal(**content)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackendFailed("remote-format") from None

    def _write_journal(self, journal: Journal, *, token: str | None = None) -> None:
        """Replace the journal, and the token with it where one is given."""
        self._lock.check()
        text = literal(journal.text)
        triples = f"<{PUBLICATION}> <{JOURNAL}> {text} ."
        deletes = f"DELETE WHERE {{ GRAPH <{CONTROL}> {{ <{PUBLICATION}> <{JOURNAL}> ?old }} }}"
        if token is not None:
            triples += f" <{PUBLICATION}> <{TOKEN}> {literal(token)} ."
            deletes += f" ; DELETE WHERE {{ GRAPH <{CONTROL}> {{ <{PUBLICATION}> <{TOKEN}> ?old }} }}"
        self._store.update(f"{deletes} ; INSERT DATA {{ GRAPH <{CONTROL}> {{ {triples} }} }}")

    def _write_manifest(self, graph: str, manifest: Manifest) -> None:
        self._store.write(graph, [f"<{PUBLICATION}> <{MANIFEST}> {literal(manifest.text())} .\n".encode()])


def literal(text: str) -> str:
    r"""A string literal of N-Triples and SPARQL, in ASCII.

    >>> print(literal('a "b" \\ é'))
    "a \"b\" \\\\ \U000000E9"
    """
    return f'"{"".join(_character(character) for character in text)}"'


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if " " <= character <= "~":
        return character
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"\\U{ord(character):08X}")
