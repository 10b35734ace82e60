"""Where the nodes of a text in Turtle, TriG, N-Triples or N-Quads stand: the nearest line that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import BLANK, Spot, Triple
from passerelle.validation.credentials.reading.json_text import Place, lines_of

_TYPE = expand("rdf:type")
_IRI_OF_PATH = re.compile(r"<([^<>]*)>")
_LINE_START = re.compile(r"^[ \t]*(<[^<>\n]*>|_:[\w.-]*\w|[\w.-]*:[^\s;,\[\]()<>\"]*)(?=[\s\[{])", re.MULTILINE)
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
        match = re.search(rf"(?<![\w:])(?:{self._written(node)})", self._text)
        return match.start() if match else None

    def _end(self, start: int) -> int:
        match = _STATEMENT_END.search(self._text, start)
        return match.end() if match else len(self._text)

    def _within(self, start: int, end: int, path: str, value: str) -> int | None:
        """The property, or its value where it stands behind one of its occurrences."""
        first: int | None = None
        property_ = re.compile(rf"(?<![\w:])(?:{self._written(path)})(?=[\s<\"'\[(])")
        for match in property_.finditer(self._text, start, end):
            offset = match.start()
            first = offset if first is None else first
            at = self._value(match.end(), end, value) if value else None
            if at is not None:
                return at
        return first

    def _value(self, start: int, end: int, value: str) -> int | None:
        written = [self._text.find(f'"{value.translate(_ESCAPES)}'[:_LONGEST_SOUGHT], start, end)]
        if ":" in value or value.startswith("_:"):
            match = re.compile(self._written(value)).search(self._text, start, end)
            written.append(match.start() if match else -1)
        elif re.fullmatch(r"[\w.+-]+", value):
            match = re.compile(rf"(?<![\w.]){re.escape(value)}(?![\w])").search(self._text, start, end)
            written.append(match.start() if match else -1)
        found = [each for each in written if each >= 0]
        return min(found, default=None)

    def _written(self, node: str) -> str:
        """A pattern of the ways in which a node can be written."""
        if node.startswith("_:"):
            return rf"{re.escape(node)}(?![\w-])"
        ways = [re.escape(f"<{node}>")]
        for prefix, namespace in self._prefixes.items():
            if namespace and node.startswith(namespace):
                ways.append(rf"{re.escape(f'{prefix}:{node[len(namespace) :]}')}(?![\w-])")
        if node == _TYPE:
            ways.append("a")
        return "|".join(ways)

    def _parent(self, node: str) -> tuple[str, str] | None:
        """The node and property that lead to a node without name."""
        if self._parents is None:
            self._parents = {}
            for subject, predicate, value in self._triples:
                if value.kind == BLANK:
                    self._parents.setdefault(value.node, (subject.node, predicate.value))
        return self._parents.get(node)


def _first_property(path: str) -> str:
    """The property that a path starts with; paths in SPARQL notation write it in angle brackets."""
    match = _IRI_OF_PATH.search(path)
    return match[1] if match else path
