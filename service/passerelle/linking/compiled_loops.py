"""The loops that ranking would spend its time in, as machine code.

Products of sparse rows and a sparse matrix, made dense: like `(rows @ matrix).toarray()`, without the sorted and sparse
product in between; and what a skill's broader concepts add up to. numba compiles them when they are first called (about
2 s, kept in its cache); they hold no lock of the interpreter meanwhile.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from passerelle.linking.compiled import compiled
from passerelle.linking.term_matrix import Rows, Scores

Integers = npt.NDArray[np.int32]


def product(rows: Rows, matrix: Rows) -> Scores:
    """One row a row of `rows`, one column a column of `matrix`."""
    found = np.zeros((rows.shape[0], matrix.shape[1]), np.float32)
    _add(*_parts(rows), *_parts(matrix), found)
    return found


def greatest_product(rows: Rows, matrix: Rows, owner: Integers, width: int) -> Scores:
    """As `product`, with the columns of one `owner` (0 to `width` - 1) together: the greatest counts, at least 0."""
    found = np.zeros((rows.shape[0], width), np.float32)
    _add_greatest(*_parts(rows), *_parts(matrix), owner, np.zeros(matrix.shape[1], np.float32), found)
    return found


def kin_shares(near: Scores, columns: npt.NDArray[np.int64], broader: Rows, best: int) -> Scores:
    """Of the scores `near` of the first `best` columns of each row, the share under a concept of each column.

    `broader` has a row a column and a column a concept. What a column scores itself does not count for it.
    """
    found = np.zeros(columns.shape, np.float32)
    _kin(near, columns, broader.indptr, broader.indices, best, np.zeros(broader.shape[1], np.float32), found)
    return found


def _parts(matrix: Rows) -> tuple[Integers, Integers, Scores]:
    return matrix.indptr, matrix.indices, matrix.data


def _add_up(
    starts: Integers, terms: Integers, weights: Scores, ends: Integers, columns: Integers, values: Scores, into: Scores
) -> None:
    for row in range(len(starts) - 1):
        for place in range(starts[row], starts[row + 1]):
            term, weight = terms[place], weights[place]
            for posting in range(ends[term], ends[term + 1]):
                into[row, columns[posting]] += weight * values[posting]


def _add_up_greatest(
    starts: Integers, terms: Integers, weights: Scores, ends: Integers, columns: Integers, values: Scores,
    owner: Integers, sums: Scores, into: Scores,
) -> None:  # fmt: skip
    for row in range(len(starts) - 1):
        for place in range(starts[row], starts[row + 1]):
            term, weight = terms[place], weights[place]
            for posting in range(ends[term], ends[term + 1]):
                sums[columns[posting]] += weight * values[posting]
        for column in range(len(sums)):
            into[row, owner[column]] = max(into[row, owner[column]], sums[column])
            sums[column] = 0


def _add_kin(
    near: Scores, columns: npt.NDArray[np.int64], starts: Integers, concepts: Integers, best: int, mass: Scores,
    into: Scores,
) -> None:  # fmt: skip
    rows, width = columns.shape
    for row in range(rows):
        total = np.float32(1e-6)
        for place in range(min(best, width)):
            column = columns[row, place]
            total += near[row, place]
            for position in range(starts[column], starts[column + 1]):
                mass[concepts[position]] += near[row, place]
        for place in range(width):
            column = columns[row, place]
            own = near[row, place] if place < best else np.float32(0)
            for position in range(starts[column], starts[column + 1]):
                into[row, place] += mass[concepts[position]] - own
            into[row, place] /= total
        mass[:] = 0


_add, _add_greatest, _kin = compiled(_add_up), compiled(_add_up_greatest), compiled(_add_kin)
