"""French names and titles reduced to the words that tell them apart."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[A-Z0-9]+")


def folded(name: str) -> str:
    """The words of a name in capitals without accents.

    >>> folded("Ministère de l’Énergie (démo)")
    'MINISTERE DE L ENERGIE DEMO'
    """
    decomposed = unicodedata.normalize("NFKD", name.upper())
    return " ".join(_WORD.findall("".join(each for each in decomposed if not unicodedata.combining(each))))
