"""What a remote store holds: a release that `passerelle publish` put there, or data of others.

A published store has a control graph, in which one thing carries a token. The token changes before a switch to another
release begins and after it has ended, so an answer with the same token before and after it is of one release alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.errors import BackendFailed, Overloaded, QueryTimeout
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.remote.metadata import Metadata
from passerelle.messages import message

CONTROL = "urn:passerelle:control"
"""The graph that says what is published."""
PUBLICATION = "urn:passerelle:publication"
TOKEN = "urn:passerelle:token"  # noqa: S105 - no secret
JOURNAL = "urn:passerelle:journal"
LOCK = "urn:passerelle:lock"
MANIFEST = "urn:passerelle:manifest"
SWITCHING = "switching"
INTERNAL = "urn:passerelle:"

_SYSTEM = (
    "http://www.openlinksw.com/",
    "http://localuriqaserver",
    "http://www.w3.org/ns/ldp#",
    "urn:core:",
    "urn:rules.",
)
_GRAPHS = 200
"""Graphs of a foreign store that are named in each question; with more, the store's own default is taken."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is held. `token` is None for a store that we did not publish into."""

    manifest: Manifest
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    token: str | None


class Publications:
    """Reads what a store holds. `base` and `seconds` are those of the settings."""

    def __init__(self, metadata: Metadata, base: str) -> None:
        self._metadata = metadata
        self._base = base

    def current(self) -> Published:
        """What the store holds now. Raises Overloaded during a switch, BackendFailed, QueryTimeout."""
        tokens = self.values(CONTROL, TOKEN)
        if not tokens and not self.values(CONTROL, JOURNAL):
            return self._foreign()
        token = _steady(tokens)
        words = token.split(" ")
        texts = self.values(f"{MANIFEST}:{words[1]}", MANIFEST) if words[1:] else []
        try:
            manifest = Manifest.parsed(texts[0])
        except (IndexError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BackendFailed("remote-format") from None
        graphs = tuple(sorted(manifest.graphs))
        # a triple of two graphs comes twice, as in the embedded store
        return Published(manifest, graphs, graphs, token)

    def holds(self, published: Published) -> bool:
        """Whether that is still what the store holds. Raises Overloaded during a switch."""
        return published.token is None or _steady(self.values(CONTROL, TOKEN)) == published.token

    def check(self, published: Published) -> None:
        """Raise Overloaded unless that is still what the store holds."""
        if not self.holds(published):
            raise Overloaded("remote-switching")

    def values(self, graph: str, name: str) -> list[str]:
        """What the control graph says, or the graph of a manifest; one value, but for the instant of an update."""
        query = f"SELECT ?value WHERE {{ GRAPH <{graph}> {{ <{PUBLICATION}> <{name}> ?value }} }} LIMIT 2"
        return self._metadata.values(query)

    def _foreign(self) -> Published:
        try:
            rows = self._metadata.rows(
                "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } "
                f"GROUP BY ?graph LIMIT {_GRAPHS + 1}"
            )
        except QueryTimeout:  # too large to be counted
            rows = self._metadata.rows(
                f"SELECT DISTINCT ?graph (0 AS ?triples) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} }} LIMIT {_GRAPHS + 1}"
            )
        try:
            sizes = {
                row["graph"]: int(row["triples"]) for row in rows if not row["graph"].startswith((INTERNAL, *_SYSTEM))
            }
        except (KeyError, ValueError):
            raise BackendFailed("remote-format") from None
        listed = tuple(sorted(sizes)) if len(rows) <= _GRAPHS else ()
        return Published(_manifest_of_others(self._base, sizes), listed, listed, None)


def _steady(tokens: list[str]) -> str:
    if len(tokens) != 1 or tokens[0].startswith(SWITCHING):
        raise Overloaded("remote-switching")
    return tokens[0]


def _manifest_of_others(base: str, sizes: dict[str, int]) -> Manifest:
    """A manifest that says that we know neither sources nor licences."""
    title, licence = message("remote-source"), message("remote-licence")
    source = SourceEntry(
        slug="remote",
        kind="remote",
        title_en=title.en,
        title_fr=title.fr,
        publisher="",
        licence_iri="",
        licence_name=licence.en,
        attribution_en=licence.en,
        attribution_fr=licence.fr,
        edition="",
        files=(),
        read={},
        accepted={},
        rejected={},
        notices={},
        unresolved=0,
        quads=sum(sizes.values()),
        seconds=0.0,
        peak_bytes=0,
    )
    return Manifest(
        identifier="remote",
        created="",
        base=base,
        demo=False,
        software="",
        versions={},
        inputs_sha256="",
        sources=(source,),
        triples=sum(sizes.values()),
        graphs=sizes,
        links={},
        validation={},
        seconds=0.0,
        peak_bytes=0,
    )
