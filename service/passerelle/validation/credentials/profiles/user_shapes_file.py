"""Reads a file of shapes of the user, and says what of it cannot be run here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib.namespace import SH

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.namespaces import expand
from passerelle.records.place import Place
from passerelle.validation.credentials.model import LITERAL, Triple
from passerelle.validation.terms import triples_of

MAXIMUM_BYTES = 8 * 1024 * 1024
"""Of a file of shapes; the largest official one has 0.2 MB."""

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
_SHACL = expand("sh:")
_TYPE = expand("rdf:type")
_IMPORTS = expand("owl:imports")
_ONTOLOGY = expand("owl:Ontology")
_QUERIES = frozenset(expand(f"sh:{name}") for name in ("select", "ask", "construct", "update"))
_SCRIPTS = frozenset(expand(f"sh:{name}") for name in ("js", "jsLibrary", "jsLibraryURL", "jsFunctionName"))
# an IRI, a string or a comment in a query can hold any word
_SPARQL_TEXTS = re.compile(
    r'<[^<>"{}|^`\\\x00-\x20]*>'
    r'|"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|#[^\n]*",
    re.DOTALL,
)
_SPARQL_REFUSED = re.compile(r"(?<![\w?$:])(SERVICE|FROM|LOAD|INSERT|DELETE|CLEAR|DROP|CREATE)(?![\w:])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShapesFile:
    """One file: its name without folders, its statements, the ontologies that it is and those that it imports.

    `unknown` are the terms in SHACL's namespace that SHACL does not have; statements with them are left out, because
    they have no effect, and one engine refuses them.
    """

    name: str
    triples: tuple[Triple, ...]
    ontologies: frozenset[str]
    imports: frozenset[str]
    unknown: tuple[str, ...]

    @property
    def refused(self) -> str:
        """What the shapes must not do, in a word; empty if nothing."""
        return next(_refused(self.triples), "")


def read_shapes(path: Path) -> ShapesFile:
    """The shapes of a file, its format told by its ending (Turtle where it tells nothing).

    Raises UnsafeInput (too large, DOCTYPE), MalformedInput (cannot be read), UnexpectedInput (has no shape). Contexts
    and imports are never fetched.
    """
    place = Place(file=path.name)
    form = _FORMATS.get(path.suffix.lower(), ox.RdfFormat.TURTLE)
    try:
        size = path.stat().st_size
        if size > MAXIMUM_BYTES:
            raise UnsafeInput("shapes-file-size", place=place, size=size, limit=MAXIMUM_BYTES)
        data = path.read_bytes()
    except OSError as error:
        raise MalformedInput("shapes-file-unreadable", place=place, reason=error.strerror or "") from error
    if form == ox.RdfFormat.RDF_XML and b"<!DOCTYPE" in data:
        raise UnsafeInput("shapes-file-doctype", place=place)
    try:
        base = path.absolute().as_uri()
        statements = tuple(triples_of(ox.parse(data, format=form, base_iri=base, rename_blank_nodes=True)))
    except (SyntaxError, ValueError, TypeError, OSError) as error:
        raise MalformedInput("shapes-file-unreadable", place=place, reason=_reason(error)) from error
    known = tuple(each for each in statements if not _unknown(each))
    if not any(each[1].value.startswith(_SHACL) for each in known):
        raise UnexpectedInput("shapes-file-empty", place=place)
    unknown = dict.fromkeys(f"sh:{term.removeprefix(_SHACL)}" for each in statements for term in _unknown(each))
    ontologies = {s.value for s, p, o in statements if p.value == _TYPE and o.value == _ONTOLOGY}
    imports = {o.value for _, p, o in statements if p.value == _IMPORTS}
    return ShapesFile(path.name, known, frozenset(ontologies), frozenset(imports), tuple(unknown))


def _reason(error: Exception) -> str:
    """What the parser says; the words of a SyntaxError alone, because as a text it adds the line that they name."""
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    return words[:300]


def _unknown(triple: Triple) -> list[str]:
    """The terms of a statement that stand in SHACL's namespace, and that SHACL does not have."""
    _, predicate, value = triple
    terms = [predicate.value, *([value.value] if predicate.value == _TYPE else [])]
    return [each for each in terms if each.startswith(_SHACL) and each not in SH]


def _refused(triples: Iterable[Triple]) -> Iterator[str]:
    for _, predicate, value in triples:
        if predicate.value in _SCRIPTS:
            yield f"sh:{predicate.value.removeprefix(_SHACL)}"
        elif predicate.value in _QUERIES and value.kind == LITERAL:
            found = _SPARQL_REFUSED.search(_SPARQL_TEXTS.sub(" ", value.value))
            if found is not None:
                yield found[1].upper()
