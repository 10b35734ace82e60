"""What a JSON-LD document says and RDF does not hear: each loss told once where it stands, with what was meant."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from passerelle.validation.credentials.model import Observation, Spot, Term
from passerelle.validation.credentials.reading.active_context import UNSET, ActiveContext
from passerelle.validation.credentials.reading.expected_iris import example
from passerelle.validation.credentials.reading.json_text import JsonText
from passerelle.validation.credentials.reading.source_map import Trail, pointer_of
from passerelle.validation.credentials.reading.terms import TermIndex, distance, folded

SHOWN = 120
"""Characters of a value that an observation repeats."""
_SEARCHES = 300
"""Different unknown words for which a nearest term is looked for."""
_OF_NODES = frozenset(("id", "@id", "type", "@type"))
_SCHEMES = frozenset(
    (
        "http",
        "https",
        "urn",
        "did",
        "mailto",
        "tel",
        "data",
        "tag",
        "ftp",
        "file",
        "geo",
        "info",
        "doi",
        "ark",
        "cid",
        "mid",
        "uuid",
        "ni",
        "sip",
        "xmpp",
        "oid",
        "acct",
    )
)
_SECOND_VERSION = "https://www.w3.org/ns/credentials/v2"
_RENAMED = {"issued": "validFrom", "issuanceDate": "validFrom", "expirationDate": "validUntil"}
"""Keys of the credentials context 1.1 that version 2.0 does not have, and what it has instead."""
_RELATIVE = "ELM-READING-RELATIVE-IRI"
_OUT_OF_PLACE = "ELM-READING-KEY-OUT-OF-PLACE"
_CONTEXT = "context"


class _Told(NamedTuple):
    """One observation before its place is looked up."""

    code: str
    node: str
    path: str
    value: str
    trail: Trail
    at_key: bool
    parameters: dict[str, str]


class Losses:
    """Collects the observations of one reading. `quiet` is above 0 inside of what we do not check (a proof)."""

    def __init__(self, document: JsonText, root: str, limit: int) -> None:
        self._document = document
        self._root = root
        self._limit = limit
        self._found: list[_Told] = []
        self._nearest: dict[tuple[ActiveContext, str, bool], str] = {}
        self._owners: dict[ActiveContext, dict[str, str]] = {}
        self._told: Counter[str] = Counter()
        self.quiet = 0

    def tell(
        self,
        code: str,
        trail: Trail,
        node: Term | None = None,
        value: str = "",
        at_key: bool = False,
        path: str = "",
        **parameters: str,
    ) -> None:
        """Note one observation; `at_key` where its place is the key, not the value; `path` the IRI of the property."""
        # each code has a limit of its own: a flood of warnings must not crowd out a violation
        if not self.quiet and self._told[code] < self._limit:
            self._told[code] += 1
            told = _Told(code, node.node if node else "", path, value[:SHOWN], trail, at_key, parameters)
            self._found.append(told)

    def belongs(self, trail: Trail, node: Term | None, property_: Term | None) -> None:
        """Add to what was told last, of the value at `trail` or of its id, which property of which node it leaves."""
        if self.quiet or not self._found or node is None or property_ is None:
            return
        last = self._found[-1]
        if not last.node and (last.trail is trail or (last.trail is not None and last.trail[0] is trail)):
            self._found[-1] = last._replace(node=node.node, path=property_.value)

    def observations(self) -> list[Observation]:
        """What was told, in the order of the reading, with line and column."""
        return [
            Observation(
                each.code,
                each.node,
                each.path,
                each.value,
                spot=self.spot(each.trail, each.at_key),
                parameters={"example": example(each.path, each.value)} if each.code == _RELATIVE else each.parameters,
            )
            for each in (*self._missing_types(), *self._found)
        ]

    def _missing_types(self) -> Iterator[_Told]:
        """A type for want of which several keys of one object mean nothing."""
        groups: dict[tuple[int, str], list[_Told]] = {}
        for each in self._found:
            if each.code == _OUT_OF_PLACE and each.trail is not None:
                groups.setdefault((id(each.trail[0]), each.parameters["type"]), []).append(each)
        for (_, kind), group in groups.items():
            if len(group) > 1:
                keys = ", ".join(dict.fromkeys(f"`{each.parameters['key']}`" for each in group))
                place = self._place_of_type(group[0].trail)
                parameters = {"type": kind, "keys": keys}
                yield _Told("ELM-READING-TYPE-MISSING", group[0].node, "", "", place, False, parameters)

    def _place_of_type(self, trail: Trail) -> Trail:
        """The type of the object that a key belongs to, else the object."""
        around: Trail = trail[0] if trail is not None else None
        for name in ("type", "@type"):
            if self._stands((around, name)):
                return (around, name)
        return around

    def _stands(self, trail: Trail) -> bool:
        value = self._document.value
        for step in pointer_of(trail, self._root).split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict) and key in value:
                value = value[key]
            elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
                value = value[int(key)]
            else:
                return False
        return True

    def spot(self, trail: Trail, of_key: bool = False) -> Spot:
        """The place that a trail leads to."""
        pointer = pointer_of(trail, self._root)
        return self._document.key_spot(pointer) if of_key else self._document.spot(pointer)

    def unknown_key(
        self, context: ActiveContext, key: str, node: Term | None, trail: Trail, contexts: Iterable[str] = ()
    ) -> None:
        """A key that is no term here: misspelt, of another type of node or version, or simply unknown.

        `contexts` are the addresses of the contexts of the file.
        """
        if self.quiet:
            return
        if key in _RENAMED and _SECOND_VERSION in contexts:
            code = "ELM-READING-KEY-OF-VERSION-1"
            self.tell(code, trail, node, at_key=True, key=key, nearest=_RENAMED[key])
            return
        owner = self._owner(context, key)
        if owner:
            self.tell(_OUT_OF_PLACE, trail, node, at_key=True, key=key, type=owner)
            return
        nearest = self._near(context, key, of_class=False)
        if trail is not None and trail[0] is None and _means_context(key, nearest):
            nearest = "@context"
        if alike := _look_alike(key, nearest):
            self.tell("ELM-READING-LOOKALIKE-KEY", trail, node, at_key=True, key=key[:SHOWN], nearest=nearest, **alike)
        elif nearest:
            self.tell("ELM-READING-MISSPELT-KEY", trail, node, at_key=True, key=key[:SHOWN], nearest=nearest)
        else:
            self.tell("ELM-READING-UNKNOWN-KEY", trail, node, at_key=True, key=key[:SHOWN])

    def unknown_type(self, context: ActiveContext, name: str, node: Term | None, trail: Trail) -> None:
        """A type that is no term and no IRI."""
        if self.quiet:
            return
        nearest = self._near(context, name, of_class=True)
        if nearest:
            self.tell("ELM-READING-MISSPELT-TYPE", trail, node, name, nearest=nearest)
        else:
            self.tell("ELM-READING-UNKNOWN-TYPE", trail, node, name)

    def prefix(self, name: str, iri: str, node: Term | None, trail: Trail) -> None:
        """A compact name whose prefix is not defined: it was taken for an IRI with that scheme."""
        prefix = name.partition(":")[0]
        if iri == name and prefix.lower() not in _SCHEMES and not name.startswith(f"{prefix}://"):
            self.tell("ELM-READING-UNKNOWN-PREFIX", trail, node, name, at_key=True, prefix=prefix)

    def _owner(self, context: ActiveContext, key: str) -> str:
        """The type within whose scope a key would be a term."""
        owners = self._owners.get(context)
        if owners is None:
            owners = self._owners[context] = _owners(context)
        return owners.get(key, "")

    def _near(self, context: ActiveContext, word: str, of_class: bool) -> str:
        place = (context, word, of_class)
        found = self._nearest.get(place)
        if found is None:
            if len(self._nearest) >= _SEARCHES:
                return ""
            index = _shared_index(context) if context.shared else _index(context)
            found = self._nearest[place] = index.nearest(word, of_class)
        return found

    def same_ids(self, nodes: Iterable[tuple[Term | None, dict[str, Any], Trail]]) -> None:
        """Tell of ids that two objects give to different things: other types, or another single value of a property.

        Repeating a thing, in part too, is legal and not told.
        """
        first: dict[Term, tuple[dict[str, Any], dict[str, Any]]] = {}
        told: set[Term] = set()
        for term, written, trail in nodes:
            if term is None or len(written) < 2:
                continue
            before = first.get(term)
            if before is None:
                first[term] = (written, dict(written))
                continue
            original, stated = before
            if term in told or original is written or original == written:
                continue
            key = _conflict(stated, written)
            if key:
                told.add(term)
                self.tell("ELM-READING-SAME-ID", trail, term, key=key)
            for each, value in written.items():
                stated.setdefault(each, value)


def _means_context(key: str, nearest: str) -> bool:
    """Whether a key at the top is rather `@context` than the term that is nearest to it."""
    word = folded(key[:SHOWN]).lstrip("@")
    slips = distance(word, _CONTEXT, 2)
    return slips <= 2 and (not nearest or slips < distance(word, folded(nearest), 2))


def _look_alike(key: str, nearest: str) -> dict[str, str]:
    """The letter of another script that alone makes a key differ from a term; empty where it is something else."""
    if not nearest or len(key) != len(nearest):
        return {}
    unlike = [(one, other) for one, other in zip(key, nearest, strict=True) if one != other]
    if not unlike or any(one.isascii() or not other.isascii() for one, other in unlike):
        return {}
    letter, meant = unlike[0]
    return {"code_point": f"U+{ord(letter):04X}", "name": unicodedata.name(letter, "?"), "looks_like": meant}


def _conflict(stated: dict[str, Any], written: dict[str, Any]) -> str:
    """The key for which two objects cannot be about one thing, or ""."""
    for key, value in written.items():
        before = stated.get(key)
        if before is None or before == value or key in ("id", "@id", "@context"):
            continue
        if key in ("type", "@type"):
            ours, others = _texts(before), _texts(value)
            if not (ours & others):
                return key
        elif isinstance(value, dict) and isinstance(before, dict):
            if not (value.keys() | before.keys()) & _OF_NODES and _other_text(before, value):
                return key
        elif not isinstance(value, (dict, list)) and not isinstance(before, (dict, list)) and value is not None:
            return key
    return ""


def _other_text(before: dict[str, Any], value: dict[str, Any]) -> bool:
    """Whether two language maps give another text in one language."""
    return any(
        isinstance(text, str) and isinstance(before.get(language), str) and before[language] != text
        for language, text in value.items()
    )


def _texts(value: Any) -> set[str]:
    return {each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)}


def _owners(context: ActiveContext) -> dict[str, str]:
    """The keys that are terms only within the scope of a type, with the first such type."""
    found: dict[str, str] = {}
    for name, definition in context.terms.items():
        inner = definition.scoped
        if inner is not UNSET and isinstance(inner, dict) and name[:1].isupper():
            for key in inner:
                found.setdefault(key, name)
    return found


def _index(context: ActiveContext) -> TermIndex:
    return TermIndex({term: each.iri for term, each in context.terms.items() if each.iri})


_shared_index = lru_cache(maxsize=16)(_index)
