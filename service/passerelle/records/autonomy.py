"""Finds, in a text, the sentences whose wording speaks of autonomy or responsibility, and gives them as they stand.

A match of phrases (`mappings/autonomy-phrases.tsv`) and nothing else: neither how much autonomy, nor whose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from passerelle.records.mapping_table import rows

_SENTENCE_END = re.compile(r"(?<=[.;!?…])\s+|\s*[\n\r\u2022\u25aa\uf0b7]+\s*|\s{3,}|\s+[-–—]\s+(?=[A-ZÀ-Ý])")
_APOSTROPHES = str.maketrans("’ʼ`", "'''")


def autonomy_sentences(text: str, language: str) -> Iterator[str]:
    """The sentences of `text` that hold a phrase of its language (BCP 47 tag), each once, in their order."""
    pattern = _pattern(language.partition("-")[0].lower())
    if pattern is None:
        return
    shown = dict.fromkeys(" ".join(each.split()) for each in _SENTENCE_END.split(text))
    yield from (each for each in shown if pattern.search(each.translate(_APOSTROPHES).lower()))


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    phrases = [row["phrase"] for row in rows("autonomy-phrases.tsv") if row["language"] == language]
    return re.compile("|".join(map(_phrase, phrases))) if phrases else None


def _phrase(phrase: str) -> str:
    body = re.escape(phrase.removesuffix("*")).replace(r"\ ", r"\s+")
    # after an elision (l') no word boundary stands, and a star leaves the end of the word open
    end = "" if phrase.endswith(("*", "'")) else r"(?!\w)"
    return rf"(?<!\w){body}{end}"
