"""The lookup tables of a JSON-LD context: what each key and value means at one place of a document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from passerelle.validation.credentials.model import IRI, Term
from passerelle.validation.credentials.reading.iris import is_iri, resolved

KEYWORDS = frozenset(
    (
        "@base",
        "@container",
        "@context",
        "@direction",
        "@graph",
        "@id",
        "@import",
        "@included",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@prefix",
        "@propagate",
        "@protected",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@version",
        "@vocab",
    )
)
LIKE_KEYWORD = re.compile(r"@[A-Za-z]+")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_OTHERS = KEYWORDS - {"@id", "@type", "@context"}
_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Unset:
    """Marks what a term definition does not say, where null means something."""


UNSET = Unset()


class ContextProblem(Exception):
    """A context that cannot be followed: the code of its rule, parameters, and where within the context."""

    def __init__(self, code: str, path: tuple[str | int, ...] = (), **parameters: str) -> None:
        super().__init__(code)
        self.code = code
        self.path = path
        self.parameters = parameters


@dataclass(slots=True, eq=False)
class Definition:
    """What a term means. `iri` is None where the term is cut loose (null), `keyword` where it is another name of one.

    `coercion` is "", a keyword (`@id`, `@vocab`, `@json`, `@none`) or the IRI of a datatype; `datatype` is that IRI as
    terms have it. `known` says that a context of ours defines it, `kept` marks the winner of a clash, which scoped
    contexts leave as it is. `plain` marks terms whose values need no look at container, direction of the triple or
    scoped context, `simple_map` language maps of that kind.
    """

    iri: str | None
    keyword: str = ""
    coercion: str = ""
    language: str | Unset | None = UNSET
    containers: frozenset[str] = frozenset()
    index: str = ""
    nest: str = ""
    reverse: bool = False
    prefix: bool = False
    protected: bool = False
    scoped: Any = UNSET
    known: bool = False
    kept: bool = False
    predicate: Term | None = None
    datatype: str | None = None
    plain: bool = False
    simple_map: bool = False

    def finish(self) -> Definition:
        """Fill what follows from the rest."""
        if self.iri is not None and not self.keyword and is_iri(self.iri):
            self.predicate = Term(IRI, self.iri)
        if self.coercion and self.coercion[0] != "@" and self.coercion != _STRING:
            self.datatype = self.coercion
        bare = self.predicate is not None and not self.reverse and self.scoped is UNSET
        self.simple_map = bare and self.containers <= {"@set", "@language"} and "@language" in self.containers
        self.plain = bare and self.containers <= {"@set"} and self.coercion != "@json"
        return self

    def same(self, other: Definition) -> bool:
        """Whether both say the same, protection apart."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("iri", "coercion", "language", "containers", "index", "nest", "reverse", "prefix", "scoped")
        )


@dataclass(slots=True)
class Budget:
    """What the contexts of one document may still cost."""

    left: int

    def spend(self, cost: int) -> None:
        """Raises ContextProblem where nothing is left."""
        self.left -= cost
        if self.left < 0:
            raise ContextProblem("ELM-READING-CONTEXT-TOO-LARGE")


@dataclass(slots=True, eq=False)
class ActiveContext:
    """The context at one place; not changed once it is in use. `shared` ones are made of known contexts alone.

    `previous` is what holds again for the values of this node (type-scoped contexts do not propagate). `clashes` are
    protected terms that a later known context defined anew. `ids` and `types` are the names of `@id` (`id` the usual
    one) and `@type`, `special` those of all other keywords.
    """

    terms: dict[str, Definition]
    base: str | None = None
    vocab: str | None = None
    language: str | None = None
    previous: ActiveContext | None = None
    shared: bool = False
    clashes: tuple[str, ...] = ()
    protected: frozenset[str] = frozenset()
    id: str = "@id"
    ids: tuple[str, ...] = ("@id",)
    types: tuple[str, ...] = ("@type",)
    special: frozenset[str] = _OTHERS
    derived: dict[tuple[int, bool], ActiveContext] = field(default_factory=dict)

    def with_terms(self, terms: dict[str, Definition]) -> ActiveContext:
        """A copy that is not shared, with other terms."""
        found = ActiveContext(terms, self.base, self.vocab, self.language, self.previous, False, self.clashes)
        return found.indexed()

    def indexed(self) -> ActiveContext:
        """Fill what follows from the terms."""
        ids, types, protected = ["@id"], ["@type"], []
        special = set(_OTHERS)
        for term, definition in self.terms.items():
            if definition.protected:
                protected.append(term)
            if definition.keyword == "@id":
                ids.append(term)
            elif definition.keyword == "@type":
                types.append(term)
            elif definition.keyword:
                special.add(term)
        self.protected = frozenset(protected)
        self.id = ids[-1]
        self.ids, self.types, self.special = tuple(ids), tuple(sorted(types)), frozenset(special)
        return self

    def keyword(self, key: str) -> str:
        """The keyword that a key stands for, or ""."""
        if key in KEYWORDS:
            return key
        definition = self.terms.get(key)
        return definition.keyword if definition is not None else ""

    def expanded(self, value: str, vocab: bool = True, relative: bool = False) -> str | None:
        """The IRI, blank node or keyword that a key or value stands for; relative where it cannot be more.

        None for what looks like a keyword and is none, and for terms cut loose. `vocab` asks for terms, `relative`
        for the base.
        """
        if value in KEYWORDS:
            return value
        if value[:1] == "@" and LIKE_KEYWORD.fullmatch(value):
            return None
        if vocab and value in self.terms:
            return self.terms[value].iri
        found = self._absolute(value) if ":" in value else None
        if found is None and vocab and self.vocab is not None:
            found = self.vocab + value
        if found is None and relative and self.base is not None:
            found = resolved(value, self.base)
        return value if found is None else found

    def _absolute(self, value: str) -> str | None:
        """The IRI or blank node of a value with a colon; None where the colon ends no prefix and no scheme."""
        start, _, rest = value.partition(":")
        if start == "_" or rest.startswith("//"):
            return value
        prefix = self.terms.get(start)
        if prefix is not None and prefix.prefix and prefix.iri is not None:
            return prefix.iri + rest
        return value if is_scheme(start) else None


def is_scheme(text: str) -> bool:
    """Whether a text before a colon has the form of an IRI's scheme."""
    return SCHEME.fullmatch(text) is not None


INITIAL = ActiveContext({}, shared=True)
"""Where nothing is defined."""
