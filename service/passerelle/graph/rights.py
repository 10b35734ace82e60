"""Licences and attributions of named graphs: the one answer that every document, description and header gives.

The rule, by graph:

- What a source states has the licence of the source, and its attribution.
- What we wrote (ontology, example queries, provenance) is under CC BY 4.0, and names nobody else.
- `links`, `comparability`, and `vocabularies` with its closures of the sources' hierarchies, hold statements of ours,
  so they are under CC BY 4.0; they were made from what the sources say, and whoever passes them on must still name
  those (CC BY 4.0, 3(a)(1); Licence Ouverte 2.0, "mention de la paternité"; the notice that ESCO asks for). So the
  attributions of all sources stand there.
- Any other graph, such as one of a store that somebody else filled, is not ours to license: what is known of the
  sources is all that is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.namespaces import Minting
from passerelle.records.iri import is_iri

OUR_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
"""Of what no source states: our ontology, vocabularies, links and descriptions (LICENSE of each folder)."""

OUR_LICENCE_NAME = "CC BY 4.0"
_WRITTEN = ("ontology", "queries", "provenance")
_MADE_FROM_SOURCES = ("links", "comparability", "vocabularies")


@dataclass(frozen=True, slots=True)
class Rights:
    """`licences` are the IRIs of all that apply, `sources` those whose attributions must be named; each once.

    `ours` says whether statements of our own are among them.
    """

    licences: tuple[str, ...]
    sources: tuple[SourceEntry, ...] = ()
    ours: bool = False


OURS = Rights((OUR_LICENCE,), ours=True)
"""Of a document that we wrote."""


def rights_of(manifest: Manifest, graphs: Iterable[str]) -> Rights:
    """The rights that apply to what these graphs (IRIs) of a release say together."""
    minting = Minting(manifest.base)
    owners = {minting.graph(entry.slug): entry for entry in manifest.sources}
    written = {minting.graph(name) for name in _WRITTEN}
    made = {minting.graph(name) for name in _MADE_FROM_SOURCES}
    licences: dict[str, None] = {}
    named: set[str] = set()
    graphs = frozenset(graphs)
    for graph in sorted(graphs):
        if graph in owners:
            named.add(graph)
            licences.update(dict.fromkeys(_licences(owners[graph])))
        elif graph in written:
            licences[OUR_LICENCE] = None
        elif graph in made:
            named.update(owners)
            licences[OUR_LICENCE] = None
        else:
            named.update(owners)
            licences.update(dict.fromkeys(licence for entry in owners.values() for licence in _licences(entry)))
    sources = tuple(entry for graph, entry in owners.items() if graph in named)
    return Rights(tuple(licences), sources, not (written | made).isdisjoint(graphs))


def rights_of_source(source: SourceEntry) -> Rights:
    """The rights of what one source says."""
    return Rights(_licences(source), (source,))


def attributions_of(manifest: Manifest) -> tuple[tuple[str, str], ...]:
    """Text and language of every attribution of a release; each description of its content states all of them."""
    return tuple(dict.fromkeys(text for entry in manifest.sources for text in entry.attributions))


def _licences(source: SourceEntry) -> tuple[str, ...]:
    """The IRI of its licence, where it has one that may be followed; its name alone is told by whoever names it."""
    licence = source.licence_iri
    return (licence,) if licence.startswith(("https://", "http://")) and is_iri(licence) else ()
