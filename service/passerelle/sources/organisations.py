"""Decides whether a name may be published: organisations yes, natural persons never.

Certifying bodies stand in the public catalogue as the bodies that answer for a certification; by decision of this
project their names stand, unless they show a civil title or a sole trader. Partners are published only when the user
asks for it, and then only those that are recognisable as an organisation: no civil title, and a public-law SIREN (it
starts with 1 or 2) or a word of `organisation-words.tsv`. The rule errs on the side of silence: a company called by a
bare surname stays unpublished.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from passerelle.records.mapping_table import rows

_CIVIL_TITLE = re.compile(
    r"(?:^|[\s(])(?:M\.?|MM\.|MME\.?|MLLE\.?|MR\.?|MRS\.?|MS\.|MONSIEUR|MADAME|MADEMOISELLE|DR\.|MAITRE|ME\.)\s+"
    r"(?=[A-Z])"
)
_TITLE_ANYWHERE = re.compile(
    r"\b(?:MONSIEUR|MADAME|MADEMOISELLE|MME|MLLE|ENTREPRENEUR INDIVIDUEL|AUTO-?\s?ENTREPRENEUR|MICRO-?\s?ENTREPRENEUR)"
    r"\b|\bE\.?I\b"
)
_WORD = re.compile(r"[A-Z0-9]+")


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.upper())
    return "".join(character for character in decomposed if not unicodedata.combining(character)).strip()


@cache
def _words() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("organisation-words.tsv"))


def shows_a_person(name: str) -> bool:
    """Whether the name carries a civil title, or says that it is a sole trader.

    >>> shows_a_person("Mme Jeanne DUPONT"), shows_a_person("MMA FORMATION")
    (True, False)
    """
    folded = _folded(name)
    match = _CIVIL_TITLE.match(folded)
    return (match is not None and match.start() == 0) or _TITLE_ANYWHERE.search(folded) is not None


def is_organisation(name: str, siret: str) -> bool:
    """Whether name and SIRET show beyond doubt that this is no natural person.

    >>> is_organisation("LYCEE DES METIERS", "19940608300014"), is_organisation("JEANNE DUPONT", "80799265600023")
    (True, False)
    """
    if not siret or shows_a_person(name):
        return False
    return siret[0] in "12" or not _words().isdisjoint(_WORD.findall(_folded(name)))
