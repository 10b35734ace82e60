"""The parts of an evaluation set: by a hash of the query's identifier, so that all its rows stay together."""

from __future__ import annotations

import hashlib

TEST_SHARE = 25
"""Hundredths of the queries that no weight and no calibration has seen."""

FOLDS = 5
"""Folds of the rest: what is learned from four scores the fifth, and the confidences are fitted on those scores."""


def _number(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def is_test(query: str) -> bool:
    """Whether the query (its `srcId`) is held back."""
    return _number(query) % 100 >= 100 - TEST_SHARE


def fold(query: str) -> int:
    """The fold (0 to FOLDS - 1) of a query that is not held back."""
    return _number(f"fold {query}") % FOLDS


def text_hash(text: str) -> str:
    """Eight hexadecimal digits by which a text is known again without being stored."""
    return hashlib.sha256(" ".join(text.split()).casefold().encode()).hexdigest()[:8]
