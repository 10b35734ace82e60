"""The documents that define our terms: ontology, vocabularies and shapes, found by name and by the IRIs they define."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple

import pyoxigraph as ox

from passerelle.graph.answering.embedded import TRIPLE_FORMATS
from passerelle.graph.rights import OUR_LICENCE
from passerelle.namespaces import ONTOLOGY, PREFIXES, VOCABULARY, expand
from passerelle.resources import folder

DocumentKind = Literal["ontology", "vocabulary", "shapes"]
SHAPES = "https://w3id.org/passerelle/shapes/"

_TURTLE = "text/turtle"
_ONTOLOGY, _IMPORTS = ox.NamedNode(expand("owl:Ontology")), ox.NamedNode(expand("owl:imports"))


class Statement(NamedTuple):
    """One statement about a named thing. `kind` says what `value` is; `language` is empty where there is none."""

    property: str
    value: str
    kind: Literal["iri", "literal", "blank"]
    language: str


@dataclass(frozen=True)
class DefiningDocument:
    """A document of ours.

    `name` is its path below its kind (empty: the whole ontology), `iri` its own name, `files` where its text stands,
    `licence` the IRI that it states (OUR_LICENCE where it states none).
    """

    kind: DocumentKind
    name: str
    iri: str
    files: tuple[Path, ...]

    @cached_property
    def triples(self) -> tuple[ox.Triple, ...]:
        """What it says.

        The whole ontology is one document: it says nothing of its modules as ontologies, and imports none of them.
        """
        parts = [[quad.triple for quad in ox.parse(path=str(path))] for path in self.files]
        if len(parts) == 1:
            return tuple(parts[0])
        held = {each.subject for part in parts for each in part if each.object == _ONTOLOGY}
        own = ox.NamedNode(self.iri)
        return tuple(
            each
            for part in parts
            for each in part
            if (each.subject == own or each.subject not in held)
            and not (each.predicate == _IMPORTS and each.object in held)
        )

    @cached_property
    def digest(self) -> str:
        """A hash of its text."""
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in self.files)).hexdigest()

    @property
    def licence(self) -> str:
        """The licence that it states of itself."""
        stated = [
            each.value for each in self.statements.get(self.iri, ()) if each.property == expand("dcterms:license")
        ]
        return stated[0] if stated else OUR_LICENCE

    @cached_property
    def statements(self) -> Mapping[str, tuple[Statement, ...]]:
        """The statements about each named thing, in the order of the text."""
        found: dict[str, list[Statement]] = {}
        for subject, predicate, value in self.triples:
            if not isinstance(subject, ox.NamedNode):
                continue
            about = found.setdefault(subject.value, [])
            if isinstance(value, ox.NamedNode):
                about.append(Statement(predicate.value, value.value, "iri", ""))
            elif isinstance(value, ox.Literal):
                about.append(Statement(predicate.value, value.value, "literal", value.language or ""))
            else:
                about.append(Statement(predicate.value, "", "blank", ""))
        return {iri: tuple(about) for iri, about in found.items()}

    def written(self, media_type: str, more: Sequence[ox.Triple] = ()) -> bytes:
        """Its content and `more` in the format of a media type of `TRIPLE_FORMATS`.

        One file in Turtle is the text of the file, with `more` behind it.
        """
        if media_type == _TURTLE:
            # N-Triples are Turtle
            added = ox.serialize(more, format=ox.RdfFormat.N_TRIPLES) or b""
            return self._turtle() + (b"\n" + added if added else b"")
        content = ox.serialize((*self.triples, *more), format=TRIPLE_FORMATS[media_type], prefixes=PREFIXES)
        if content is None:
            raise TypeError(media_type)
        return content

    def _turtle(self) -> bytes:
        if len(self.files) == 1:
            return self.files[0].read_bytes()
        text = b"\n".join(path.read_bytes() for path in self.files)
        prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if f"<{iri}>".encode() in text}
        content = ox.serialize(self.triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
        lines = content.splitlines(keepends=True)
        # the engine writes prefixes in another order each time
        return b"".join([*sorted(lines[: len(prefixes)]), *lines[len(prefixes) :]])


@cache
def documents() -> Mapping[tuple[DocumentKind, str], DefiningDocument]:
    """All documents by kind and name. Requests are looked up here; no path is ever made of what a client sent."""
    return {(each.kind, each.name): each for each in _documents()}


def document_of(iri: str) -> DefiningDocument | None:
    """The document that defines one of our terms, or that has this IRI itself; None where none does."""
    return _by_term().get(iri)


@cache
def _by_term() -> Mapping[str, DefiningDocument]:
    found: dict[str, DefiningDocument] = {}
    for document in documents().values():
        for iri in (document.iri, *document.statements):
            if iri.startswith((ONTOLOGY, VOCABULARY, SHAPES)):
                found.setdefault(iri, document)
    return found


def _documents() -> Iterator[DefiningDocument]:
    modules = sorted(folder("ontology").glob("*.ttl"))
    # the root first: it says of the whole what it is
    modules.sort(key=lambda path: path.stem != "passerelle")
    yield DefiningDocument("ontology", "", ONTOLOGY, tuple(modules))
    for path in modules[1:]:
        yield DefiningDocument("ontology", path.stem, f"{ONTOLOGY}/{path.stem}", (path,))
    for path in sorted((folder("data") / "vocabularies").glob("*.ttl")):
        document = DefiningDocument("vocabulary", path.stem, VOCABULARY + path.stem, (path,))
        if document.iri in document.statements:  # others restate lists of the Publications Office, which are not ours
            yield document
    shapes = folder("shapes")
    for path in sorted(shapes.rglob("*.ttl")):
        name = path.relative_to(shapes).with_suffix("").as_posix()
        yield DefiningDocument("shapes", name, SHAPES + name, (path,))
