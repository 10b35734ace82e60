"""A lexical baseline: how alike units are worded, by TF-IDF of runs of letters. It knows nothing of links or skills."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from passerelle.comparability.index.ragged import Floats
from passerelle.linking.labels import primary
from passerelle.linking.term_matrix import Vocabulary, inverse_frequency, weighted
from passerelle.linking.terms import grams
from passerelle.records.compared_unit import ComparedUnit


class WordingBaseline:
    """The titles and outcomes of some units as vectors of runs of three to five letters, each language for itself."""

    def __init__(self, units: Sequence[ComparedUnit]) -> None:
        counts = Vocabulary().learn(_terms(unit) for unit in units)
        self._rows = weighted(counts, inverse_frequency(counts))

    def similarities(self, unit: int) -> Floats:
        """The cosine (0 to 1) of the unit of this number with each."""
        return np.asarray((self._rows @ self._rows[unit].T).todense(), np.float64).ravel()


def _terms(unit: ComparedUnit) -> list[str]:
    texts = [*unit.titles, *(text for outcome in unit.outcomes for text in outcome.texts)]
    return [
        f"{language} {gram}"
        for text in texts
        for language in (primary(text.language),)
        for gram in grams(text.text, language)
    ]
