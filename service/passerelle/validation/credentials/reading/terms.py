"""The known term that a misspelt one stands near: by case, look-alike letters, the model's own name, two slips."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_LOOK_ALIKES = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχ" + "АВСЕНІЈКМОРЅТХаеіјкорсухԁԛѕ",
    "ABEZHIKMNOPTYXaeikvoptux" + "ABCEHIJKMOPSTXaeijkopcyxdqs",
)
_SEPARATORS = str.maketrans("", "", "-_ .\u200b\u200c\u200d\u00ad\ufeff")
_LONGEST = 64
"""Longer keys are no misspelling of a term."""


def folded(text: str) -> str:
    """`text` without what the eye does not tell apart: case, separators, invisible characters, look-alike letters.

    >>> folded("eIDASΙdentifier")  # with a Greek iota
    'eidasidentifier'
    """
    return unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKES).translate(_SEPARATORS).casefold()


def distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours from one to the other; `limit + 1` for more.

    Optimal string alignment, the restricted Damerau-Levenshtein distance.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and right == one[i - 2]:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


class TermIndex:
    """The terms of a context by what they look like and by the names of their IRIs."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        """`terms` gives the IRI of each term."""
        self._folded: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        for term, iri in terms.items():
            self._folded.setdefault(folded(term), []).append(term)
            name = iri[max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1 :]
            if name:
                self._names.setdefault(folded(name), []).append(term)

    def nearest(self, word: str, of_class: bool = False) -> str:
        """The term that `word` was most likely meant to be, or "". Classes begin with a capital, properties do not."""
        if not 1 < len(word) <= _LONGEST:
            return ""
        wanted = folded(word)
        for table in (self._folded, self._names):
            found = _first(table.get(wanted, ()), of_class)
            if found:
                return found
        limit = 2 if len(wanted) > 5 else 1 if len(wanted) > 3 else 0
        best: tuple[int, bool, str] | None = None
        for candidate, terms in self._folded.items():
            term = _first(terms, of_class)
            if not term or abs(len(candidate) - len(wanted)) > limit:
                continue
            found_distance = distance(wanted, candidate, limit)
            if found_distance <= limit:
                each = (found_distance, candidate[:1] != wanted[:1], term)
                best = each if best is None else min(best, each)
        return best[2] if best is not None else ""


def _first(terms: list[str] | tuple[str, ...], of_class: bool) -> str:
    return min((each for each in terms if each[:1].isupper() == of_class), default="")
