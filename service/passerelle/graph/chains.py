"""Lists of numbers for a million owners, in a few arrays: none of them is an object of its own."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import repeat

_END = -1


class Chains:
    """For each owner (a number from 0) its entries, each of `width` numbers below 2³¹; the latest comes first."""

    def __init__(self, width: int) -> None:
        self._latest = array("i")
        self._earlier = array("i")
        self._columns = tuple(array("i") for _ in range(width))

    def add(self, owner: int, *numbers: int) -> None:
        """Add an entry. Raises ValueError where it is not `width` numbers, OverflowError for one that is too great."""
        for column, number in zip(self._columns, numbers, strict=True):
            column.append(number)
        if owner >= len(self._latest):
            self._latest.extend(repeat(_END, owner + 1 - len(self._latest)))
        self._earlier.append(self._latest[owner])
        self._latest[owner] = len(self._earlier) - 1

    def of(self, owner: int) -> Iterator[tuple[int, ...]]:
        """The entries of an owner; none of one that has nothing."""
        place = self._latest[owner] if owner < len(self._latest) else _END
        while place != _END:
            yield tuple(column[place] for column in self._columns)
            place = self._earlier[place]
