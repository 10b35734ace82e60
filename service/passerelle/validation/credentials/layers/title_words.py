"""Whether two French titles have next to nothing in common."""

from __future__ import annotations

import re

from passerelle.validation.credentials.layers.french_words import folded

_NUMBER = re.compile(r"RNCP\s*[0-9]+(?:\s*BC\s*[0-9]+)?|RS\s*[0-9]+", re.IGNORECASE)
_STEM = 6
"""Letters that make a word: `technicien`, `technicienne` and `techniciens` count as one."""
_SHARED = 1 / 3
"""Below this share of the shorter title's words two titles are called different; set by hand."""
_IGNORED = frozenset(
    (
        *("BLOC", "TITRE", "PROFESSIONNEL", "DIPLOME", "CERTIFICATION"),
        *("DANS", "POUR", "AVEC", "LES", "DES", "UNE", "SUR", "AUX", "PAR"),
    )
)


def differ_strongly(one: str, other: str) -> bool:
    """Whether the shorter of two French titles shares less than a third of its words with the longer.

    A title without words of its own ("RNCP 35585") says nothing, and differs from none.

    >>> differ_strongly("Technicienne de maintenance éolienne", "Technicien de maintenance d'éoliennes")
    False
    >>> differ_strongly("Assistant de direction", "Technicien de maintenance d'éoliennes")
    True
    """
    first, second = _stems(one), _stems(other)
    if not first or not second:
        return False
    return len(first & second) < _SHARED * min(len(first), len(second))


def _stems(title: str) -> frozenset[str]:
    words = folded(_NUMBER.sub(" ", title)).split()
    return frozenset(each[:_STEM] for each in words if len(each) > 2 and each not in _IGNORED)
