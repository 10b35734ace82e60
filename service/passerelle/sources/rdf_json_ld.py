"""Prepares JSON-LD for the parser: contexts from our frozen set in place of remote ones, and no key lost in silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from passerelle.contexts import local_contexts
from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.records.place import Place

KeyNotice = Callable[[str, str], None]
"""Told of each JSON key that no context knows: the key and its JSON pointer."""

_BYTES = 256 * 1024**2
"""A JSON document is held in memory several times over; larger data come as N-Quads."""
_DEPTH = 100
"""Levels of nesting; real qualifications have about ten."""
_CONTEXTS = 10_000
"""Remote contexts in one document: each name of 50 bytes becomes 10 kB, and 20 kB in the parser."""


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def with_local_contexts(stream: _Readable, place: Place, notice: KeyNotice) -> bytes:
    """The document with each remote context replaced by ours.

    Raises UnexpectedInput naming a context that we do not hold (it is never fetched), MalformedInput for bad JSON or
    a key that occurs twice in an object, UnsafeInput for a document too large or too deep.
    """
    text = stream.read(_BYTES + 1)
    if len(text) > _BYTES:
        raise UnsafeInput("rdf-json-large", place=place, limit=_BYTES)
    try:
        document = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        at = Place(file=place.file, line=error.lineno)
        raise MalformedInput("rdf-syntax", place=at, reason=error.msg) from error
    except UnicodeDecodeError as error:
        raise MalformedInput("rdf-encoding", place=place) from error
    except RecursionError as error:
        raise UnsafeInput("rdf-json-deep", place=place, limit=_DEPTH) from error
    except _KeyTwiceError as error:
        raise MalformedInput("rdf-json-key-twice", place=place, key=error.args[0]) from error
    except ValueError as error:  # an integer of more digits than Python reads
        raise MalformedInput("rdf-syntax", place=place, reason=str(error).partition(";")[0]) from error
    replaced = _Contexts(place).replaced(document, "", 0)
    _check_keys(replaced, {}, "", notice)
    try:
        return json.dumps(replaced, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair, written as an escape
        raise MalformedInput("rdf-encoding", place=place) from error


class _KeyTwiceError(ValueError):
    """A key that occurs twice in one object; JSON would keep the last in silence."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _KeyTwiceError(key)
            seen.add(key)
    return found


class _Contexts:
    """Puts our contexts in the place of remote ones, all over one document."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._count = 0

    def replaced(self, value: Any, pointer: str, depth: int) -> Any:
        """The value with its contexts replaced. Raises UnsafeInput, UnexpectedInput."""
        if depth > _DEPTH:
            raise UnsafeInput("rdf-json-deep", place=self._place, limit=_DEPTH)
        if isinstance(value, list):
            return [self.replaced(each, f"{pointer}/{i}", depth + 1) for i, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        found = {}
        for key, each in value.items():
            here = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if key == "@import":
                raise UnexpectedInput("rdf-context", place=self._at(here), context=str(each))
            inner = self.replaced(each, here, depth + 1)
            found[key] = self._context(inner, here) if key == "@context" else inner
        return found

    def _context(self, value: Any, pointer: str) -> Any:
        if isinstance(value, list):
            return [self._context(each, pointer) for each in value]
        if not isinstance(value, str):
            return value
        known = local_contexts().get(value)
        if known is None:
            raise UnexpectedInput("rdf-context", place=self._at(pointer), context=value)
        self._count += 1
        if self._count > _CONTEXTS:
            raise UnsafeInput("rdf-json-contexts", place=self._at(pointer), limit=_CONTEXTS)
        return known

    def _at(self, pointer: str) -> Place:
        return Place(file=self._place.file, pointer=pointer)


def _check_keys(value: Any, terms: dict[str, Any], pointer: str, notice: KeyNotice) -> None:
    """Tell of keys that are no term, no keyword and no IRI: a JSON-LD parser drops them without a word."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            _check_keys(each, terms, f"{pointer}/{number}", notice)
        return
    if not isinstance(value, dict):
        return
    terms = _with_context(terms, value.get("@context"))
    outer, terms = terms, _with_types(terms, value)
    for key, each in value.items():
        if key == "@context":
            continue
        here = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        definition = terms.get(key)
        if definition is None and not key.startswith("@") and ":" not in key and "@vocab" not in terms:
            notice(key, here)
            continue
        container = definition.get("@container") if isinstance(definition, dict) else None
        if isinstance(each, dict) and container in ("@language", "@index", "@id", "@type"):
            for inner_key, inner in each.items():
                _check_keys(inner, outer, f"{here}/{inner_key}", notice)
        else:
            scoped = definition.get("@context") if isinstance(definition, dict) else None
            _check_keys(each, _with_context(outer, scoped), here, notice)


def _with_types(terms: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """The terms of one object: types can bring some of their own, which do not hold for what stands below."""
    for key, types in value.items():
        if key == "@type" or terms.get(key) == "@type":
            for each in types if isinstance(types, list) else [types]:
                definition = terms.get(each) if isinstance(each, str) else None
                if isinstance(definition, dict):
                    terms = _with_context(terms, definition.get("@context"))
    return terms


def _with_context(terms: dict[str, Any], context: Any) -> dict[str, Any]:
    for each in context if isinstance(context, list) else [context]:
        if isinstance(each, dict):
            terms = terms | each
    return terms
