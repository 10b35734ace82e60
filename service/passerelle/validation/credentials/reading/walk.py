"""The walk over a JSON-LD document that makes its triples: node objects and their plain properties."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Term, Triple
from passerelle.validation.credentials.reading.active_context import (
    UNSET,
    ActiveContext,
    Budget,
    ContextProblem,
    Definition,
    Unset,
)
from passerelle.validation.credentials.reading.context_processing import processed, scoped
from passerelle.validation.credentials.reading.iris import LANGUAGE_TAG, is_iri, mended
from passerelle.validation.credentials.reading.json_text import JsonText
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.literals import XSD_STRING, misfits, native
from passerelle.validation.credentials.reading.losses import SHOWN, Losses
from passerelle.validation.credentials.reading.source_map import Trail

if TYPE_CHECKING:
    from passerelle.validation.credentials.reading.special import Special

RDF_TYPE = Term(IRI, expand("rdf:type"))
_QUIET = frozenset(("https://w3id.org/security#proof", expand("cred:proof")))
"""Properties whose values are proofs of some suite, with terms of its own: what is unknown there is no fault."""
_MISSING: Any = object()

Link = tuple[Term | None, Term | None, bool]
"""Subject and predicate of the triple that leads to a node; whether it leads the other way round."""
Found = list[tuple[Term, Trail]]
"""Terms that become elements of a list, with the trails to them."""


@dataclass(slots=True)
class Graph:
    """Triples and the trails to them."""

    triples: list[Triple] = field(default_factory=list)
    trails: list[Trail] = field(default_factory=list)


class Walk:
    """Reads one document. `special` reads what is rarer than plain node objects."""

    def __init__(self, document: JsonText, root: str, limits: Limits, special: Callable[[Walk], Special]) -> None:
        self.losses = Losses(document, root, limits.observations)
        self.default = Graph()
        self.named: dict[Term, Graph] = {}
        self.nodes: list[tuple[Term | None, dict[str, Any], Trail]] = []
        self.contexts: list[str] = []
        self.context_trail: Trail = None
        self.graph = self.default
        self._budget = Budget(limits.definitions)
        self._labels: dict[str, Term] = {}
        self._count = 0
        self._iris: dict[tuple[ActiveContext, str], Term] = {}
        self._types: dict[tuple[ActiveContext, str], Term] = {}
        self._keys: dict[tuple[ActiveContext, str], Definition | None] = {}
        self._clashes: set[str] = set()
        self._languages: set[str] = set()
        self._special = special(self)

    # ------------------------------------------------------------ contexts

    def in_context(self, context: ActiveContext, local: Any, trail: Trail) -> ActiveContext:
        """`context` with a local context applied. Raises ContextProblem, with `context_trail` set to its place."""
        self.context_trail = trail
        found = processed(context, local, self._budget)
        for each in local if isinstance(local, list) else (local,):
            if isinstance(each, str):
                self.contexts.append(each)
        self._tell_clashes(found)
        return found

    def in_scope(self, context: ActiveContext, definition: Definition, of_type: bool, trail: Trail) -> ActiveContext:
        """`context` with the scoped context of a term applied. Raises ContextProblem."""
        try:
            found = scoped(context, definition, self._budget, of_type)
        except ContextProblem as problem:
            self.context_trail = trail
            problem.path = ()
            raise
        if found.clashes:
            self._tell_clashes(found)
        return found

    def _tell_clashes(self, context: ActiveContext) -> None:
        for term in context.clashes:
            if term not in self._clashes:
                self._clashes.add(term)
                self.losses.tell("ELM-READING-CONTEXT-CLASH", self.context_trail, key=term)

    # ------------------------------------------------------------ terms

    def blank(self) -> Term:
        """A new blank node."""
        self._count += 1
        return Term(BLANK, f"b{self._count - 1}")

    def labelled(self, label: str) -> Term:
        """The blank node of a label (`_:x`) of the document."""
        found = self._labels.get(label)
        if found is None:
            found = self._labels[label] = self.blank()
        return found

    def resource(self, context: ActiveContext, text: str, trail: Trail, vocab: bool = False) -> Term | None:
        """The node that `text` names; None, and told, where RDF has no such node."""
        key = (context, text)
        if not vocab:
            found = self._iris.get(key)
            if found is not None:
                return found
        iri = context.expanded(text, vocab=vocab, relative=True)
        term = self._term(iri, text, trail)
        if term is not None and not vocab and term.value == iri:
            self._iris[key] = term
        return term

    def _term(self, iri: str | None, text: str, trail: Trail) -> Term | None:
        if iri is None or iri[:1] == "@":
            self.losses.tell("ELM-READING-RELATIVE-IRI", trail, value=text)
            return None
        if iri[:2] == "_:":
            return self.labelled(iri)
        if is_iri(iri):
            return Term(IRI, iri)
        better = mended(iri)
        if better is None or not is_iri(better):
            self.losses.tell("ELM-READING-RELATIVE-IRI", trail, value=text)
            return None
        self.losses.tell("ELM-READING-BAD-IRI", trail, value=text)
        return Term(IRI, better)

    def type_term(self, context: ActiveContext, name: str, node: Term | None, trail: Trail) -> Term | None:
        """The class that a type names; None, and told, where it names none."""
        key = (context, name)
        found = self._types.get(key)
        if found is not None:
            return found
        iri = context.expanded(name, vocab=True, relative=True)
        if iri is None or iri[:1] == "@" or (":" not in iri and mended(iri) is None):
            self.losses.unknown_type(context, name, node, trail)
            return None
        self.losses.prefix(name, iri, node, trail)
        term = self._term(iri, name, trail)
        if term is not None and term.value == iri:
            self._types[key] = term
        return term

    def text(self, value: str, definition: Definition, context: ActiveContext, trail: Trail) -> Term | None:
        """The term that a string stands for as a value of this property."""
        kind = definition.coercion
        if kind in ("", "@none"):
            language = definition.language
            if isinstance(language, Unset):
                language = context.language
            if not language:
                return Term(LITERAL, value)
            return self.tagged(value, language, trail)
        if kind == "@id":
            return self.resource(context, value, trail)
        if kind == "@vocab":
            return self.resource(context, value, trail, vocab=True)
        return self.typed(value, kind, trail)

    def typed(self, value: str, datatype: str, trail: Trail) -> Term | None:
        """A literal of a datatype."""
        if datatype == XSD_STRING:
            return Term(LITERAL, value)
        if not is_iri(datatype):
            self.losses.tell("ELM-READING-RELATIVE-IRI", trail, value=datatype)
            return None
        return Term(LITERAL, value, datatype)

    def tagged(self, value: str, language: str, trail: Trail) -> Term | None:
        """A text in a language; None, and told, where the tag is none and cannot be mended."""
        if language not in self._languages:
            if LANGUAGE_TAG.fullmatch(language) is None:
                better = language.strip().replace("_", "-")
                if LANGUAGE_TAG.fullmatch(better) is None:
                    self.losses.tell("ELM-READING-BAD-LANGUAGE", trail, value=language)
                    return None
                self.losses.tell("ELM-READING-LANGUAGE-MENDED", trail, value=language, tag=better)
                return Term(LITERAL, value, None, better)
            self._languages.add(language)
        return Term(LITERAL, value, None, language)

    def number(self, value: bool | int | float, definition: Definition, trail: Trail) -> Term | None:
        """A JSON boolean or number as a value of this property."""
        kind = definition.coercion
        return self.native(value, "" if kind[:1] == "@" else kind, trail)

    def native(self, value: bool | int | float, datatype: str, trail: Trail) -> Term | None:
        """A JSON boolean or number; `datatype` "" where none is given."""
        lexical, found = native(value, datatype)
        if misfits(lexical, found):
            name = found.rpartition("#")[2]
            self.losses.tell("ELM-READING-NUMBER-FORM", trail, value=repr(value), form=lexical, datatype=name)
        return self.typed(lexical, found, trail)

    # ------------------------------------------------------------ structure

    def emit(self, subject: Term | None, predicate: Term | None, value: Term | None, trail: Trail) -> None:
        """Add a triple to the graph in hand, unless a part of it was lost."""
        if subject is not None and predicate is not None and value is not None:
            self.graph.triples.append((subject, predicate, value))
            self.graph.trails.append(trail)

    def deliver(self, term: Term | None, trail: Trail, link: Link | None, into: Found | None) -> None:
        """Add the triple of `link` that leads to a term, or the term to the elements of a list."""
        if term is None:
            if link is not None:
                self.losses.belongs(trail, link[0], link[1])
            return
        if into is not None:
            into.append((term, trail))
        if link is None:
            return
        if not link[2]:
            self.emit(link[0], link[1], term, trail)
        elif term.kind == LITERAL:
            self.losses.tell("ELM-READING-NOT-JSON-LD", trail, error="invalid reverse property value")
        else:
            self.emit(term, link[1], link[0], trail)

    def whole(self, value: Any, context: ActiveContext) -> None:
        """Read a document. Raises ContextProblem."""
        if isinstance(value, dict):
            self.top(value, context, None, document=True)
        elif isinstance(value, list):
            for number, each in enumerate(value):
                self.top(each, context, (None, number))
        else:
            self.losses.tell("ELM-READING-FREE-FLOATING", None)

    def top(self, value: Any, context: ActiveContext, trail: Trail, document: bool = False) -> None:
        """Read what stands at the top of a graph."""
        if isinstance(value, dict):
            self.node(value, context, trail, None, top=True, document=document)
        elif isinstance(value, list):
            for number, each in enumerate(value):
                self.top(each, context, (trail, number))
        elif value is not None:
            self.losses.tell("ELM-READING-FREE-FLOATING", trail)

    def value(
        self,
        value: Any,
        definition: Definition,
        context: ActiveContext,
        trail: Trail,
        link: Link | None,
        into: Found | None = None,
    ) -> None:
        """Read one value of a property, or several: triples after `link`, or terms into `into`."""
        kind = type(value)
        if kind is dict:
            self.node(value, context, trail, link, definition, into)
            return
        if kind is list:
            for number, each in enumerate(value):
                self.value(each, definition, context, (trail, number), link, into)
            return
        if value is None:
            return
        text = kind is str
        term = self.text(value, definition, context, trail) if text else self.number(value, definition, trail)
        if not text and definition.coercion in ("@id", "@vocab") and link is not None:
            self.losses.tell("ELM-READING-RELATIVE-IRI", trail, value=json.dumps(value))
            self.losses.belongs(trail, link[0], link[1])
        self.deliver(term, trail, link, into)

    def node(
        self,
        written: dict[str, Any],
        context: ActiveContext,
        trail: Trail,
        link: Link | None,
        definition: Definition | None = None,
        into: Found | None = None,
        from_map: bool = False,
        top: bool = False,
        document: bool = False,
    ) -> None:
        """Read a JSON object: a node, or a value, list or set object. Raises ContextProblem.

        `definition` is that of the property, `from_map` for the values of an index, id or type map, `top` for objects
        that no property leads to, `document` for the object that is the whole document.
        """
        if context.previous is not None and not from_map and not _of_one_thing(written, context):
            context = context.previous
        if definition is not None and definition.scoped is not UNSET:
            context = self.in_scope(context, definition, False, trail)
        if "@context" in written:
            context = self.in_context(context, written["@context"], (trail, "@context"))
        outer = context
        types: list[tuple[str, Trail]] = []
        for name in outer.types:
            if name in written:
                context = self._typed(written[name], (trail, name), outer, context, types)
        if not context.special.isdisjoint(written) and self._special.handles(
            written, context, outer, trail, link, definition, into, top, document
        ):
            return
        subject = self.identified(written, context, trail)
        self.nodes.append((subject, written, trail))
        if link is not None or into is not None:
            self.deliver(subject, trail, link, into)
        for name, place in types:
            term = self._types.get((outer, name)) or self.type_term(outer, name, subject, place)
            if term is not None and subject is not None:
                self.graph.triples.append((subject, RDF_TYPE, term))
                self.graph.trails.append(place)
        if top and not types and all(self.is_name(context, key) for key in written):
            self.losses.tell("ELM-READING-FREE-FLOATING", trail)
            return
        self.entries(written, context, subject, trail)

    def entries(self, written: dict[str, Any], context: ActiveContext, subject: Term | None, trail: Trail) -> None:
        """Read the properties of a node object."""
        terms = context.terms
        for key, value in written.items():
            definition = terms.get(key) or self._unlisted(context, key, subject, (trail, key))
            if definition is None:
                continue
            if value is None and definition.predicate is not None and definition.coercion != "@json":
                path = definition.predicate.value
                self.losses.tell("ELM-READING-NULL", (trail, key), subject, path=path, key=key[:SHOWN])
            elif definition.plain:
                here = (trail, key)
                predicate = definition.predicate
                kind = type(value)
                if kind is str:
                    term = self.text(value, definition, context, here)
                    if term is not None and subject is not None and predicate is not None:
                        self.graph.triples.append((subject, predicate, term))
                        self.graph.trails.append(here)
                    else:
                        self.losses.belongs(here, subject, predicate)
                elif kind is dict:
                    self.node(value, context, here, (subject, predicate, False), definition)
                else:
                    self.value(value, definition, context, here, (subject, predicate, False))
            elif definition.simple_map and type(value) is dict:
                self.texts(value, definition, context, subject, (trail, key))
            elif not definition.keyword:
                self._special.property(value, definition, context, subject, (trail, key))

    def _unlisted(self, context: ActiveContext, key: str, node: Term | None, trail: Trail) -> Definition | None:
        """The definition of a key that is no term; None for keywords, and, told, for what means nothing."""
        if key[:1] == "@" and context.keyword(key):
            return None
        return self._other(context, key, node, trail)

    def texts(
        self,
        value: dict[str, Any],
        definition: Definition,
        context: ActiveContext,
        subject: Term | None,
        trail: Trail,
    ) -> None:
        """Read a language map."""
        predicate = definition.predicate
        path = predicate.value if predicate is not None else ""
        if "@value" in value:
            language = value.get("@language")
            said = json.dumps({language if isinstance(language, str) else "fr": "…"}, ensure_ascii=False)
            self.losses.tell("ELM-READING-TEXT-AS-VALUE-OBJECT", trail, subject, path=path, example=said)
            return
        for language, text in value.items():
            here = (trail, language)
            if type(text) is str and language in self._languages and subject is not None and predicate is not None:
                self.graph.triples.append((subject, predicate, Term(LITERAL, text, None, language)))
                self.graph.trails.append(here)
                continue
            for number, each in enumerate(text) if isinstance(text, list) else ((-1, text),):
                if each is None:
                    continue
                place = here if number < 0 else (here, number)
                if not isinstance(each, str):
                    self._no_text(each, path, subject, place)
                    continue
                none = language in context.special and context.keyword(language) == "@none"
                term = Term(LITERAL, each) if none else self.tagged(each, language, place)
                if term is None:
                    self.losses.belongs(place, subject, predicate)
                self.emit(subject, predicate, term, place)

    def _no_text(self, value: Any, path: str, subject: Term | None, trail: Trail) -> None:
        """Tell of what stands for a text and is none."""
        if isinstance(value, (dict, list)):
            self.losses.tell("ELM-READING-NOT-JSON-LD", trail, subject, path=path, error="invalid language map value")
        else:
            self.losses.tell("ELM-READING-TEXT-WITHOUT-QUOTES", trail, subject, json.dumps(value), path=path)

    def identified(self, written: dict[str, Any], context: ActiveContext, trail: Trail) -> Term | None:
        """The node that an object is about; a new blank node where it says none."""
        found: Any = written.get(context.id)
        if type(found) is str and (context.id == "@id" or (len(context.ids) == 2 and "@id" not in written)):
            return self._iris.get((context, found)) or self.resource(context, found, (trail, context.id))
        found = _MISSING
        place = trail
        for name in context.ids:
            if name in written:
                if found is not _MISSING:
                    self.losses.tell("ELM-READING-NOT-JSON-LD", (trail, name), error="colliding keywords")
                    continue
                found = written[name]
                place = (trail, name)
        if type(found) is str:
            return self.resource(context, found, place)
        if found is not _MISSING:
            self.losses.tell("ELM-READING-NOT-JSON-LD", place, error="invalid @id value")
        return self.blank()

    def is_name(self, context: ActiveContext, key: str) -> bool:
        """Whether a key says nothing about a node but its name."""
        return key == "@context" or context.keyword(key) in ("@id", "@index")

    def _typed(
        self,
        value: Any,
        trail: Trail,
        outer: ActiveContext,
        context: ActiveContext,
        types: list[tuple[str, Trail]],
    ) -> ActiveContext:
        """Note the types of a node, and apply their scoped contexts in the order of their names."""
        if type(value) is str:
            types.append((value, trail))
            definition = outer.terms.get(value)
            if definition is not None and definition.scoped is not UNSET:
                return self.in_scope(context, definition, True, trail)
            return context
        names = []
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(each, str):
                types.append((each, (trail, number) if isinstance(value, list) else trail))
                names.append(each)
            else:
                self.losses.tell("ELM-READING-NOT-JSON-LD", trail, error="invalid type value")
        for name in sorted(names):
            definition = outer.terms.get(name)
            if definition is not None and definition.scoped is not UNSET:
                context = self.in_scope(context, definition, True, trail)
        return context

    def definition(self, context: ActiveContext, key: str, node: Term | None, trail: Trail) -> Definition | None:
        """What a key means; None, and told, where it means nothing."""
        return context.terms.get(key) or self._other(context, key, node, trail)

    def new_graph(self, name: Term | None) -> Graph:
        """The graph of that name; without one, a graph that is dropped."""
        return Graph() if name is None else self.named.setdefault(name, Graph())

    def _other(self, context: ActiveContext, key: str, node: Term | None, trail: Trail) -> Definition | None:
        """The definition of a key that is no term: an IRI, or below @vocab; None, and told, for anything else."""
        place = (context, key)
        if place in self._keys and self._keys[place] is not None:
            return self._keys[place]
        iri = context.expanded(key, vocab=True)
        if iri is None or (":" not in iri):
            self.losses.unknown_key(context, key, node, trail, self.contexts)
            return None
        self.losses.prefix(key, iri, node, trail)
        better = iri if is_iri(iri) or iri[:2] == "_:" else mended(iri)
        if better is None:
            self.losses.unknown_key(context, key, node, trail)
            return None
        if better != iri:
            self.losses.tell("ELM-READING-BAD-IRI", trail, node, iri, at_key=True)
        elif iri[:2] == "_:":
            self.losses.tell("ELM-READING-RELATIVE-IRI", trail, node, iri, at_key=True)
        definition = self._keys[place] = Definition(better).finish()
        return definition

    def quiet(self, predicate: Term | None) -> bool:
        """Whether the values of this property are proofs."""
        return predicate is not None and predicate.value in _QUIET


def _of_one_thing(written: dict[str, Any], context: ActiveContext) -> bool:
    """Whether an object is a value, or nothing but the name of a node: type-scoped contexts hold for it still."""
    if len(written) == 1 and any(name in written for name in context.ids):
        return True
    return any(context.keyword(key) == "@value" for key in written)
