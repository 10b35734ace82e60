"""Under which numbers the texts of outcomes meet: the keys of `comparability.matches` without their texts."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from hashlib import blake2b
from sys import intern

from passerelle.comparability.index.unit_words import Stems
from passerelle.comparability.matches import words_of
from passerelle.graph.unit_statements import UNDETERMINED
from passerelle.linking.labels import primary
from passerelle.records.text import LanguageText, normalised


@dataclass(slots=True)
class TextKeys:
    """Numbers texts from 0; `text[n]` and `words[n]` are keys under which text `n` meets others, 0 for none.

    `languages[n]` is the primary subtag of its language, empty where the language is not determined; `stems` are those
    of its words.

    Keys are 63 bits of a hash: that any two of a million different texts share one has a chance of 1 in 10 million.
    """

    text: array[int] = field(default_factory=lambda: array("q"))
    words: array[int] = field(default_factory=lambda: array("q"))
    languages: list[str] = field(default_factory=list)
    stems: Stems = field(default_factory=Stems)
    _numbers: dict[int, int] = field(default_factory=dict)

    def number(self, text: LanguageText) -> int:
        """The number of a text; texts of one language with the same normalised form have the same number."""
        language, identity = intern(primary(text.language)), normalised(text.text)
        key = _hash(language, identity)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.text)
            words = words_of(text)
            self.text.append(key if identity else 0)
            self.words.append(_hash(language, words) if words else 0)
            self.languages.append("" if language == UNDETERMINED else language)
            self.stems.add(text)
        return number


def _hash(language: str, wording: str) -> int:
    digest = blake2b(f"{language}\n{wording}".encode(), digest_size=8).digest()
    # never 0, which is none
    return int.from_bytes(digest, "big") >> 1 or 1
