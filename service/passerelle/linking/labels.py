"""When two wordings count as the same: the keys under which labels and outcomes meet.

Exact key: NFKC, bullets and numbering stripped, case folded, every run of characters other than letters, digits, `+`
and `#` taken as one space. Accents are kept: in French they tell words apart (`côté`, `coté`).

Near key: the words of the exact key without the ignored words of the language (`mappings/label-languages.tsv`:
articles, infinitive markers, the commonest prepositions, `and`; never a negation), each reduced to its Snowball stem
and its unaccented form (capitals are often written without accents), sorted, each once. Order and inflection no longer
count. Languages without a row have no near key.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

import snowballstemmer

from passerelle.records.mapping_table import rows
from passerelle.records.text import normalised

_WORD = re.compile(r"[^\W_][^\W_+#]*[+#]*")


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """A row of `mappings/label-languages.tsv`: Snowball algorithm and ignored words, in their exact form."""

    stemmer: str
    ignored: frozenset[str]
    stems: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def stem(self, word: str) -> str:
        """The unaccented stem; each word is stemmed once, because the stemmers are slow (30 µs a word)."""
        found = self.stems.get(word)
        if found is None:
            stemmed = snowballstemmer.stemmer(self.stemmer).stemWord(word)
            decomposed = unicodedata.normalize("NFD", stemmed)
            found = "".join(each for each in decomposed if not unicodedata.combining(each))
            self.stems[word] = found
        return found


@cache
def languages() -> dict[str, LanguageRules]:
    """The rules by primary language subtag."""
    return {
        row["language"]: LanguageRules(row["stemmer"], frozenset(word.casefold() for word in row["ignored"].split()))
        for row in rows("label-languages.tsv")
    }


def primary(tag: str) -> str:
    """The primary subtag of a BCP 47 tag, in lower case.

    >>> primary("fr-BE")
    'fr'
    """
    return tag.partition("-")[0].lower()


def exact_key(text: str) -> str:
    """The exact key of a wording; empty where it has no word.

    >>> exact_key("  • C1.2 : Souder un câble ;")
    'souder un câble'
    """
    return " ".join(_WORD.findall(normalised(text).casefold()))


def near_key(exact: str, language: str) -> str:
    """The near key of an exact key in a language (primary subtag); empty where there is none.

    >>> near_key("souder les câbles", "fr") == near_key("souder un câble", "fr")
    True
    """
    rules = languages().get(language)
    if rules is None:
        return ""
    return " ".join(sorted({rules.stem(word) for word in exact.split() if word not in rules.ignored}))
