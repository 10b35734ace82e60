"""Under which numbers the texts of outcomes meet: the keys of `comparability.matches` without their texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from passerelle.comparability.index.unit_words import Stems
from passerelle.comparability.matches import text_keys
from passerelle.graph.unit_statements import UNDETERMINED
from passerelle.linking.labels import primary
from passerelle.records.compared_unit import ComparedOutcome
from passerelle.records.text import LanguageText


@dataclass(slots=True)
class TextKeys:
    """Numbers texts from 0; `text[n]` and `words[n]` are keys under which text `n` meets others, 0 for none.

    `languages[n]` is the primary subtag of its language, empty where the language is not determined; `stems` are those
    of its words.

    Keys are 63 bits of a hash: that any two of a million different texts share one has a chance of 1 in 10 million.
    """

    text: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    stems: Stems = field(default_factory=Stems)
    _numbers: dict[tuple[int, int, str], int] = field(default_factory=dict)

    def number(self, text: LanguageText) -> int:
        """The number of a text; texts with the same keys and the same language have the same number."""
        found = dict.fromkeys(("same-text", "same-words"), 0)
        for kind, among, wording in text_keys(ComparedOutcome("", "", (text,))):
            if kind != "same-outcome":
                found[kind] = _hash(among, wording)
        language = primary(text.language)
        key = (found["same-text"], found["same-words"], "" if language == UNDETERMINED else language)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.text)
            self.text.append(key[0])
            self.words.append(key[1])
            self.languages.append(key[2])
            self.stems.add(text)
        return number


def _hash(language: str, wording: str) -> int:
    digest = blake2b(f"{language}\n{wording}".encode(), digest_size=8).digest()
    # never 0, which is none
    return int.from_bytes(digest, "big") >> 1 or 1
