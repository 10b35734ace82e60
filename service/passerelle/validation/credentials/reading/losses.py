"""What a JSON-LD document says and RDF does not hear: each loss told once where it stands, with what was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from passerelle.validation.credentials.model import Observation, Spot, Term
from passerelle.validation.credentials.reading.active_context import UNSET, ActiveContext
from passerelle.validation.credentials.reading.json_text import JsonText
from passerelle.validation.credentials.reading.source_map import Trail, pointer_of
from passerelle.validation.credentials.reading.terms import TermIndex

_SHOWN = 120
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


class Losses:
    """Collects the observations of one reading. `quiet` is above 0 inside of what we do not check (a proof)."""

    def __init__(self, document: JsonText, root: str, limit: int) -> None:
        self._document = document
        self._root = root
        self._limit = limit
        self._found: list[tuple[str, str, str, Trail, bool, dict[str, str]]] = []
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
        **parameters: str,
    ) -> None:
        """Note one observation; `at_key` where its place is the key, not the value."""
        # each code has a limit of its own: a flood of warnings must not crowd out a violation
        if not self.quiet and self._told[code] < self._limit:
            self._told[code] += 1
            self._found.append((code, node.node if node else "", value[:_SHOWN], trail, at_key, parameters))

    def observations(self) -> list[Observation]:
        """What was told, in the order of the reading, with line and column."""
        return [
            Observation(
                code,
                node=node,
                value=value,
                spot=self.spot(trail, of_key),
                parameters=parameters,
            )
            for code, node, value, trail, of_key, parameters in self._found
        ]

    def spot(self, trail: Trail, of_key: bool = False) -> Spot:
        """The place that a trail leads to."""
        pointer = pointer_of(trail, self._root)
        return self._document.key_spot(pointer) if of_key else self._document.spot(pointer)

    def unknown_key(self, context: ActiveContext, key: str, node: Term | None, trail: Trail) -> None:
        """A key that is no term here: misspelt, of another type of node, or simply unknown."""
        if self.quiet:
            return
        owner = self._owner(context, key)
        if owner:
            self.tell("ELM-READING-KEY-OUT-OF-PLACE", trail, node, at_key=True, key=key, type=owner)
            return
        nearest = self._near(context, key, of_class=False)
        if nearest:
            self.tell("ELM-READING-MISSPELT-KEY", trail, node, at_key=True, key=key[:_SHOWN], nearest=nearest)
        else:
            self.tell("ELM-READING-UNKNOWN-KEY", trail, node, at_key=True, key=key[:_SHOWN])

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
