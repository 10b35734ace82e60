"""Texts with a language, codes with a label, and the identity of a learning outcome."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

NORMALISATION_VERSION = "1"
"""Changes whenever `normalised` changes; stands in every manifest, because reviews key on the hash."""

_BULLET = re.compile(
    r"""^(?:
        [\s•●▪■◦‣–—·*\-]+                                     # bullets and dashes
      # parts are told apart by a dot or a letter, so that no run of digits can be cut in two ways (linear time)
      | \(?(?:[A-Z]{1,3}\.?)?\d{1,4}(?:(?:\.|\.?[A-Z]{1,2}\.?)\d{1,4}){0,6}\s?  # 1, C1.2, A1C1, A5.C1, C.10 …
        (?: (?:[.):]+|[–—-])(?=\s) | [.)](?=[A-ZÀ-Ý]) )                       # … with a closing mark
      | \(?(?:[A-Z]{1,3}\.)?\d{1,4}(?:\.\d{1,4}){1,6}\.?(?=\s)                # 1.1.2
      | [a-z]\)\s                                              # a)
      | o\s+(?=\S)                                             # the sub-item mark of older fiches
    )+""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class LanguageText:
    """A text and its BCP 47 language tag."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a nomenclature and the label that the source gives with it (empty where it gives none)."""

    code: str
    label: str = ""


@lru_cache(maxsize=1024)
def normalised(text: str) -> str:
    """The text of an outcome as its identity sees it: NFKC, bullets and numbering stripped, white space folded.

    Case and accents are kept. Source: design, "Identity"; versioned by NORMALISATION_VERSION.

    >>> normalised("  •  C1.2 :  Souder\\u00a0 un câble ;")
    'Souder un câble ;'
    """
    folded = _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    while True:
        stripped = _BULLET.sub("", folded, count=1).strip()
        if stripped == folded or not stripped:
            return folded
        folded = stripped


def outcome_hash(text: str, language: str) -> str:
    """The hash part of an outcome's identity: 32 hexadecimal digits of SHA-256 over normalised text and language."""
    return hashlib.sha256(f"{normalised(text)}\n{language.lower()}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One learning outcome as its source words it.

    `number` is the source's own numbering ("C1.2"), kept for display only: identity is unit plus hash, never position.
    `skills` are ESCO IRIs that the issuer itself declares. `iri` is set where the source gives a global IRI.
    """

    text: str
    language: str
    number: str = ""
    skills: tuple[str, ...] = ()
    iri: str = ""

    @property
    def hash(self) -> str:
        """See `outcome_hash`."""
        return outcome_hash(self.text, self.language)
