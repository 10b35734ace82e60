"""Words as a regular expression that finds them in any case, with or without their accents."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import chain

_UNDIVIDED = {"œ": "oe", "æ": "ae", "ø": "o", "ð": "d", "đ": "d", "ł": "l", "ß": "ss"}
"""Letters that Unicode does not take apart (Unicode Standard, 7.1), and how they are written without them."""
_PAIRS = frozenset(each for each in _UNDIVIDED.values() if len(each) > 1)
_SAME = ("'’ʼ", " \u00a0\u202f", "-‐‑–")
"""Characters that one keyboard has and another has not."""
_OPERATORS = frozenset("\\.*+?()[]{}|^$")


def word_pattern(words: str) -> str:
    """The pattern of some words as they stand, whatever their case and accents.

    Alternatives are spelt out: no flag and no class of characters is needed, which engines take differently.
    """
    plain = _plain_letters()
    text = "".join(plain.get(each, each) for each in unicodedata.normalize("NFC", words).lower())
    found = []
    place = 0
    while place < len(text):
        size = 2 if text[place : place + 2] in _PAIRS else 1
        found.append(_spelt(text[place : place + size]))
        place += size
    return "".join(found)


@cache
def _plain_letters() -> dict[str, str]:
    """Small letters with an accent, of the alphabets of Europe (Latin, Greek, Cyrillic), and the same without it."""
    letters = (chr(each).lower() for each in chain(range(0xC0, 0x220), range(0x370, 0x460)))
    divided = {each: unicodedata.normalize("NFD", each) for each in letters if len(each) == 1}
    return {each: parts[0] for each, parts in divided.items() if len(parts) > 1} | _UNDIVIDED


@cache
def _letters_of(plain: str) -> str:
    """The letters that can stand for a plain one, or for a pair, in both cases."""
    accented = [each for each, same in _plain_letters().items() if same == plain]
    alone = [plain] if len(plain) == 1 else []
    cases = chain.from_iterable((each, each.upper()) for each in [*alone, *accented])
    return "".join(dict.fromkeys(each for each in cases if len(each) == 1))


def _spelt(text: str) -> str:
    same = next((each for each in _SAME if text in each), "")
    choices = [f"\\{each}" if each in _OPERATORS else each for each in same or _letters_of(text)]
    if len(text) == 2:
        choices.insert(0, "".join(map(_spelt, text)))
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
