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

import sys
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from passerelle.linking.labels import exact_key, languages, primary
from passerelle.records.compared_unit import ComparedOutcome
from passerelle.records.comparison import share
from passerelle.records.text import LanguageText

DIMENSIONS = 2**20
"""Buckets of the hash: two of a unit's thousand features share one in every second unit, which moves nothing."""

WORDS_KEPT = 2**16
"""Words whose features stay in memory, half a kilobyte each."""

_TRIGRAM = 3
_HASHES = 2**32
"""One more than the greatest CRC-32."""

Scores = npt.NDArray[np.float64]


class Nearest(NamedTuple):
    """An outcome (IRI) and the similarity of its wording, from 0 to 1, rounded as shares are."""

    outcome: str
    similarity: float


def nearest_wordings(
    holder: Sequence[ComparedOutcome], target: Sequence[ComparedOutcome]
) -> tuple[dict[str, Nearest], dict[str, Nearest]]:
    """For each outcome of `target` (IRI) the one of `holder` with the most similar text of the same language.

    Second, the other way round: for each outcome of `holder` the one of `target`. Nothing for an outcome that shares no
    feature with any. Of equally similar ones, the smallest IRI.
    """
    held, asked = ([(each.iri, text) for each in outcomes for text in each.texts] for outcomes in (holder, target))
    holders, targets = [iri for iri, _ in held], [iri for iri, _ in asked]
    scores = _scores(_Vectors([text for _, text in held]), _Vectors([text for _, text in asked]))
    return _best(targets, holders, scores), _best(holders, targets, scores.T)


def _best(rows: Sequence[str], columns: Sequence[str], scores: Scores) -> dict[str, Nearest]:
    """For the outcome of each row, which may have several, the one of the columns with the greatest score."""
    places: dict[str, list[int]] = {}
    for place, iri in enumerate(rows):
        places.setdefault(iri, []).append(place)
    found: dict[str, Nearest] = {}
    for iri, own in places.items():
        of_outcome = scores[own].max(axis=0)
        best = float(of_outcome.max(initial=0.0))
        if best > 0:
            name = min(columns[place] for place in np.flatnonzero(of_outcome >= best).tolist())
            found[iri] = Nearest(name, share(best))
    return found


class _Vectors:
    """The vectors of some texts: the `values` of `features` of the texts `rows`, in the order of text and feature."""

    def __init__(self, texts: Sequence[LanguageText]) -> None:
        self.count = len(texts)
        hashed: list[bytes] = []
        for text in texts:
            words = _features_of(text)
            hashed += b"".join(stem for stem, _ in words), b"".join(trigrams for _, trigrams in words)
        lengths = np.fromiter((len(each) for each in hashed), np.int64, len(hashed)) // 4
        codes = np.repeat(np.arange(len(hashed)) * _HASHES, lengths) + np.frombuffer(b"".join(hashed), np.uint32)
        distinct, times = np.unique(codes, return_counts=True)
        block, masses = distinct // _HASHES, 1 + np.log(times)
        squares = np.bincount(block, masses**2, minlength=len(hashed))
        self.rows = block // 2
        self.features = distinct % _HASHES % DIMENSIONS
        self.values = masses / np.sqrt(2 * squares)[block]


def _scores(held: _Vectors, asked: _Vectors) -> Scores:
    """The similarity of each text that is asked for (a row) to each that is held (a column)."""
    order = np.argsort(held.features, kind="stable")
    ordered = held.features[order]
    starts = np.searchsorted(ordered, asked.features, side="left")
    counts = np.searchsorted(ordered, asked.features, side="right") - starts
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    places = order[np.repeat(starts, counts) + offsets]
    products = held.values[places] * np.repeat(asked.values, counts)
    pairs = np.repeat(asked.rows, counts) * held.count + held.rows[places]
    found = np.bincount(pairs, weights=products, minlength=asked.count * held.count)
    return found.reshape(asked.count, held.count).astype(np.float64, copy=False)


def _features_of(text: LanguageText) -> list[tuple[bytes, bytes]]:
    """The features of each word of a text."""
    language = primary(text.language)
    return [_features(language, word) for word in exact_key(text.text).split()]


@lru_cache(maxsize=WORDS_KEPT)
def _features(language: str, word: str) -> tuple[bytes, bytes]:
    """The hashes of a word's stem and of its trigrams, four bytes each; none of a word that does not count."""
    rules = languages().get(language)
    if rules and word in rules.ignored:
        return b"", b""
    stem, marked = rules.stem(word) if rules else word, f"_{word}_"
    trigrams = (marked[start : start + _TRIGRAM] for start in range(len(marked) - _TRIGRAM + 1))
    return _hash(language, "stem", stem), b"".join(_hash(language, "trigram", each) for each in trigrams)


def _hash(language: str, kind: str, feature: str) -> bytes:
    return zlib.crc32(f"{language} {kind} {feature}".encode()).to_bytes(4, sys.byteorder)
