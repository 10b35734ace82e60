"""Terms of one JSON-LD context object made into definitions (JSON-LD 1.1 API, sections 4.1 and 4.2)."""

from __future__ import annotations

import re
from typing import Any

from passerelle.validation.credentials.reading.active_context import (
    KEYWORDS,
    LIKE_KEYWORD,
    ActiveContext,
    ContextProblem,
    Definition,
    is_scheme,
)
from passerelle.validation.credentials.reading.iris import is_iri, resolved

_CONTAINERS = frozenset(("@list", "@set", "@index", "@language", "@graph", "@id", "@type"))
_ENTRIES = frozenset(
    (
        "@id",
        "@reverse",
        "@container",
        "@context",
        "@direction",
        "@index",
        "@language",
        "@nest",
        "@prefix",
        "@protected",
        "@type",
    )
)
_OF_CONTEXT = frozenset(
    ("@base", "@direction", "@import", "@language", "@propagate", "@protected", "@version", "@vocab")
)
_NOT_FOLLOWED = ("@import",)
_DEPTH = 50
"""How far one term may hang on another; real ones hang on a prefix that hangs on nothing."""
_PREFIX_END = frozenset(":/?#[]@")
_IRI_LIKE = re.compile(r".*((:[^:])|/)", re.DOTALL)


def defined(active: ActiveContext, local: dict[str, Any], override: bool, known: bool) -> ActiveContext:
    """`active` with the terms of a context object. `override`, `known`: as `active_context.processed`.

    Raises ContextProblem: ELM-READING-KEYWORD for what is not followed, ELM-READING-CONTEXT-INVALID with the error
    code of the standard.
    """
    for keyword in _NOT_FOLLOWED:
        if keyword in local:
            raise ContextProblem("ELM-READING-KEYWORD", (keyword,), keyword=keyword)
    result = active.with_terms(dict(active.terms))
    _settings(result, local)
    builder = _Builder(result, local, override, known)
    for term in local:
        if term not in _OF_CONTEXT:
            builder.define(term, 0)
    result.clashes += tuple(builder.clashes)
    return unchanged(active, result) or result.indexed()


def unchanged(active: ActiveContext, result: ActiveContext) -> ActiveContext | None:
    """`active` where the result says the same: nested scoped contexts then come back to contexts that are kept."""
    names = ("base", "vocab", "language", "clashes", "terms")
    return active if all(getattr(active, name) == getattr(result, name) for name in names) else None


def _settings(result: ActiveContext, local: dict[str, Any]) -> None:
    if "@version" in local and local["@version"] != 1.1:
        raise _invalid("invalid @version value", "@version")
    if "@base" in local:
        base = local["@base"]
        if base is not None and not isinstance(base, str):
            raise _invalid("invalid base IRI", "@base")
        if base is None or is_iri(base):
            result.base = base
        elif result.base is not None:
            result.base = resolved(base, result.base)
    if "@vocab" in local:
        vocab = local["@vocab"]
        if vocab is not None and not isinstance(vocab, str):
            raise _invalid("invalid vocab mapping", "@vocab")
        result.vocab = None if vocab is None else result.expanded(vocab, vocab=True, relative=True)
    if "@language" in local:
        language = local["@language"]
        if language is not None and not isinstance(language, str):
            raise _invalid("invalid default language", "@language")
        result.language = language
    if "@direction" in local and local["@direction"] not in (None, "ltr", "rtl"):
        raise _invalid("invalid base direction", "@direction")
    if not isinstance(local.get("@propagate", True), bool):
        raise _invalid("invalid @propagate value", "@propagate")
    if not isinstance(local.get("@protected", True), bool):
        raise _invalid("invalid @protected value", "@protected")


def _invalid(error: str, *path: str | int) -> ContextProblem:
    return ContextProblem("ELM-READING-CONTEXT-INVALID", path, error=error)


class _Builder:
    """Defines the terms of one context object, each after those that it hangs on."""

    def __init__(self, result: ActiveContext, local: dict[str, Any], override: bool, known: bool) -> None:
        self._result = result
        self._local = local
        self._override = override
        self._known = known
        self._done: dict[str, bool] = {}
        self.clashes: list[str] = []

    def define(self, term: str, depth: int) -> None:
        """Put the definition of `term` into the terms of the result."""
        done = self._done.get(term)
        if done:
            return
        if done is False:
            raise _invalid("cyclic IRI mapping", term)
        if depth > _DEPTH:
            raise ContextProblem("ELM-READING-CONTEXT-TOO-LARGE", (term,))
        if not term:
            raise _invalid("invalid term definition", term)
        self._done[term] = False
        value = self._local[term]
        if self._defines(term, value):
            terms = self._result.terms
            previous = terms.pop(term, None)
            found = self._winner(term, previous, self._definition(term, value, depth))
            if found is not None:
                terms[term] = found
        self._done[term] = True

    def _defines(self, term: str, value: Any) -> bool:
        """Whether an entry is a term definition: `@type` only says that types are sets, other `@words` are ignored."""
        if term == "@type":
            allowed = isinstance(value, dict) and value and value.keys() <= {"@container", "@protected"}
            if not allowed or value.get("@container", "@set") not in ("@set", ["@set"]):
                raise _invalid("keyword redefinition", term)
            return False
        if term in KEYWORDS:
            raise _invalid("keyword redefinition", term)
        return LIKE_KEYWORD.fullmatch(term) is None

    def _winner(self, term: str, previous: Definition | None, found: Definition | None) -> Definition | None:
        """The definition that stands: the new one, unless the old one is protected, or says the same."""
        if previous is None or found is None:
            return found or previous
        if previous.kept and self._known:
            return previous
        same = previous.same(found)
        guarded = previous.protected and not self._override
        if same and (guarded or previous.protected == found.protected):
            return previous
        if guarded and not self._known:
            raise ContextProblem("ELM-READING-CONTEXT-PROTECTED", (term,), key=term)
        if guarded:
            found.protected, found.kept = True, True
            self.clashes.append(term)
        return found

    def _definition(self, term: str, value: Any, depth: int) -> Definition | None:
        """The definition of a term; None where it is to be ignored."""
        simple = isinstance(value, str)
        entries: dict[str, Any] = value if isinstance(value, dict) else {"@id": value}
        if not (value is None or simple or isinstance(value, dict)) or not entries.keys() <= _ENTRIES:
            raise _invalid("invalid term definition", term)
        found = Definition(None, known=self._known)
        found.protected = bool(entries.get("@protected", self._local.get("@protected", False)))
        self._coercion(found, entries, term, depth)
        if "@reverse" in entries:
            self._reverse(found, entries, term, depth)
            return found.finish()
        if "@id" in entries and entries["@id"] != term:
            identifier = entries["@id"]
            if identifier is None:
                return found
            if isinstance(identifier, str) and identifier not in KEYWORDS and LIKE_KEYWORD.fullmatch(identifier):
                return None
            self._identified(found, identifier, term, depth)
            if simple and not _IRI_LIKE.match(term) and found.iri is not None:
                found.prefix = found.iri[-1] in _PREFIX_END or found.iri.startswith("_:")
        else:
            self._implied(found, term, depth)
        self._containers(found, entries, term)
        self._rest(found, entries, term)
        return found.finish()

    def _identified(self, found: Definition, identifier: Any, term: str, depth: int) -> None:
        """The IRI that a definition gives to its term."""
        iri = self._expanded(identifier, depth) if isinstance(identifier, str) else None
        if iri is None or not (iri in KEYWORDS or iri.startswith("_:") or _absolute(iri)):
            raise _invalid("invalid IRI mapping", term)
        if iri == "@context":
            raise _invalid("invalid keyword alias", term)
        found.iri = iri
        found.keyword = iri if iri in KEYWORDS else ""
        if _IRI_LIKE.match(term):
            self._done[term] = True
            if self._expanded(term, depth) != iri:
                raise _invalid("invalid IRI mapping", term)

    def _implied(self, found: Definition, term: str, depth: int) -> None:
        """The IRI of a term that is its own: a compact or relative IRI, or one below the vocabulary."""
        if ":" in term[1:]:
            prefix, _, rest = term.partition(":")
            if prefix in self._local:
                self.define(prefix, depth + 1)
            parent = self._result.terms.get(prefix)
            found.iri = parent.iri + rest if parent is not None and parent.iri is not None else term
        elif "/" in term:
            found.iri = self._result.expanded(term, vocab=False, relative=True)
        elif self._result.vocab is not None:
            found.iri = self._result.vocab + term
        if found.iri is None or not _absolute(found.iri):
            raise _invalid("invalid IRI mapping", term)

    def _expanded(self, value: str, depth: int) -> str | None:
        """IRI expansion while terms are still being defined."""
        if value in self._local and value not in KEYWORDS:
            self.define(value, depth + 1)
        prefix, colon, rest = value.partition(":")
        if colon and prefix in self._local and not rest.startswith("//"):
            self.define(prefix, depth + 1)
        return self._result.expanded(value, vocab=True)

    def _coercion(self, found: Definition, entries: dict[str, Any], term: str, depth: int) -> None:
        if not isinstance(entries.get("@protected", True), bool):
            raise _invalid("invalid @protected value", term)
        if "@type" not in entries:
            return
        kind = entries["@type"]
        if not isinstance(kind, str):
            raise _invalid("invalid type mapping", term)
        iri = self._expanded(kind, depth)
        if iri not in ("@id", "@vocab", "@json", "@none") and not (iri is not None and _absolute(iri)):
            raise _invalid("invalid type mapping", term)
        found.coercion = iri or ""

    def _reverse(self, found: Definition, entries: dict[str, Any], term: str, depth: int) -> None:
        name = entries["@reverse"]
        containers = entries.get("@container")
        if "@id" in entries or "@nest" in entries:
            raise _invalid("invalid reverse property", term)
        if not isinstance(name, str):
            raise _invalid("invalid IRI mapping", term)
        iri = self._expanded(name, depth)
        if iri is None or not _absolute(iri):
            raise _invalid("invalid IRI mapping", term)
        if containers not in (None, "@set", "@index", ["@set"], ["@index"]):
            raise _invalid("invalid reverse property", term)
        found.iri = iri
        found.reverse = True
        found.containers = frozenset([containers] if isinstance(containers, str) else containers or ())
        if "@context" in entries:
            found.scoped = entries["@context"]

    def _containers(self, found: Definition, entries: dict[str, Any], term: str) -> None:
        if "@container" not in entries:
            return
        value = entries["@container"]
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str) for each in items) or not set(items) <= _CONTAINERS:
            raise _invalid("invalid container mapping", term)
        names = frozenset(items)
        rest = names - {"@set"}
        if "@graph" in names:
            wrong = not rest <= {"@graph", "@id", "@index"} or {"@id", "@index"} <= names
        else:
            wrong = len(rest) > 1 or ("@list" in names and len(names) > 1)
        if wrong:
            raise _invalid("invalid container mapping", term)
        if "@type" in names:
            found.coercion = found.coercion or "@id"
            if found.coercion not in ("@id", "@vocab"):
                raise _invalid("invalid type mapping", term)
        found.containers = names

    def _rest(self, found: Definition, entries: dict[str, Any], term: str) -> None:
        if "@index" in entries:
            index = entries["@index"]
            if "@index" not in found.containers or not isinstance(index, str) or index.startswith("@"):
                raise _invalid("invalid term definition", term)
            found.index = index
        if "@context" in entries:
            found.scoped = entries["@context"]
        if "@language" in entries and "@type" not in entries:
            language = entries["@language"]
            if language is not None and not isinstance(language, str):
                raise _invalid("invalid language mapping", term)
            found.language = language
        if "@direction" in entries and entries["@direction"] not in (None, "ltr", "rtl"):
            raise _invalid("invalid base direction", term)
        if "@nest" in entries:
            nest = entries["@nest"]
            if not isinstance(nest, str) or (nest != "@nest" and nest in KEYWORDS):
                raise _invalid("invalid @nest value", term)
            found.nest = nest
        if "@prefix" in entries:
            if not isinstance(entries["@prefix"], bool):
                raise _invalid("invalid @prefix value", term)
            if ":" in term or "/" in term or found.keyword:
                raise _invalid("invalid term definition", term)
            found.prefix = entries["@prefix"]


def _absolute(iri: str) -> bool:
    scheme, colon, _ = iri.partition(":")
    return bool(colon) and is_scheme(scheme) and not any(each.isspace() for each in iri)
