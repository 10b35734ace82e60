"""The skills of some texts that are looked at closely, and what is done with whole texts and their clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from passerelle.linking.clauses import Clause, clauses
from passerelle.linking.pair_features import Columns, Features
from passerelle.linking.term_matrix import Scores

_CHUNK = 64
"""Wholes and clauses at a time: a score is 3.6 MB then, for 13,936 skills, and a processor keeps it near."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Some texts and the skills that are looked at closely: columns and features of each text and skill."""

    columns: Columns
    features: Features


def ordered(scores: Scores, same: Scores, columns: Columns) -> npt.NDArray[np.int64]:
    """The places of each row: the same wording first, then by score, ties by column."""
    return (
        np.stack([np.lexsort((columns[row], -scores[row], -same[row])) for row in range(len(scores))])
        if len(scores)
        else np.zeros((0, 0), np.int64)
    )


def as_one(parts: Features) -> Features:
    """The features of a text out of those of the whole, which come first, and of its main clauses."""
    found: Features = (parts[0] + parts[1:].max(axis=0)) / 2 if len(parts) > 1 else parts[0]
    return found


def with_clauses(text: str, language: str) -> tuple[Clause, ...]:
    """The whole text as a main clause, then the clauses of a long one."""
    return (Clause(text, main=True), *clauses(text, language))


def chunks(texts: Sequence[str], language: str) -> Iterator[Sequence[str]]:
    """The texts in turns of at most _CHUNK wholes and clauses."""
    start = number = 0
    for place, text in enumerate(texts):
        size = len(with_clauses(text, language))
        if number + size > _CHUNK:
            yield texts[start:place]
            start, number = place, 0
        number += size
    if texts:
        yield texts[start:]
