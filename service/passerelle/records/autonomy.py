"""Finds, in a text, the sentences whose wording speaks of autonomy or responsibility, and gives them as they stand.

A match of phrases (`mappings/autonomy-phrases.tsv`) and nothing else: neither how much autonomy, nor whose.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from passerelle.records.mapping_table import rows

_SENTENCE_END = re.compile(r"(?<=[.;!?…])\s+|\s*[\n\r\u2022\u25aa\uf0b7]+\s*|\s{3,}|\s+[-–—]\s+(?=[A-ZÀ-Ý])")
_APOSTROPHES = "’ʼ`"


def autonomy_sentences(text: str, language: str) -> Iterator[str]:
    """The sentences of `text` that hold a phrase of its language (BCP 47 tag), each once, in their order."""
    phrases = _phrases(language.partition("-")[0].lower())
    whole = _folded(text)
    # patterns and sentences cost much more than to see that no word of a phrase occurs, as in most texts
    occurring = [word for word in phrases if word in whole]
    if not occurring:
        return
    for sentence in dict.fromkeys(" ".join(each.split()) for each in _SENTENCE_END.split(text)):
        folded = _folded(sentence)
        if any(word in folded and phrases[word].search(folded) for word in occurring):
            yield sentence


def _folded(text: str) -> str:
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    return text.lower()


@cache
def _phrases(language: str) -> dict[str, re.Pattern[str]]:
    """The phrases of a language as a pattern, by the longest word of each."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for row in rows("autonomy-phrases.tsv"):
        if row["language"] == language:
            by_word[max(row["phrase"].removesuffix("*").split(), key=len)].append(row["phrase"])
    return {word: re.compile("|".join(map(_phrase, phrases))) for word, phrases in by_word.items()}


def _phrase(phrase: str) -> str:
    body = re.escape(phrase.removesuffix("*")).replace(r"\ ", r"\s+")
    # after an elision (l') no word boundary stands, and a star leaves the end of the word open
    end = "" if phrase.endswith(("*", "'")) else r"(?!\w)"
    return rf"(?<!\w){body}{end}"
