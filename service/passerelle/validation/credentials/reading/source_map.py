"""Where each triple of a JSON document stood: kept as trails while reading, made into pointers when asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from passerelle.validation.credentials.model import SourceMap, Spot, Term, Triple
from passerelle.validation.credentials.reading.json_text import JsonText
from passerelle.validation.credentials.reading.positions import member

Trail = tuple[Any, str | int] | None
"""The way to a value: the trail of what holds it, and its key or number; None for the root."""

_STEP = re.compile(r"<([^<>]*)>")


def pointer_of(trail: Trail, root: str) -> str:
    """The JSON pointer of a trail below the pointer `root`."""
    steps: list[str | int] = []
    while trail is not None:
        trail, step = trail
        steps.append(step)
    for step in reversed(steps):
        root = f"{root}/{step}" if isinstance(step, int) else member(root, step)
    return root


class JsonSource:
    """The source map of a JSON document. Implements `model.SourceMap`."""

    def __init__(
        self,
        document: JsonText,
        root: str,
        triples: Sequence[Triple],
        trails: Sequence[Trail],
        nodes: Sequence[tuple[Term | None, Any, Trail]],
    ) -> None:
        """`trails` are those of the triples, `nodes` what each JSON object stood for."""
        self._document = document
        self._root = root
        self._triples = triples
        self._trails = trails
        self._nodes = nodes
        self._objects: dict[str, Trail] | None = None
        self._values: dict[tuple[str, str], dict[str, Trail]] | None = None

    def at(self, pointer: str) -> Spot:
        """The line and column of what a JSON pointer names."""
        return self._document.spot(pointer)

    def spot(self, node: str, path: str = "", value: str = "") -> Spot:
        """The place of this value of this property of this node, or the nearest thing around it that is known.

        Of a property with several values and none of them given, the property's own place.
        """
        found = self.pointer(node, path, value)
        return Spot() if found is None else self.at(found)

    def pointer(self, node: str, path: str = "", value: str = "") -> str | None:
        """The pointer of `spot`; None for a node that the document does not have."""
        if self._objects is None:
            self._objects = self._index_of_objects()
        found: Trail | None = None
        known = node in self._objects
        if known:
            found = self._objects[node]
        steps = _STEP.findall(path) or ([path] if path else [])
        if steps and self._values is None:
            self._values = self._index_of_values()
        for number, step in enumerate(steps):
            last = number == len(steps) - 1
            values = self._values.get((node, step)) if self._values is not None else None
            if values is None:
                break
            known = True
            if last and value and value in values:
                return pointer_of(values[value], self._root)
            first = next(iter(values))
            found = values[first]
            if len(values) > 1 and found is not None and isinstance(found[1], int):
                found = found[0]
            if not last:
                node = first
                found = self._objects.get(node, found)
        return pointer_of(found, self._root) if known else None

    def _index_of_objects(self) -> dict[str, Trail]:
        """Where each node stands: where it says something, before where it is only named."""
        large: dict[str, Trail] = {}
        small: dict[str, Trail] = {}
        for term, written, trail in self._nodes:
            if term is not None:
                (large if len(written) > 1 else small).setdefault(term.node, trail)
        return small | large

    def _index_of_values(self) -> dict[tuple[str, str], dict[str, Trail]]:
        """The values of each property of each node, and where each stands first."""
        found: dict[tuple[str, str], dict[str, Trail]] = {}
        for (subject, predicate, value), trail in zip(self._triples, self._trails, strict=True):
            found.setdefault((subject.node, predicate.value), {}).setdefault(value.node, trail)
        return found


class _Nowhere:
    """The source map of a file that could not be read: observations carry their places themselves."""

    def at(self, pointer: str) -> Spot:
        return Spot(pointer)

    def spot(self, node: str, path: str = "", value: str = "") -> Spot:  # noqa: ARG002 - as the protocol has it
        return Spot()


NO_SOURCE: SourceMap = _Nowhere()
