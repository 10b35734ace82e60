"""Texts as sparse rows of term counts, and the weights that make rows comparable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
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
        known = [[self.columns.setdefault(term, len(self.columns)) for term in document] for document in documents]
        return counted(known, len(self))

    def counts(self, documents: Iterable[Iterable[str]]) -> Rows:
        """The counts of documents, one row each; unknown terms are left out."""
        column = self.columns.get
        known = [[found for term in document if (found := column(term)) is not None] for document in documents]
        return counted(known, len(self))


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
    lengths = np.fromiter(map(len, documents), np.int64, len(documents))
    columns = np.fromiter(chain.from_iterable(documents), np.int64, int(lengths.sum()))
    cells, counts = np.unique(
        np.repeat(np.arange(len(documents)), lengths) * max(width, 1) + columns, return_counts=True
    )
    rows, columns = np.divmod(cells, max(width, 1))
    starts = np.searchsorted(rows, np.arange(len(documents) + 1))
    data = (counts.astype(np.float32), columns.astype(np.int32), starts.astype(np.int32))
    return sp.csr_matrix(data, shape=(len(documents), width))


def rows_where(chosen: npt.NDArray[np.bool_], rows: Rows) -> Rows:
    """The rows that are chosen, in their places; the others empty."""
    return sp.diags(chosen.astype(np.float32)).tocsr() @ rows


def from_pairs(pairs: Mapping[tuple[int, int], float], shape: tuple[int, int]) -> Rows:
    """A matrix of the values of (row, column) pairs."""
    keys = sorted(pairs)
    data = (np.array([pairs[key] for key in keys], np.float32), ([a for a, _ in keys], [b for _, b in keys]))
    return sp.csr_matrix(data, shape=shape)
