"""Words as a regular expression that finds them in any case, with or without their accents."""

from __future__ import annotations

import unicodedata
from functools import cache

_LETTERS = range(0xC0, 0x250)
"""The accented letters of the languages of Europe that are written in Latin script: Latin-1 and Latin Extended-A, -B."""
_UNDIVIDED = {"œ": "oe", "æ": "ae", "ø": "o", "ð": "d", "đ": "d", "ł": "l", "ß": "ss"}
"""Letters that Unicode does not take apart (Unicode Standard, chapter 7.1), and how they are written without them."""
_SAME = ("'’ʼ", " \u00a0\u202f", "-‐‑–")
"""Characters that one keyboard has and another has not."""
_OPERATORS = frozenset("\\.*+?()[]{}|^$")


def word_pattern(words: str) -> str:
    """The pattern of some words as they stand, whatever their case and accents.

    Alternatives are spelt out: no flag and no class of characters is needed, which engines take differently.
    """
    folded = _folded(words)
    found = []
    place = 0
    while place < len(folded):
        # the longer spelling first: "oe" is also written "œ"
        size = 2 if folded[place : place + 2] in _UNDIVIDED.values() else 1
        found.append(_alternatives(folded[place : place + size]))
        place += size
    return "".join(found)


def _folded(text: str) -> str:
    text = "".join(_UNDIVIDED.get(each, each) for each in unicodedata.normalize("NFC", text).lower())
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


@cache
def _spellings() -> dict[str, str]:
    """By letter without accent, the letters that it may stand for; `oe` stands for one letter, too."""
    found: dict[str, str] = {}
    for each in (*map(chr, _LETTERS), *_UNDIVIDED):
        for case in (each, each.upper()):
            if len(case) == 1 and (plain := _folded(case)) != case and case not in found.get(plain, ""):
                found[plain] = found.get(plain, "") + case
    return found


def _alternatives(written: str) -> str:
    same = next((each for each in _SAME if written in each), "")
    letters = same or (written + written.upper() if len(written) == 1 else "") + _spellings().get(written, "")
    choices = dict.fromkeys(map(_literal, letters))
    if len(written) == 2:
        choices = dict.fromkeys(["".join(map(_alternatives, written)), *choices])
    return next(iter(choices)) if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _literal(character: str) -> str:
    return f"\\{character}" if character in _OPERATORS else character
