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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from passerelle.linking.labels import exact_key, languages, primary
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit
from passerelle.records.comparison import share
from passerelle.records.text import LanguageText

DIMENSIONS = 2**20
"""Buckets of the hash: two of a unit's thousand features share one in every second unit, which moves nothing."""

WORDS_KEPT = 2**16
"""Words whose features stay in memory, half a kilobyte each."""

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
    indices = np.fromiter(masses, np.int32, len(masses))
    order = np.argsort(indices)
    values = np.fromiter(masses.values(), np.float64, len(masses))
    return WordingVector(indices[order], values[order], frozenset(present))


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
    held, asked = _Texts(holder), _Texts(target)
    scores = held.scores(asked)
    found: dict[str, Nearest] = {}
    for outcome, places in asked.places.items():
        of_outcome = scores[places].max(axis=0)
        best = float(of_outcome.max(initial=0.0))
        if best > 0:
            name = min(held.outcomes[place] for place in np.flatnonzero(of_outcome >= best))
            found[outcome] = Nearest(name, share(best))
    return found


class _Texts:
    """The texts of some outcomes: `outcomes` names that of each text, `places` the texts of each outcome."""

    def __init__(self, outcomes: Sequence[ComparedOutcome]) -> None:
        texts = [(outcome.iri, _vector_of(text)) for outcome in outcomes for text in outcome.texts]
        self.outcomes = [iri for iri, _ in texts]
        self.places: dict[str, list[int]] = {}
        for place, iri in enumerate(self.outcomes):
            self.places.setdefault(iri, []).append(place)
        self._rows = np.repeat(np.arange(len(texts)), [len(vector.indices) for _, vector in texts])
        self._features = np.concatenate([np.zeros(0, np.int32), *(vector.indices for _, vector in texts)])
        self._values = np.concatenate([np.zeros(0), *(vector.values for _, vector in texts)])

    def scores(self, others: _Texts) -> npt.NDArray[np.float64]:
        """The similarity of each text of `others` (a row) to each of these (a column)."""
        order = np.argsort(self._features, kind="stable")
        starts = np.searchsorted(self._features[order], others._features, side="left")
        counts = np.searchsorted(self._features[order], others._features, side="right") - starts
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        places = order[np.repeat(starts, counts) + offsets]
        products = self._values[places] * np.repeat(others._values, counts)
        shape = len(others.outcomes), len(self.outcomes)
        pairs = np.repeat(others._rows, counts) * shape[1] + self._rows[places]
        found = np.bincount(pairs, weights=products, minlength=shape[0] * shape[1])
        return found.reshape(shape).astype(np.float64, copy=False)


@lru_cache(maxsize=16_384)
def _vector_of(text: LanguageText) -> WordingVector:
    return wording_vector((text,))


def _block(language: str, texts: Sequence[str]) -> dict[int, float]:
    """The features of texts of one language, of length 1 together; empty where the texts have no word."""
    words = [_features(language, word, stem) for text in texts for word, stem in _words(language, text)]
    found: dict[int, float] = {}
    for counts in (Counter(stem for stem, _ in words), Counter(chain.from_iterable(each for _, each in words))):
        masses = [1 + math.log(count) for count in counts.values()]
        length = math.sqrt(2 * math.fsum(mass * mass for mass in masses))
        for feature, mass in zip(counts, masses, strict=True):
            index = feature % DIMENSIONS
            found[index] = found.get(index, 0.0) + mass / length
    return found


@lru_cache(maxsize=WORDS_KEPT)
def _features(language: str, word: str, stem: str) -> tuple[int, tuple[int, ...]]:
    """The hashes of a word's stem and of its trigrams."""
    marked = f"_{word}_"
    trigrams = (marked[start : start + _TRIGRAM] for start in range(len(marked) - _TRIGRAM + 1))
    return _hash(language, "stem", stem), tuple(_hash(language, "trigram", each) for each in trigrams)


def _hash(language: str, kind: str, feature: str) -> int:
    return zlib.crc32(f"{language} {kind} {feature}".encode())


def _words(language: str, text: str) -> list[tuple[str, str]]:
    """The words that count in a text, each with its stem."""
    rules = languages().get(language)
    words = exact_key(text).split()
    if rules is None:
        return [(word, word) for word in words]
    return [(word, rules.stem(word)) for word in words if word not in rules.ignored]
