"""Texts as sparse rows of term counts, and the weights that make rows comparable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Rows = Any
"""A `scipy.sparse.csr_matrix` of float32; scipy ships no types."""

Vector = npt.NDArray[np.float32]

Scores = npt.NDArray[np.float32]
"""Dense: one row a text, one column a skill."""


class Vocabulary:
    """The column of each term, in the order in which terms were first seen."""

    def __init__(self) -> None:
        self.columns: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.columns)

    def learn(self, documents: Iterable[Iterable[str]]) -> Rows:
        """The counts of documents, one row each; their terms become known."""
        return self._counts(documents, grow=True)

    def counts(self, documents: Iterable[Iterable[str]]) -> Rows:
        """The counts of documents, one row each; unknown terms are left out."""
        return self._counts(documents, grow=False)

    def _counts(self, documents: Iterable[Iterable[str]], *, grow: bool) -> Rows:
        ends, indices, values = [0], [], []
        for document in documents:
            for term, count in sorted(Counter(document).items()):
                column = self.columns.setdefault(term, len(self.columns)) if grow else self.columns.get(term, -1)
                if column >= 0:
                    indices.append(column)
                    values.append(count)
            ends.append(len(indices))
        data = (np.array(values, np.float32), np.array(indices, np.int32), np.array(ends, np.int64))
        return sp.csr_matrix(data, shape=(len(ends) - 1, len(self.columns)))


def inverse_frequency(counts: Rows) -> Vector:
    """The smoothed inverse document frequency of each column: `1 + ln((1 + n) / (1 + df))`."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    found = 1 + np.log((1 + counts.shape[0]) / (1 + frequency))
    return np.asarray(found, dtype=np.float32)


def weighted(counts: Rows, weights: Vector) -> Rows:
    """Rows of length 1 with sublinear counts, `1 + ln(count)`, times the weights of their columns."""
    found = counts.copy()
    found.data = (1 + np.log(found.data)) * weights[found.indices]
    return unit(found)


def unit(rows: Rows) -> Rows:
    """The rows at length 1; an empty row stays empty."""
    squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    return _scaled(rows, np.sqrt(squares))


def shares(rows: Rows) -> Rows:
    """The rows divided by their sums; an empty row stays empty."""
    return _scaled(rows, np.asarray(rows.sum(axis=1)).ravel())


def _scaled(rows: Rows, by: npt.NDArray[Any]) -> Rows:
    found = rows.copy()
    found.data = (found.data / np.repeat(np.where(by > 0, by, 1), np.diff(found.indptr))).astype(np.float32)
    return found


def above(rows: Rows, least: float) -> Rows:
    """The rows without their values under `least`."""
    found = rows.copy()
    found.data[found.data < least] = 0
    found.eliminate_zeros()
    return found


def counted(documents: Sequence[Sequence[int]], width: int) -> Rows:
    """The counts of documents whose terms are columns already."""
    ends = np.cumsum([0, *map(len, documents)])
    indices = np.fromiter((each for document in documents for each in document), np.int32, int(ends[-1]))
    found = sp.csr_matrix((np.ones(len(indices), np.float32), indices, ends), shape=(len(documents), width))
    found.sum_duplicates()
    return found


def rows_where(chosen: npt.NDArray[np.bool_], rows: Rows) -> Rows:
    """The rows that are chosen, in their places; the others empty."""
    return sp.diags(chosen.astype(np.float32)).tocsr() @ rows


def from_pairs(pairs: Mapping[tuple[int, int], float], shape: tuple[int, int]) -> Rows:
    """A matrix of the values of (row, column) pairs."""
    keys = sorted(pairs)
    data = (np.array([pairs[key] for key in keys], np.float32), ([a for a, _ in keys], [b for _, b in keys]))
    return sp.csr_matrix(data, shape=shape)
