"""Descriptions as documents: read back from a release, put together, written in the RDF format that is asked for."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from passerelle.errors import DamagedRelease
from passerelle.graph.answering.embedded import TRIPLE_FORMATS
from passerelle.namespaces import expand
from passerelle.records.place import Place

Triples = tuple[ox.Triple, ...]


def stated_in(folder: Path | None, file: str) -> Triples:
    """The triples of a description of a release; none without a folder or file. Raises DamagedRelease."""
    path = None if folder is None else folder / file
    return _triples(path) if path is not None and path.is_file() else ()


@lru_cache(maxsize=8)
def _triples(path: Path) -> Triples:
    # a release never changes
    try:
        return tuple(quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise DamagedRelease("release-damaged", place=Place(file=path.parent.name), reason=path.name) from error


def written(graph: Graph, media_type: str, stated: Iterable[ox.Triple] = ()) -> bytes:
    """`stated` and then `graph`, in the format of a media type of `TRIPLE_FORMATS`.

    Ordered by subject, so that Turtle groups them; rdflib would take half a second for the VoID of a large release.
    """
    text = graph.serialize(format="nt", encoding="utf-8")
    triples = {*stated, *(quad.triple for quad in ox.parse(io.BytesIO(text), format=ox.RdfFormat.N_TRIPLES))}
    ordered = sorted(triples, key=lambda triple: (str(triple.subject), str(triple.predicate), str(triple.object)))
    if media_type != "text/turtle":
        return _bytes(ox.serialize(ordered, format=TRIPLE_FORMATS[media_type]))
    prefixes = {prefix: str(iri) for prefix, iri in graph.namespaces() if prefix}
    lines = _bytes(ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=prefixes)).splitlines(keepends=True)
    # the engine writes prefixes in another order each time
    return b"".join([*sorted(lines[: len(prefixes)]), *lines[len(prefixes) :]])


def _bytes(content: bytes | None) -> bytes:
    if content is None:
        raise TypeError(content)
    return content


def places(triples: Triples, subject: str) -> list[str]:
    """The places that these triples say `subject` (an IRI) is about (dcterms:spatial)."""
    node, spatial = ox.NamedNode(subject), ox.NamedNode(expand("dcterms:spatial"))
    found = (triple.object for triple in triples if triple.subject == node and triple.predicate == spatial)
    return sorted(place.value for place in found if isinstance(place, ox.NamedNode))
