"""Numbers outcomes as they come, and puts them in the order of their IRIs when all are there."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.ragged import Integers, Lists, starts_of


class FlatLists:
    """Lists of small numbers that grow one after another."""

    def __init__(self) -> None:
        self._starts, self._values = array("q", (0,)), array("i")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def add(self, values: Iterable[int]) -> None:
        """Add a list."""
        self._values.extend(values)
        self._starts.append(len(self._values))

    def __getitem__(self, number: int) -> tuple[int, ...]:
        return tuple(self._values[self._starts[number] : self._starts[number + 1]])

    def made(self) -> Lists:
        """The lists as arrays."""
        return Lists(np.array(self._starts, np.int64), np.array(self._values, np.int32))


@dataclass(frozen=True, slots=True)
class Ordered:
    """Outcomes in the order of their IRIs: `place` of each number, and by place `texts` and the rank of its `identity`.

    `starts`: the places of the outcomes with one IRI, by the rank of the IRI, as in `Lists`.
    """

    place: Integers
    texts: Lists
    identity: Integers
    starts: Integers


class OutcomeNumbers:
    """Outcomes, numbered from 0; an IRI with other texts (by number, sorted) is another outcome."""

    def __init__(self) -> None:
        self._identities: dict[str, int] = {}
        self._identity, self._first = array("i"), array("i")
        self._texts = FlatLists()
        self._others: dict[tuple[int, tuple[int, ...]], int] = {}

    def number(self, iri: str, texts: tuple[int, ...]) -> int:
        """The number of an outcome."""
        identity = self._identities.get(iri)
        if identity is None:
            identity = self._identities[iri] = len(self._first)
            self._first.append(len(self._identity))
            return self._added(identity, texts)
        first = self._first[identity]
        if self._texts[first] == texts:
            return first
        key = identity, texts
        if key not in self._others:
            self._others[key] = self._added(identity, texts)
        return self._others[key]

    def identity(self, iri: str) -> int | None:
        """The number of an IRI; None where no outcome has it."""
        return self._identities.get(iri)

    def ranks(self) -> Integers:
        """The rank of each IRI by its number: its place in their order."""
        names = list(self._identities)
        ranks = np.empty(len(names), np.int64)
        ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        return ranks

    def in_order(self) -> Ordered:
        """All outcomes by IRI, those of one IRI by their texts."""
        identity = self.ranks()[np.array(self._identity, np.int64)]
        worded = np.zeros(len(identity), np.int64)
        several = {number for each, _ in self._others for number in (self._first[each],)} | {*self._others.values()}
        for rank, number in enumerate(sorted(several, key=self._texts.__getitem__)):
            worded[number] = rank
        order = np.lexsort((worded, identity))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        texts = self._texts.made()
        found, _ = texts.all_of(order)
        lengths = np.diff(texts.starts)[order]
        starts = starts_of(np.bincount(identity, minlength=len(self._first)))
        return Ordered(place, Lists(starts_of(lengths), found), identity[order], starts)

    def _added(self, identity: int, texts: tuple[int, ...]) -> int:
        self._identity.append(identity)
        self._texts.add(texts)
        return len(self._identity) - 1
