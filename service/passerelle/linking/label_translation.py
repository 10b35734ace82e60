"""Labels of one language read in another, word by word: what translates which, and labels for skills that lack one.

ESCO's languages do not name the same skills: 745 of ESCO 1.2.0 have no French label ("maintain wind turbines"). Their
label in the pivot language, put into the words that the labels of both languages teach, finds them all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from passerelle.linking import terms
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.term_matrix import Rows, Vocabulary, above
from passerelle.linking.translation import translation

_LEAST_TRANSLATION = 0.02
"""Probability under which a pair of words is chance; without a bound the matrices would be ten times as dense."""

_LEAST_SUBSTITUTE = 0.15
"""Probability from which a word is put for another one; under it the pivot's own word is kept."""

Language = Mapping[str, SkillTexts]
"""By skill (IRI)."""


class LabelTranslation:
    """What the labels of `skills` (IRIs) in two languages teach; `pivot` may be empty.

    `own` and `pivot` know the stems of the labels; `forth` is P(own stem | pivot stem) and `back` the other way, one
    row a stem. `substitutes` are machine-made labels in the own language for skills that only the pivot names.
    """

    def __init__(
        self, language: str, own: Language, pivot_language: str, pivot: Language, skills: Sequence[str]
    ) -> None:
        self.own, self.pivot = Vocabulary(), Vocabulary()
        forms: dict[int, Counter[str]] = {}
        given: list[list[int]] = []
        said: list[list[int]] = []
        for skill in skills:
            source = self._known(self.pivot, pivot, skill, pivot_language)
            for label in labels_of(own, skill):
                stems = self._learned(self.own, terms.stems(label, language))
                for stem, word in zip(stems, terms.words(label, language), strict=True):
                    forms.setdefault(stem, Counter())[word] += 1
                if source:
                    given.append(source)
                    said.append(stems)
        width = (len(self.pivot), len(self.own))
        self.forth: Rows = above(translation(given, said, width), _LEAST_TRANSLATION)
        self.back: Rows = above(translation(said, given, (width[1], width[0])), _LEAST_TRANSLATION)
        best = [self._best_form(row, forms) for row in range(width[0])]
        self.substitutes: dict[str, str] = {
            skill: " ".join(dict.fromkeys(self._words(pivot[skill].preferred, pivot_language, best)))
            for skill in skills
            if own and skill in pivot and skill not in own
        }

    def _known(self, vocabulary: Vocabulary, texts: Language, skill: str, language: str) -> list[int]:
        return self._learned(vocabulary, terms.stems(texts[skill].preferred, language)) if skill in texts else []

    @staticmethod
    def _learned(vocabulary: Vocabulary, stems: Sequence[str]) -> list[int]:
        return [vocabulary.columns.setdefault(stem, len(vocabulary)) for stem in stems]

    def _best_form(self, row: int, forms: Mapping[int, Counter[str]]) -> str:
        start, end = self.forth.indptr[row : row + 2]
        values = self.forth.data[start:end]
        if not len(values) or values.max() < _LEAST_SUBSTITUTE:
            return ""
        counted = forms[int(self.forth.indices[start + values.argmax()])]
        return min(counted, key=lambda word: (-counted[word], word))

    def _words(self, label: str, language: str, best: Sequence[str]) -> list[str]:
        """The words of a pivot label, each in the commonest form of what it mostly is in the own language."""
        stems = terms.stems(label, language)
        return [
            best[self.pivot.columns[stem]] or word
            for stem, word in zip(stems, terms.words(label, language), strict=True)
        ]


def labels_of(texts: Language, skill: str) -> list[str]:
    """The preferred and the alternative labels of a skill; none where the language lacks it."""
    if skill not in texts:
        return []
    return [label for label in (texts[skill].preferred, *texts[skill].alternatives) if label]
