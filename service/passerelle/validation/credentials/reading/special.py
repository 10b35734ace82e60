"""What is rarer than plain node objects in JSON-LD: value, list and graph objects, containers, reverse and nest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from types import NoneType
from typing import TYPE_CHECKING, Any

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import IRI, LITERAL, Term
from passerelle.validation.credentials.reading.active_context import UNSET, ActiveContext, Definition
from passerelle.validation.credentials.reading.iris import LANGUAGE_TAG
from passerelle.validation.credentials.reading.literals import RDF_JSON, XSD_STRING, canonical_json
from passerelle.validation.credentials.reading.source_map import Trail

if TYPE_CHECKING:
    from passerelle.validation.credentials.reading.walk import Found, Link, Walk

_FIRST, _REST = Term(IRI, expand("rdf:first")), Term(IRI, expand("rdf:rest"))
_NIL = Term(IRI, expand("rdf:nil"))
_OF_CONTEXTS = frozenset(
    ("@base", "@container", "@import", "@prefix", "@propagate", "@protected", "@version", "@vocab")
)
_OF_VALUE = frozenset(("@value", "@type", "@language", "@direction", "@index", "@context"))
_OF_LIST = frozenset(("@list", "@set", "@index", "@context"))
_PLAIN = Definition(None).finish()
_LANGUAGES_SHOWN = 4


class Special:
    """Reads special objects and properties for a walk."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    def handles(
        self,
        written: dict[str, Any],
        context: ActiveContext,
        outer: ActiveContext,
        trail: Trail,
        link: Link | None,
        definition: Definition | None,
        into: Found | None,
        top: bool,
        document: bool,
    ) -> bool:
        """Read an object with keywords beside `@id` and `@type`, as `Walk.node` does.

        False, with nothing read, where those keywords say nothing and the object is a plain node after all.
        """
        keywords = self._keywords(written, context, trail)
        if not keywords.keys() - {"@id", "@type", "@context", "@index", "@language", "@direction", "@none", "@json"}:
            for keyword in keywords.keys() & {"@language", "@direction"}:
                self._wrong("invalid value object", (trail, keywords[keyword]))
            return keywords.keys() <= {"@language", "@context"} and not self._says_more(written, context, "@language")
        if "@value" in keywords:
            self._value_object(written, keywords, context, outer, trail, link, into, top)
        elif "@list" in keywords or "@set" in keywords:
            self._collection(written, keywords, context, trail, link, definition, into, top)
        else:
            self._node(written, keywords, context, outer, trail, link, into, document)
        return True

    def _keywords(self, written: dict[str, Any], context: ActiveContext, trail: Trail) -> dict[str, str]:
        """The key that each keyword has in this object. Tells of keywords that are not followed or stand twice."""
        found: dict[str, str] = {}
        for key in written:
            keyword = context.keyword(key)
            if not keyword:
                continue
            if keyword in _OF_CONTEXTS:
                self._walk.losses.tell("ELM-READING-MISPLACED-KEYWORD", (trail, key), at_key=True, keyword=keyword)
            elif keyword in found and keyword not in ("@type", "@included", "@nest"):
                self._wrong("colliding keywords", (trail, key))
            else:
                found.setdefault(keyword, key)
        return found

    def _wrong(self, error: str, trail: Trail, node: Term | None = None) -> None:
        self._walk.losses.tell("ELM-READING-NOT-JSON-LD", trail, node, error=error)

    # ------------------------------------------------------------ objects

    def _value_object(
        self,
        written: dict[str, Any],
        keywords: dict[str, str],
        context: ActiveContext,
        outer: ActiveContext,
        trail: Trail,
        link: Link | None,
        into: Found | None,
        top: bool,
    ) -> None:
        walk = self._walk
        if top:
            walk.losses.tell("ELM-READING-FREE-FLOATING", trail)
            return
        if not keywords.keys() <= _OF_VALUE or any(
            not context.keyword(key) and ":" in (context.expanded(key) or "") for key in written
        ):
            self._wrong("invalid value object", trail)
            return
        for key in written:
            if not context.keyword(key):
                walk.losses.unknown_key(context, key, None, (trail, key))
        value = written[keywords["@value"]]
        kind = written.get(keywords.get("@type", ""))
        language = written.get(keywords.get("@language", ""))
        if "@direction" in keywords and written[keywords["@direction"]] is not None:
            walk.losses.tell("ELM-READING-DIRECTION", (trail, keywords["@direction"]))
            if kind is not None:
                self._wrong("invalid value object", trail)
                return
        term = self._value(value, kind, language, outer, (trail, keywords["@value"]))
        walk.deliver(term, trail, link, into)

    def _value(self, value: Any, kind: Any, language: Any, context: ActiveContext, trail: Trail) -> Term | None:
        """The literal of a value object; None where it is null, or wrong and told."""
        walk = self._walk
        datatype = context.expanded(kind, vocab=True, relative=True) if isinstance(kind, str) else ""
        error = ""
        if datatype == "@json":
            return Term(LITERAL, canonical_json(value), RDF_JSON)
        if isinstance(value, (dict, list)):
            error = "invalid value object value"
        elif datatype is None or datatype[:1] in ("@", "_") or not isinstance(kind, (str, NoneType)):
            error = "invalid typed value"
        elif language is not None and (datatype or not isinstance(value, str) or not isinstance(language, str)):
            error = "invalid language-tagged value"
        if error or value is None:
            if error:
                self._wrong(error, trail)
            return None
        if language is not None:
            return walk.tagged(value, language, trail)
        if isinstance(value, str):
            return walk.typed(value, datatype or XSD_STRING, trail)
        return walk.native(value, datatype or "", trail)

    def _collection(
        self,
        written: dict[str, Any],
        keywords: dict[str, str],
        context: ActiveContext,
        trail: Trail,
        link: Link | None,
        definition: Definition | None,
        into: Found | None,
        top: bool,
    ) -> None:
        walk = self._walk
        known = keywords.keys() <= _OF_LIST and not ("@list" in keywords and "@set" in keywords)
        if not known or any(not context.keyword(key) and ":" in (context.expanded(key) or "") for key in written):
            self._wrong("invalid set or list object", trail)
            return
        if "@set" in keywords:
            key = keywords["@set"]
            if top:
                walk.top(written[key], context, (trail, key))
            else:
                walk.value(written[key], definition or _PLAIN, context, (trail, key), link, into)
            return
        if top:
            walk.losses.tell("ELM-READING-FREE-FLOATING", trail)
            return
        key = keywords["@list"]
        found = self._list(written[key], definition or _PLAIN, context, (trail, key))
        if link is not None and link[2]:
            self._wrong("invalid reverse property value", trail)
        else:
            walk.deliver(found, trail, link, into)

    def _list(self, items: Any, definition: Definition, context: ActiveContext, trail: Trail) -> Term:
        """The first cell of an RDF list of these values."""
        walk = self._walk
        found: Found = []
        numbered = isinstance(items, list)
        for number, each in enumerate(items if numbered else [items]):
            here = (trail, number) if numbered else trail
            if isinstance(each, list):
                found.append((self._list(each, definition, context, here), here))
            else:
                walk.value(each, definition, context, here, None, found)
        cells = [walk.blank() for _ in found]
        for number, (term, here) in enumerate(found):
            walk.emit(cells[number], _FIRST, term, here)
            walk.emit(cells[number], _REST, cells[number + 1] if number + 1 < len(cells) else _NIL, here)
        return cells[0] if cells else _NIL

    def _node(
        self,
        written: dict[str, Any],
        keywords: dict[str, str],
        context: ActiveContext,
        outer: ActiveContext,
        trail: Trail,
        link: Link | None,
        into: Found | None,
        document: bool,
    ) -> None:
        walk = self._walk
        graph = keywords.get("@graph")
        if graph is not None and document and not self._says_more(written, context):
            walk.top(written[graph], context, (trail, graph))
            self._unknown(written, context, trail)
            return
        subject = walk.identified(written, context, trail)
        walk.nodes.append((subject, written, trail))
        walk.deliver(subject, trail, link, into)
        self._contents(written, context, outer, subject, trail)

    def _contents(
        self, written: dict[str, Any], context: ActiveContext, outer: ActiveContext, subject: Term | None, trail: Trail
    ) -> None:
        """What a node object, or an object nested in it, says about the node."""
        walk = self._walk
        for name in outer.types:
            value = written.get(name)
            for number, each in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(each, str):
                    here = ((trail, name), number) if isinstance(value, list) else (trail, name)
                    walk.emit(subject, _TYPE, walk.type_term(outer, each, subject, here), here)
        for key, value in written.items():
            here = (trail, key)
            match context.keyword(key):
                case "@graph":
                    self._in_graph(subject, partial(walk.top, value, context, here))
                case "@reverse":
                    self._reversed(value, context, subject, here)
                case "@included":
                    self._included(value, context, here)
                case "@nest":
                    self._nested(value, context.terms.get(key), context, subject, here)
                case "@language" | "@direction":
                    self._wrong("invalid value object", here)
        walk.entries(written, context, subject, trail)

    def _says_more(self, written: dict[str, Any], context: ActiveContext, but: str = "@graph") -> bool:
        """Whether an object says anything but what stands under one keyword."""
        for key, value in written.items():
            keyword = context.keyword(key)
            if keyword in (but, "@context") or value is None:
                continue
            if keyword or ":" in (context.expanded(key) or ""):
                return True
        return False

    def _unknown(self, written: dict[str, Any], context: ActiveContext, trail: Trail) -> None:
        for key, value in written.items():
            if value is not None and not context.keyword(key):
                self._walk.losses.unknown_key(context, key, None, (trail, key))

    def _in_graph(self, name: Term | None, read: Callable[[], None]) -> None:
        """Read into the named graph; where the name was lost, into one that is dropped."""
        walk = self._walk
        before = walk.graph
        walk.graph = walk.new_graph(name)
        try:
            read()
        finally:
            walk.graph = before

    def _reversed(self, value: Any, context: ActiveContext, subject: Term | None, trail: Trail) -> None:
        walk = self._walk
        if not isinstance(value, dict):
            self._wrong("invalid @reverse value", trail, subject)
            return
        for key, each in value.items():
            here = (trail, key)
            if context.keyword(key):
                self._wrong("invalid reverse property map", here, subject)
                continue
            definition = walk.definition(context, key, subject, here)
            if definition is not None:
                self.property(each, definition, context, subject, here, backwards=True)

    def _included(self, value: Any, context: ActiveContext, trail: Trail) -> None:
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            here = (trail, number) if isinstance(value, list) else trail
            if isinstance(each, dict) and not {"@value", "@list", "@set"} & {context.keyword(key) for key in each}:
                self._walk.node(each, context, here, None)
            else:
                self._wrong("invalid @included value", here)

    def _nested(
        self, value: Any, definition: Definition | None, context: ActiveContext, subject: Term | None, trail: Trail
    ) -> None:
        walk = self._walk
        if definition is not None and definition.scoped is not UNSET:
            context = walk.in_scope(context, definition, False, trail)
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            here = (trail, number) if isinstance(value, list) else trail
            if not isinstance(each, dict) or any(context.keyword(key) == "@value" for key in each):
                self._wrong("invalid @nest value", here, subject)
                continue
            inner = walk.in_context(context, each["@context"], (here, "@context")) if "@context" in each else context
            self._contents(each, inner, inner, subject, here)

    # ------------------------------------------------------------ properties

    def property(
        self,
        value: Any,
        definition: Definition,
        context: ActiveContext,
        subject: Term | None,
        trail: Trail,
        backwards: bool = False,
    ) -> None:
        """Read the values of a property whose definition is not plain."""
        walk = self._walk
        predicate = definition.predicate
        if definition.iri is None:
            return
        quiet = walk.quiet(predicate)
        walk.losses.quiet += quiet
        try:
            link = (subject, predicate, definition.reverse != backwards)
            self._values(value, definition, context, link, trail)
        finally:
            walk.losses.quiet -= quiet

    def _values(self, value: Any, definition: Definition, context: ActiveContext, link: Link, trail: Trail) -> None:
        walk = self._walk
        containers = definition.containers
        if definition.coercion == "@json":
            term = Term(LITERAL, canonical_json(value), RDF_JSON)
            walk.emit(link[0], link[1], self._cell(term, trail) if "@list" in containers else term, trail)
            return
        inner = context
        if definition.scoped is not UNSET and not isinstance(value, dict):
            inner = walk.in_scope(context, definition, False, trail)
        if isinstance(value, dict) and containers & _MAPS:
            if "@language" in containers:
                walk.texts(value, definition, context, link[0], trail)
            else:
                self._map(value, definition, context, link, trail)
        elif "@list" in containers and not (
            isinstance(value, dict) and any(context.keyword(key) == "@list" for key in value)
        ):
            if value is not None:
                walk.emit(link[0], link[1], self._list(value, definition, inner, trail), trail)
        elif "@graph" in containers:
            for each, here in _items(value, trail):
                self._graph(each, walk.blank(), definition, inner, link, here)
        elif "@language" in containers and isinstance(value, list) and any(_is_text(each, inner) for each in value):
            path = link[1].value if link[1] is not None else ""
            languages = dict.fromkeys(each for item in value if _is_text(item, inner) for each in item)
            said = "{" + ", ".join(f'"{each}": "…"' for each in islice(languages, _LANGUAGES_SHOWN)) + "}"
            walk.losses.tell("ELM-READING-TEXTS-IN-ARRAY", trail, link[0], path=path, example=said)
            walk.losses.quiet += 1
            try:
                walk.value(value, definition, inner, trail, link)
            finally:
                walk.losses.quiet -= 1
        else:
            walk.value(value, definition, inner, trail, link)

    def _cell(self, term: Term, trail: Trail) -> Term:
        cell = self._walk.blank()
        self._walk.emit(cell, _FIRST, term, trail)
        self._walk.emit(cell, _REST, _NIL, trail)
        return cell

    def _graph(
        self, value: Any, name: Term | None, definition: Definition, context: ActiveContext, link: Link, trail: Trail
    ) -> None:
        """One value of a property whose container is a graph: a graph of its own."""
        walk = self._walk
        walk.emit(link[0], link[1], name, trail)

        def read() -> None:
            if isinstance(value, dict):
                if any(context.keyword(key) == "@graph" for key in value) and not self._says_more(value, context):
                    for key, each in value.items():
                        if context.keyword(key) == "@graph":
                            walk.top(each, context, (trail, key))
                else:
                    walk.node(value, context, trail, None, definition)
            elif definition.coercion not in ("@id", "@vocab"):
                walk.losses.tell("ELM-READING-FREE-FLOATING", trail)

        self._in_graph(name, read)

    def _map(
        self, value: dict[str, Any], definition: Definition, context: ActiveContext, link: Link, trail: Trail
    ) -> None:
        """An index, id or type map: its keys say something about the nodes below them, or nothing."""
        walk = self._walk
        containers = definition.containers
        for key, items in value.items():
            none = context.keyword(key) == "@none"
            for each, here in _items(items, (trail, key)):
                if "@graph" in containers:
                    named = "@id" in containers and not none
                    name = walk.resource(context, key, (trail, key)) if named else walk.blank()
                    self._graph(each, name, definition, context, link, here)
                    continue
                if not none:
                    each = self._told_by_key(each, key, definition, context, link[0], here)  # noqa: PLW2901
                if isinstance(each, dict):
                    inner = context
                    if ("@id" in containers or "@type" in containers) and context.previous is not None:
                        inner = context.previous
                    walk.node(each, inner, here, link, definition, from_map=True)
                else:
                    walk.value(each, definition, context, here, link)

    def _told_by_key(
        self, value: Any, key: str, definition: Definition, context: ActiveContext, subject: Term | None, trail: Trail
    ) -> Any:
        """A value of a map with what its key says put into it."""
        containers = definition.containers
        said = {context.keyword(each) for each in value} if isinstance(value, dict) else {"@value"}
        node = not said & {"@value", "@list", "@set"}
        if "@id" in containers:
            return {"@id": key, **value} if node and "@id" not in said else value
        if "@type" in containers and isinstance(value, str):
            iri = context.expanded(value, vocab=definition.coercion == "@vocab", relative=True)
            return {"@id": iri or value, "@type": key}
        into = "@type" if "@type" in containers else definition.index
        if not node and definition.index:
            self._wrong("invalid value object", trail, subject)
        if not node or not into:
            return value
        before = value.get(into, [])
        return {**value, into: [key, *(before if isinstance(before, list) else [before])]}


def _is_text(value: Any, context: ActiveContext) -> bool:
    """Whether an object gives a text by languages."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(LANGUAGE_TAG.fullmatch(each) and each not in context.terms for each in value)
        and all(isinstance(each, str) for each in value.values())
    )


def _items(value: Any, trail: Trail) -> Iterator[tuple[Any, Trail]]:
    """The values of a property that are not null, lists within lists undone, each with the trail to it."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _items(each, (trail, number))
    elif value is not None:
        yield value, trail


_TYPE = Term(IRI, expand("rdf:type"))
_MAPS = frozenset(("@language", "@index", "@id", "@type"))
