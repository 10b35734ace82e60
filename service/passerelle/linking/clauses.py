"""Cuts long outcomes: the skill of "Réaliser la maintenance, en respectant …, afin de …" stands in the main clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from passerelle.linking.terms import words
from passerelle.records.mapping_table import rows
from passerelle.records.text import normalised

LONG = 12
"""Words, without the ignored ones, above which a text is cut; of the French evaluation texts 99 in 100 have fewer."""

_LEAST = 2
"""Words that a clause must have to be ranked by itself."""

_MOST = 6
"""Clauses of a text that are ranked: the longest real outcomes list a dozen, and the first ones tell."""

_MARK = re.compile(r"\s*[;:,.()\u2013\u2014]+(?=\s|$)|\s+-\s+|\n+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text; `main` unless an opener of `mappings/clause-openers.tsv` makes it a circumstance."""

    text: str
    main: bool


@lru_cache(maxsize=1_024)
def clauses(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses of a long text in their order, at most _MOST; none for a short text, or one that cannot be cut.

    >>> [each.text for each in clauses("Réaliser la maintenance préventive et corrective d’une éolienne terrestre en "
    ...     "appliquant les consignes de sécurité du site afin de garantir la disponibilité du parc", "fr")]
    ['Réaliser la maintenance préventive et corrective d’une éolienne terrestre', 'en appliquant les consignes de \
sécurité du site', 'afin de garantir la disponibilité du parc']
    """
    if len(words(text, language)) <= LONG:
        return ()
    opener = _opener(language)
    found: list[Clause] = []
    for piece in _MARK.split(normalised(text).replace("'", "’")):
        for part in opener.split(piece) if opener else [piece]:
            kept = part.strip()
            if len(words(kept, language)) >= _LEAST:
                found.append(Clause(kept, not (opener and opener.match(f" {kept}"))))
    return tuple(found[:_MOST]) if len(found) > 1 else ()


@cache
def _opener(language: str) -> re.Pattern[str] | None:
    """Matches the space before an opener of the language; None where none is known."""
    known = [row["opener"] for row in rows("clause-openers.tsv") if row["language"] == language]
    if not known:
        return None
    # "en" opens a clause before a gerund alone: "en appliquant", not "en bois"
    written = [r"en(?= \w+ant\b)" if (language, each) == ("fr", "en") else re.escape(each) for each in known]
    return re.compile(r"\s+(?=(?:" + "|".join(sorted(written, key=len, reverse=True)) + r")\b)", re.IGNORECASE)
