"""Reads the profiles of `shapes/*.ttl`: the shapes themselves, and what each says about itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.namespace import DCTERMS, RDF, SH

from passerelle.namespaces import expand
from passerelle.records.finding import Severity
from passerelle.resources import folder
from passerelle.validation.credentials.model import Triple
from passerelle.validation.terms import triple_of

_WORDS = frozenset((expand("sh:message"), expand("sh:name"), expand("sh:description")))
_STRUCTURE = (expand("sh:"), expand("rdf:"))


@dataclass(frozen=True, slots=True)
class Rule:
    """What a shape, or a rule across records, says about itself: severity, sentence and source in both languages."""

    iri: str
    severity: Severity
    message_en: str
    message_fr: str
    source_en: str
    source_fr: str


@dataclass(frozen=True)
class Profile:
    """A set of shapes out of one or more Turtle files."""

    files: tuple[Path, ...]

    @classmethod
    def of_release(cls) -> Profile:
        """The profiles that every release is checked against: catalogue, links and units.

        All files of `shapes/` belong to it but those of its subfolders.
        """
        return cls(tuple(sorted(folder("shapes").glob("*.ttl"))))

    @cached_property
    def graph(self) -> rdflib.Graph:
        """All shapes in one graph. Raises OSError or rdflib's parse errors: a broken profile is a defect of ours."""
        graph = rdflib.Graph()
        for path in self.files:
            graph.parse(path, format="turtle")
        return graph

    @cached_property
    def structure(self) -> tuple[Triple, ...]:
        """What an engine needs of all shapes: statements of SHACL and lists, without words for people.

        Blank nodes of different files are kept apart. Raises OSError or SyntaxError.
        """
        return tuple(structure_of(self.files))

    @cached_property
    def version(self) -> str:
        """16 hexadecimal digits over names and bytes of the files, for the manifest."""
        digest = hashlib.sha256()
        for path in self.files:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:16]

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every named shape by its IRI. Raises ValueError for a shape without severity, messages or source."""
        shapes = {
            shape
            for kind in (SH.NodeShape, SH.PropertyShape)
            for shape in self.graph.subjects(RDF.type, kind)
            if isinstance(shape, rdflib.URIRef)
        }
        return {str(shape): self._rule(shape) for shape in sorted(shapes)}

    def _rule(self, shape: rdflib.URIRef) -> Rule:
        severities = {Severity(str(value).rpartition("#")[2]) for value in self.graph.objects(shape, SH.severity)}
        messages = _by_language(self.graph.objects(shape, SH.message))
        sources = _by_language(self.graph.objects(shape, DCTERMS.source))
        if len(severities) != 1 or not {"en", "fr"} <= messages.keys() or not {"en", "fr"} <= sources.keys():
            raise ValueError(f"{shape}: needs one severity, and message and source in English and French")
        return Rule(str(shape), severities.pop(), messages["en"], messages["fr"], sources["en"], sources["fr"])


def structure_of(files: Iterable[Path]) -> Iterator[Triple]:
    """See `Profile.structure`."""
    for path in files:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            predicate = quad.predicate.value
            if predicate.startswith(_STRUCTURE) and predicate not in _WORDS:
                yield triple_of(quad)


def _by_language(literals: Iterable[rdflib.term.Node]) -> dict[str, str]:
    return {each.language or "": str(each) for each in literals if isinstance(each, rdflib.Literal)}
