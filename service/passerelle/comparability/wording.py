"""How similar two wordings of one language are: shown beside a coverage and counted in none.

A text becomes a vector of two blocks of equal weight: its word stems (`linking.labels`, ignored words left out; the
words themselves in a language without a stemmer) and the character trigrams of the same words with their ends marked,
each counted 1 + ln(occurrences). Similarity is the cosine: half of it the stems' cosine, half the trigrams', 0 to 1. No
statistics over a catalogue enter it, so an added country changes no similarity. Every feature begins with the primary
language, so texts of different languages never meet; features are hashed (CRC-32, the same on every machine).

The measure knows words, not meaning: "ne pas serrer" is near to "serrer". As a search over ESCO's 13,191 French labels
it found the exact counterpart of 36 % of 400 evaluation texts first, and of 55 % among ten (November 2026).
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from passerelle.linking.labels import exact_key, languages, primary
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit
from passerelle.records.comparison import share
from passerelle.records.text import LanguageText

DIMENSIONS = 2**20
"""Buckets of the hash: two of a unit's thousand features share one in every second unit, which moves nothing."""

_TRIGRAM = 3


@dataclass(frozen=True, slots=True)
class WordingVector:
    """Hashed features: `indices` ascending and unique, below DIMENSIONS, with `values` of the same shape.

    The features of each of `languages` (primary subtags) have length 1 together.
    """

    indices: npt.NDArray[np.int32]
    values: npt.NDArray[np.float64]
    languages: frozenset[str]


class Nearest(NamedTuple):
    """An outcome (IRI) and the similarity of its wording, from 0 to 1, rounded as shares are."""

    outcome: str
    similarity: float


def wording_vector(texts: Iterable[LanguageText]) -> WordingVector:
    """The vector of some texts, taken together in each language."""
    by_language: dict[str, list[str]] = {}
    for text in texts:
        by_language.setdefault(primary(text.language), []).append(text.text)
    masses: dict[int, float] = {}
    present: set[str] = set()
    for language, wordings in sorted(by_language.items()):
        block = _block(language, wordings)
        if block:
            present.add(language)
        for index, value in block.items():
            masses[index] = masses.get(index, 0.0) + value
    order = sorted(masses)
    values = np.array([masses[index] for index in order], dtype=np.float64)
    return WordingVector(np.array(order, dtype=np.int32), values, frozenset(present))


def unit_vector(unit: ComparedUnit) -> WordingVector:
    """The vector of a unit's titles and of all its outcomes."""
    return wording_vector([*unit.titles, *(text for outcome in unit.outcomes for text in outcome.texts)])


def similarity(first: WordingVector, second: WordingVector) -> float:
    """The mean cosine over the languages that both have, from 0 to 1; 0 where they share none."""
    shared = first.languages & second.languages
    if not shared:
        return 0.0
    places = np.searchsorted(second.indices, first.indices)
    places[places == len(second.indices)] = 0
    common = second.indices[places] == first.indices
    product = float(np.dot(first.values[common], second.values[places[common]]))
    return min(1.0, product / len(shared))


def nearest_wordings(holder: Sequence[ComparedOutcome], target: Sequence[ComparedOutcome]) -> dict[str, Nearest]:
    """For each outcome of `target` (IRI) the one of `holder` with the most similar text of the same language.

    Nothing for an outcome that shares no feature with any. Of equally similar ones, the smallest IRI.
    """
    postings = _Postings(holder)
    found: dict[str, Nearest] = {}
    for outcome in target:
        scores = np.max([postings.scores(text) for text in outcome.texts] or [np.zeros(1)], axis=0)
        best = float(scores.max(initial=0.0))
        if best > 0:
            near = np.flatnonzero(scores >= best)
            name = min(postings.outcomes[place] for place in near)
            found[outcome.iri] = Nearest(name, share(best))
    return found


class _Postings:
    """The texts of some outcomes by feature: which text has it, and how much."""

    def __init__(self, outcomes: Sequence[ComparedOutcome]) -> None:
        texts = [(outcome.iri, _vector_of(text)) for outcome in outcomes for text in outcome.texts]
        self.outcomes = [iri for iri, _ in texts] or [""]
        features = np.concatenate([np.zeros(0, np.int32), *(vector.indices for _, vector in texts)])
        order = np.argsort(features, kind="stable")
        lengths = [len(vector.indices) for _, vector in texts]
        self._features = features[order]
        self._rows = np.repeat(np.arange(len(texts)), lengths)[order]
        self._values = np.concatenate([np.zeros(0), *(vector.values for _, vector in texts)])[order]

    def scores(self, text: LanguageText) -> npt.NDArray[np.float64]:
        """The similarity of `text` to each text, in the order of `outcomes`."""
        vector = _vector_of(text)
        starts = np.searchsorted(self._features, vector.indices, side="left")
        counts = np.searchsorted(self._features, vector.indices, side="right") - starts
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        places = np.repeat(starts, counts) + offsets
        products = self._values[places] * np.repeat(vector.values, counts)
        found = np.bincount(self._rows[places], weights=products, minlength=len(self.outcomes))
        return found.astype(np.float64, copy=False)


@lru_cache(maxsize=16_384)
def _vector_of(text: LanguageText) -> WordingVector:
    return wording_vector((text,))


def _block(language: str, texts: Sequence[str]) -> dict[int, float]:
    """The features of texts of one language, of length 1 together; empty where the texts have no word."""
    stems: Counter[str] = Counter()
    trigrams: Counter[str] = Counter()
    for text in texts:
        for word, stem in _words(language, text):
            stems[stem] += 1
            trigrams.update(_trigrams(word))
    found: dict[int, float] = {}
    for kind, counts in (("stem", stems), ("trigram", trigrams)):
        masses = {feature: 1 + math.log(count) for feature, count in counts.items()}
        length = math.sqrt(2 * math.fsum(mass * mass for mass in masses.values()))
        for feature, mass in masses.items():
            index = zlib.crc32(f"{language} {kind} {feature}".encode()) % DIMENSIONS
            found[index] = found.get(index, 0.0) + mass / length
    return found


def _words(language: str, text: str) -> Iterator[tuple[str, str]]:
    """The words that count in a text, each with its stem."""
    rules = languages().get(language)
    for word in exact_key(text).split():
        if rules is None:
            yield word, word
        elif word not in rules.ignored:
            yield word, rules.stem(word)


def _trigrams(word: str) -> Iterator[str]:
    marked = f"_{word}_"
    for start in range(len(marked) - _TRIGRAM + 1):
        yield marked[start : start + _TRIGRAM]
