"""The terms of a text as the ranker sees them: words, their stems, the beginnings of words, and runs of letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from passerelle.linking.labels import exact_key, languages

Terms = tuple[str, ...]

ROOT = 5
"""Letters that stand for a family of words: `soudage`, `souder`, `soudure` share their first four or five."""

_GRAMS = (3, 4, 5)
_LONGEST_WORD = 40
"""Letters of a word that are looked at; the longest of ESCO's French labels has 27."""


@lru_cache(maxsize=65_536)
def unaccented(word: str) -> str:
    """The word without accents.

    >>> unaccented("élève")
    'eleve'
    """
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


@lru_cache(maxsize=16_384)
def words(text: str, language: str) -> Terms:
    """The words of a text in their exact form (see `linking.labels`), without the ignored ones of the language."""
    rules = languages().get(language)
    found = exact_key(text).split()
    return tuple(found if rules is None else (word for word in found if word not in rules.ignored))


def stems(text: str, language: str) -> Terms:
    """The stems of the words, in their order; the unaccented words where the language has no stemmer."""
    rules = languages().get(language)
    return tuple(rules.stem(word) if rules else unaccented(word) for word in words(text, language))


def roots(text: str, language: str) -> Terms:
    """The first letters of each word, unaccented.

    >>> roots("Soudage à l’arc", "fr")
    ('souda', 'arc')
    """
    return tuple(unaccented(word)[:ROOT] for word in words(text, language))


def grams(text: str, language: str) -> Terms:
    """The runs of three to five letters of each word with a space on either side, unaccented."""
    return tuple(gram for word in words(text, language) for gram in _grams_of(word))


@lru_cache(maxsize=65_536)
def _grams_of(word: str) -> Terms:
    padded = f" {unaccented(word)[:_LONGEST_WORD]} "
    return tuple(
        padded[start : start + size]
        for size in _GRAMS
        for start in range(max(len(padded) - size + 1, 1 if size == _GRAMS[0] else 0))
    )


Extractor = Callable[[str, str], Terms]
"""Text and language (primary subtag) to terms."""

KeyOf = Callable[[str], str]
"""A label to the key under which it meets other wordings."""
