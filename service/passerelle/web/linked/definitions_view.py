"""What the page of an ontology, a vocabulary or a set of shapes shows: its terms with their definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from passerelle.graph.definitions import DefiningDocument, Statement, document_of
from passerelle.messages import Language, catalogue, message
from passerelle.namespaces import ONTOLOGY, PREFIXES, expand
from passerelle.validation.credentials.rules import RULES
from passerelle.validation.credentials.rules import catalogue as rules

TERMS_SHOWN = 300
"""Terms of one page; the largest profiles have eight hundred shapes, and each of them a page under /rules."""

_SHORTENED = {**PREFIXES, "vann": "http://purl.org/vocab/vann/"}  # which no data of ours use
_NAMES = tuple(map(expand, ("rdfs:label", "skos:prefLabel", "dcterms:title", "sh:name")))
_HIDDEN = frozenset(map(expand, ("rdf:type", "rdfs:isDefinedBy", "skos:inScheme", "skos:topConceptOf", "sh:declare")))
_GROUPS = (
    ("classes", ("owl:Class", "rdfs:Class")),
    ("properties", ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty", "rdf:Property")),
    ("concepts", ("skos:Concept", "owl:NamedIndividual")),
    ("shapes", ("sh:NodeShape", "sh:PropertyShape", "sh:SPARQLConstraint")),
)


@dataclass(frozen=True, slots=True)
class Value:
    """A piece of text; `address` is where it leads (empty: nowhere), `language` that of a foreign text."""

    shown: str
    address: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One defined term. `rule` is its code where it is a rule with a page of its own under /rules."""

    anchor: str
    iri: str
    short: str
    name: Value
    rows: tuple[tuple[str, tuple[Value, ...]], ...]
    rule: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A document in one language: title, what it says of itself, its terms, how many there are and how many are here.

    A group of terms has its name, the identifier of its heading (a message), and the terms.
    """

    title: str
    rows: tuple[tuple[str, tuple[Value, ...]], ...]
    groups: tuple[tuple[str, str, tuple[Term, ...]], ...]
    total: int
    shown: int


def view(document: DefiningDocument, language: Language) -> View:
    """What the page of a document shows."""
    about = document.statements.get(document.iri, ())
    groups: dict[str, list[Term]] = {}
    shown = 0
    terms = [iri for iri in document.statements if iri != document.iri]
    for iri in terms[:TERMS_SHOWN]:
        statements = document.statements[iri]
        groups.setdefault(_group(iri, statements), []).append(_term(document, iri, statements, language))
        shown += 1
    order = [name for name, _ in _GROUPS] + ["others", "foreign"]
    return View(
        _name(about, language, document.name or "Passerelle").shown,
        tuple(_rows(document, about, language)),
        tuple((name, f"definition-group-{name}", tuple(groups[name])) for name in order if name in groups),
        len(terms),
        shown,
    )


def title_of(document: DefiningDocument, language: Language) -> str:
    """What a document is called."""
    return _name(document.statements.get(document.iri, ()), language, document.name or "Passerelle").shown


def anchor_of(document: DefiningDocument, iri: str) -> str:
    """The fragment of a term on the page of its document; empty for the document itself."""
    if iri == document.iri:
        return ""
    for start in (f"{ONTOLOGY}#", f"{document.iri}/", RULES):
        if iri.startswith(start):
            return iri[len(start) :].replace("/", "-")
    return short(iri)


def short(iri: str) -> str:
    """An IRI with one of our prefixes, else as it is."""
    known = (each for each in _SHORTENED.items() if iri.startswith(each[1]))
    prefix, start = max(known, key=lambda each: len(each[1]), default=("", ""))
    return f"{prefix}:{iri[len(start) :]}" if prefix else iri


def _group(iri: str, statements: Sequence[Statement]) -> str:
    if document_of(iri) is None:
        return "foreign"
    types = {each.value for each in statements if each.property == expand("rdf:type")}
    for name, classes in _GROUPS:
        if types & {expand(each) for each in classes}:
            return name
    return "others"


def _term(document: DefiningDocument, iri: str, statements: Sequence[Statement], language: Language) -> Term:
    code = iri.removeprefix(RULES)
    return Term(
        anchor=anchor_of(document, iri),
        iri=iri,
        short=short(iri),
        name=_name(statements, language, short(iri)),
        rows=tuple(_rows(document, statements, language)),
        rule=code if iri.startswith(RULES) and code in rules() else "",
    )


def _name(statements: Sequence[Statement], language: Language, default: str) -> Value:
    found = [each for name in _NAMES for each in statements if each.property == name and each.kind == "literal"]
    for tag in (language, "en", ""):
        for each in found:
            if each.language == tag:
                return Value(each.value, language=tag)
    return Value(found[0].value, language=found[0].language) if found else Value(default)


def _rows(
    document: DefiningDocument, statements: Sequence[Statement], language: Language
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    by_property: dict[str, list[Statement]] = {}
    for each in statements:
        if each.property not in _HIDDEN and each.property not in _NAMES and each.kind != "blank":
            by_property.setdefault(each.property, []).append(each)
    for name, values in by_property.items():
        # each text stands in both languages: a reader needs one of them
        mine = [each for each in values if each.language == language]
        kept = mine + [each for each in values if not each.language] or values
        yield _heading(name, language), tuple(_value(document, each, language) for each in kept)


def _heading(iri: str, language: Language) -> str:
    prefix, _, local = short(iri).partition(":")
    identifier = f"term-{prefix}-{local}".lower()
    return message(identifier).what(language) if identifier in catalogue() else short(iri)


def _value(document: DefiningDocument, statement: Statement, language: Language) -> Value:
    if statement.kind == "literal":
        foreign = statement.language if statement.language != language else ""
        return Value(statement.value, language=foreign)
    iri = statement.value
    if iri in document.statements:
        return Value(short(iri), f"#{anchor_of(document, iri)}")
    other = document_of(iri)
    if other is None:
        return Value(short(iri), iri)
    return Value(short(iri), f"{path_of(other)}#{anchor_of(other, iri)}".rstrip("#"))


def path_of(document: DefiningDocument) -> str:
    """The path of a document's page on this server."""
    if document.kind == "ontology":
        return f"/ontology/{document.name}".rstrip("/")
    return f"/definitions/{document.kind}/{document.name}"
