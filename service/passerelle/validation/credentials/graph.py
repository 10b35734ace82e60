"""The triples of one credential, indexed for the layers that follow properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import LITERAL, Term, Triple

_TYPE = expand("rdf:type")


class CredentialGraph:
    """What each node says. Nodes are named as in `Term.node`, properties and classes by their full IRIs."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """`triples` has each triple once."""
        self.triples = tuple(triples)
        self._statements: dict[str, dict[str, list[Term]]] = {}
        self._subjects: dict[str, list[tuple[str, str]]] = {}
        self._instances: dict[str, list[str]] = {}
        for subject, predicate, value in self.triples:
            node = subject.node
            self._statements.setdefault(node, {}).setdefault(predicate.value, []).append(value)
            if value.kind != LITERAL:
                self._subjects.setdefault(value.node, []).append((node, predicate.value))
                if predicate.value == _TYPE:
                    self._instances.setdefault(value.value, []).append(node)

    def __contains__(self, node: str) -> bool:
        return node in self._statements

    @property
    def nodes(self) -> Iterable[str]:
        """Every node that says something, in the order of the file."""
        return self._statements.keys()

    def instances(self, *classes: str) -> Iterator[str]:
        """The nodes of any of these classes, each once."""
        yield from dict.fromkeys(node for each in classes for node in self._instances.get(each, ()))

    def types(self, node: str) -> frozenset[str]:
        """The classes of a node."""
        return frozenset(each.value for each in self.values(node, _TYPE))

    def properties(self, node: str) -> Iterable[str]:
        """The properties that a node uses."""
        return self._statements.get(node, {}).keys()

    def values(self, node: str, *properties: str) -> Sequence[Term]:
        """The values of these properties of a node."""
        statements = self._statements.get(node, {})
        if len(properties) == 1:
            return statements.get(properties[0], ())
        return [value for each in properties for value in statements.get(each, ())]

    def objects(self, node: str, *properties: str) -> list[str]:
        """The nodes among the values."""
        return [each.node for each in self.values(node, *properties) if each.kind != LITERAL]

    def texts(self, node: str, *properties: str) -> list[str]:
        """The literals among the values, as written."""
        return [each.value for each in self.values(node, *properties) if each.kind == LITERAL]

    def subjects(self, node: str, *properties: str) -> list[str]:
        """The nodes that point here by one of these properties (by any, where none is given)."""
        return [subject for subject, each in self._subjects.get(node, ()) if not properties or each in properties]

    def crowded(self, limit: int) -> tuple[str, str, int] | None:
        """The first node and property with more than `limit` values, and how many those are."""
        for node, statements in self._statements.items():
            for path, values in statements.items():
                if len(values) > limit:
                    return node, path, len(values)
        return None
