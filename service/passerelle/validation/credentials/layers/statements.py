"""The statements of one credential by property, for layers that look at some properties of all nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import LITERAL, Term


class Statements:
    """All statements of a graph, those of a property in the order of the file."""

    def __init__(self, graph: CredentialGraph) -> None:
        found: dict[str, list[tuple[str, Term]]] = {}
        for subject, path, value in graph.triples:
            found.setdefault(path.value, []).append((subject.node, value))
        self._found = found

    def __iter__(self) -> Iterator[tuple[str, Sequence[tuple[str, Term]]]]:
        return iter(self._found.items())

    def __contains__(self, path: str) -> bool:
        return path in self._found

    def of(self, *paths: str) -> Iterator[tuple[str, str, Term]]:
        """Node, property and value of each statement with one of these properties."""
        for path in paths:
            for node, value in self._found.get(path, ()):
                yield node, path, value

    def literals(self, *paths: str) -> Iterator[tuple[str, str, Term]]:
        """The same, where the value is a literal."""
        for path in paths:
            for node, value in self._found.get(path, ()):
                if value.kind == LITERAL:
                    yield node, path, value

    def nodes(self, *paths: str) -> list[str]:
        """The nodes that use one of these properties, each once."""
        return list(dict.fromkeys(node for path in paths for node, _ in self._found.get(path, ())))
