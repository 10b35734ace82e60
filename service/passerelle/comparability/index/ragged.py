"""Lists of different lengths in two arrays: where each list starts, and the values of all lists one after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def starts_of(lengths: Integers) -> npt.NDArray[np.int64]:
    """Where each list starts, and where the last ends: one number more than there are lists."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def places(starts: Integers, which: Integers) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The places of all values of the lists `which`, and for each the number within `which` of its list.

    >>> places(np.array([0, 2, 2, 5]), np.array([2, 0]))
    (array([2, 3, 4, 0, 1]), array([0, 0, 0, 1, 1]))
    """
    lengths = starts[which + 1] - starts[which]
    ends = np.cumsum(lengths)
    owner = np.repeat(np.arange(len(which)), lengths)
    found = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[which] - (ends - lengths), lengths)
    return found.astype(np.int64), owner


def grouped(keys: Integers, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """An order that brings equal `keys` (0 to `count` - 1) together, stable, and where each key starts in it."""
    order = np.argsort(keys, kind="stable")
    return starts_of(np.bincount(keys, minlength=count)), order


def first_of_runs(*columns: Integers | Floats) -> Truths:
    """Which rows are not equal to the one before, in sorted columns of one length.

    >>> first_of_runs(np.array([1, 1, 2, 2]), np.array([0, 0, 0, 3]))
    array([ True, False,  True,  True])
    """
    first = np.ones(len(columns[0]), np.bool_)
    first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return first


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of integers: `values[starts[i]:starts[i + 1]]` is the list `i`."""

    starts: Integers
    values: Integers

    @classmethod
    def of(cls, owners: Integers, values: Integers, count: int) -> Lists:
        """Each value in the list of its owner, in the order given."""
        starts, order = grouped(owners, count)
        return cls(starts, values[order])

    def __getitem__(self, number: int) -> Integers:
        return self.values[self.starts[number] : self.starts[number + 1]]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def all_of(self, which: Integers) -> tuple[Integers, Integers]:
        """The values of the lists `which`, and for each the number within `which` of its list."""
        found, owner = places(self.starts, which)
        return self.values[found], owner

    def inverse(self, count: int) -> Lists:
        """For each value (0 to `count` - 1) the lists that hold it, ascending."""
        owners = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        return Lists.of(self.values, owners, count)
