"""Which words stand for which, learned from texts that say the same: model 1 of Brown et al. (1993).

ESCO words each skill in many languages, so its labels teach how a word is said in another language, and, there and
back, which words of one language mean about the same ("effectuer", "réaliser"). Source: P. F. Brown and others, "The
mathematics of statistical machine translation", Computational Linguistics 19(2), section 4.2 and appendix B.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from passerelle.linking.term_matrix import Rows

ROUNDS = 8
"""Rounds of expectation and maximisation; the probabilities hardly move after five."""

Documents = Sequence[Sequence[int]]


def translation(
    given: Documents,
    said: Documents,
    width: tuple[int, int],
    weights: Sequence[float] | None = None,
    rounds: int = ROUNDS,
) -> Rows:
    """P(word of `said` | word of `given`), one row a word of `given`; rows sum to 1 where the word was seen.

    `given` and `said` are parallel texts as columns of two vocabularies of the sizes `width`; `weights` says how much
    each pair counts. Words that nothing given accounts for go to an empty word, which has no row in the answer.
    """
    words_given, words_said = width
    tokens, sources, targets, counts = [], [], [], []
    token = 0
    for number, (source, target) in enumerate(zip(given, said, strict=True)):
        weight = 1.0 if weights is None else weights[number]
        from_words = [*source, words_given]
        for word in target:
            tokens.extend([token] * len(from_words))
            sources.extend(from_words)
            targets.extend([word] * len(from_words))
            counts.extend([weight] * len(from_words))
            token += 1
    probabilities, cells = _fitted(
        np.array(tokens, np.int64),
        np.array(sources, np.int64) * words_said + np.array(targets, np.int64),
        np.array(counts, np.float64),
        words_said,
        rounds,
    )
    rows, columns = cells // words_said, cells % words_said
    kept = rows < words_given
    data = (probabilities[kept].astype(np.float32), (rows[kept], columns[kept]))
    return sp.csr_matrix(data, shape=(words_given, words_said))


def _fitted(
    tokens: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    counts: npt.NDArray[np.float64],
    words_said: int,
    rounds: int,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Probabilities of the distinct cells (row times width plus column), and those cells."""
    cells, place = np.unique(pairs, return_inverse=True)
    rows = cells // max(words_said, 1)
    found = np.ones(len(cells))
    for _ in range(rounds):
        each = found[place]
        shares = each / np.bincount(tokens, weights=each)[tokens]
        expected = np.bincount(place, weights=counts * shares, minlength=len(cells))
        sums = np.bincount(rows, weights=expected)
        found = expected / np.maximum(sums[rows], np.finfo(float).tiny)
    return found, cells
