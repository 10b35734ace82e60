"""Where the nodes of a text in Turtle, TriG, N-Triples or N-Quads stand: the nearest line that is known."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import BLANK, Spot, Triple
from passerelle.validation.credentials.reading.json_text import Place, lines_of

_TYPE = expand("rdf:type")
_IRI_OF_PATH = re.compile(r"<([^<>]*)>")
_LINE_START = re.compile(r"^[ \t]*(<[^<>\n]*>|_:[\w.-]*\w|[\w.-]*:[^\s;,\[\]()<>\"]*)(?=[\s\[{])", re.MULTILINE)
_A = re.compile(r"(?<![\w:])a(?=[\s<\"'\[(])")
_BARE = re.compile(r"[\w.+-]+")
_VALUE_STARTS = frozenset("<\"'[(")
_STATEMENT_END = re.compile(r"\.[ \t]*(?:\r?\n|\Z)")
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
_LONGEST_SOUGHT = 120
_MOST_PARENTS = 20
_LONGEST_SEARCHED = 2 * 1024 * 1024
"""Characters of a text that is searched whole for a node that starts no line."""


class RdfTextSource:
    """Looks a node up in the text only when a finding asks for it.

    The answer is the property of the node where one is asked for, else its first statement; for a node without name
    the place of the property that leads to it.
    """

    def __init__(self, text: str, prefixes: Mapping[str, str], triples: Sequence[Triple]) -> None:
        """`prefixes` as the text declares them."""
        self._text = text
        self._prefixes = prefixes
        self._triples = triples
        self._starts: dict[str, list[int]] | None = None
        self._parents: dict[str, tuple[str, str]] | None = None
        self._place: Place = lines_of(text)

    def spot(self, node: str, path: str = "", value: str = "") -> Spot:
        """The place of the value of this property of this node, or the nearest thing around it that is known."""
        offset = self._offset(node, _first_property(path), value, _MOST_PARENTS) if node else None
        return Spot() if offset is None else Spot(None, *self._place(offset))

    def at(self, pointer: str) -> Spot:  # noqa: ARG002 - as all maps of sources
        """Nothing: the text is not JSON."""
        return Spot()

    def _offset(self, node: str, path: str, value: str, depth: int) -> int | None:
        first: int | None = None
        for start, end in self._statements(node):
            first = start if first is None else first
            if not path:
                break
            found = self._within(start, end, path, value)
            if found is not None:
                return found
        if first is not None or depth == 0:
            return first
        parent = self._parent(node)
        if parent is None:
            return self._anywhere(node)
        around = self._offset(parent[0], parent[1], "", depth - 1)
        if around is None or not path:
            return around
        inner = self._within(around, self._end(around), path, value)
        return around if inner is None else inner

    def _statements(self, node: str) -> Iterator[tuple[int, int]]:
        """Start and end of each statement whose subject is written at the start of a line."""
        if self._starts is None:
            self._starts = {}
            for match in _LINE_START.finditer(self._text):
                self._starts.setdefault(self._meant(match[1]), []).append(match.start(1))
        for start in self._starts.get(node, ()):
            yield start, self._end(start)

    def _meant(self, written: str) -> str:
        """The node that a text writes."""
        if written.startswith("<"):
            return written[1:-1]
        prefix, _, local = written.partition(":")
        return written if prefix == "_" else self._prefixes.get(prefix, "") + local

    def _anywhere(self, node: str) -> int | None:
        if len(self._text) > _LONGEST_SEARCHED:
            return None
        return self._first(node, 0, len(self._text))

    def _end(self, start: int) -> int:
        match = _STATEMENT_END.search(self._text, start)
        return match.end() if match else len(self._text)

    def _within(self, start: int, end: int, path: str, value: str) -> int | None:
        """The property, or its value where it stands behind one of its occurrences."""
        first: int | None = None
        for offset, behind in self._occurrences(path, start, end, as_property=True):
            first = offset if first is None else first
            at = self._value(behind, end, value) if value else None
            if at is not None:
                return at
        return first

    def _value(self, start: int, end: int, value: str) -> int | None:
        literal = self._text.find(f'"{value.translate(_ESCAPES)}'[:_LONGEST_SOUGHT], start, end)
        bare = None
        if ":" in value:
            bare = self._first(value, start, end)
        elif _BARE.fullmatch(value):
            bare = next((at for at, _ in self._places(value, start, end, ".", "")), None)
        found = [each for each in (literal, bare) if each is not None and each >= 0]
        return min(found, default=None)

    def _first(self, node: str, start: int, end: int) -> int | None:
        return next((at for at, _ in self._occurrences(node, start, end)), None)

    def _occurrences(self, node: str, start: int, end: int, *, as_property: bool = False) -> Iterator[tuple[int, int]]:
        """Start and end of each place where a node is written, in any of its ways, in the order of the text."""
        found = [
            self._places(each, start, end, ":", "" if each.startswith("<") else "-", as_property=as_property)
            for each in self._written(node)
        ]
        if as_property and node == _TYPE:
            found.append((match.start(), match.end()) for match in _A.finditer(self._text, start, end))
        return heapq.merge(*found)

    def _places(
        self, written: str, start: int, end: int, not_before: str, not_after: str, *, as_property: bool = False
    ) -> Iterator[tuple[int, int]]:
        """Start and end of each place where these characters stand as a word of their own.

        No letter, digit, `_` or sign of `not_before` stands before it; none or of `not_after` behind it, unless it ends
        with a sign of its own. What stands behind a property is a blank, or what its value starts with.
        """
        # the characters are those of a credential: the cache of `re` would keep them
        text, closed = self._text, written.endswith(">")
        at = text.find(written, start, end)
        while at >= 0:
            behind = at + len(written)
            before, after = text[at - 1 : at] if at else "", text[behind : behind + 1]
            if as_property:
                ends = after.isspace() or after in _VALUE_STARTS
            else:
                ends = closed or not _goes_on(after, not_after)
            if ends and not _goes_on(before, not_before):
                yield at, behind
            at = text.find(written, behind, end)

    def _written(self, node: str) -> list[str]:
        """The ways in which a node can be written."""
        if node.startswith("_:"):
            return [node]
        return [
            f"<{node}>",
            *(
                f"{prefix}:{node[len(namespace) :]}"
                for prefix, namespace in self._prefixes.items()
                if namespace and node.startswith(namespace)
            ),
        ]

    def _parent(self, node: str) -> tuple[str, str] | None:
        """The node and property that lead to a node without name."""
        if self._parents is None:
            self._parents = {}
            for subject, predicate, value in self._triples:
                if value.kind == BLANK:
                    self._parents.setdefault(value.node, (subject.node, predicate.value))
        return self._parents.get(node)


def _goes_on(character: str, signs: str) -> bool:
    """Whether a word goes on with this character, "" at an end of the text."""
    return character.isalnum() or character == "_" or (character != "" and character in signs)


def _first_property(path: str) -> str:
    """The property that a path starts with; paths in SPARQL notation write it in angle brackets."""
    match = _IRI_OF_PATH.search(path)
    return match[1] if match else path
