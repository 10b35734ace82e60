"""Texts that are found by the cosine of their weighted terms: letters, stems or beginnings of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from passerelle.linking.compiled_loops import greatest_product
from passerelle.linking.term_matrix import Scores, Vocabulary, inverse_frequency, weighted
from passerelle.linking.terms import Extractor


class CosineIndex:
    """Texts in one language, each owned by a column (`owner`; several may share one, the best then counts)."""

    def __init__(
        self, extractor: Extractor, language: str, texts: Sequence[str], owner: npt.NDArray[np.int64], width: int
    ) -> None:
        self._vocabulary = Vocabulary()
        counts = self._vocabulary.learn(extractor(text, language) for text in texts)
        self._weights = inverse_frequency(counts)
        self._extractor = extractor
        self._texts = weighted(counts, self._weights).T.tocsr()
        self._owner = owner.astype(np.int32)
        self._width = width

    def scores(self, queries: Sequence[str], language: str) -> Scores:
        """The cosine of each query, in `language`, with the best text of each column; 0 where a column has none."""
        counts = self._vocabulary.counts(self._extractor(query, language) for query in queries)
        return greatest_product(weighted(counts, self._weights), self._texts, self._owner, self._width)
