"""The sentences of a constraint, put together from the message catalogue and the table of terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from passerelle.resources import rows
from passerelle.validation.credentials.profiles.names import profile_folder
from passerelle.validation.credentials.profiles.tables import iri, local_name

_FEMININE = "f"
_VOWELS = "aeiouyàâéèêëîïôöûüœ"
_NOT_A_VOWEL = ("eu", "uni", "one")
_SPELT_AS_A_VOWEL = ("HTML",)


@dataclass(frozen=True, slots=True)
class Template:
    """A row of `messages.tsv`: sentences of one kind of constraint, with slots in braces."""

    en: str
    fr: str
    remedy_en: str
    remedy_fr: str


@dataclass(frozen=True, slots=True)
class Name:
    """A row of `terms.tsv`: how a class, a property or a list is called; nouns in the singular, without article.

    `key` is its key in a JSON file where that differs from the last part of the IRI; `gender` that of the French noun.
    """

    key: str
    en: str
    fr: str
    gender: str

    @property
    def a(self) -> str:
        """With the English indefinite article."""
        vowel = self.en[0].lower() in "aeiou" and not self.en.lower().startswith(_NOT_A_VOWEL)
        return f"{'an' if vowel or self.en.startswith(_SPELT_AS_A_VOWEL) else 'a'} {self.en}"

    @property
    def one(self) -> str:
        """The French indefinite article, which is also the number."""
        return "une" if self.gender == _FEMININE else "un"

    def french(self, masculine: str, feminine: str, elided: str) -> str:
        """With one of these in front, by gender and first letter."""
        if self.fr[0].lower() in _VOWELS:
            return elided + self.fr
        return f"{feminine if self.gender == _FEMININE else masculine} {self.fr}"


@dataclass(frozen=True, slots=True)
class Sentences:
    """Message and remedy in both languages."""

    en: str
    fr: str
    remedy_en: str
    remedy_fr: str


@cache
def templates() -> Mapping[str, Template]:
    """The message catalogue by kind of constraint; a kind in detail (`datatype.xsd:string`) goes before a plain one."""
    found = rows(profile_folder() / "messages.tsv")
    return {row["kind"]: Template(row["en"], row["fr"], row["remedy_en"], row["remedy_fr"]) for row in found}


@cache
def names() -> Mapping[str, Name]:
    """The terms by IRI; lists by the name of the official shape that demands them."""
    found = rows(profile_folder() / "terms.tsv")
    return {row["iri"]: Name(row["key"], row["en"], row["fr"], row["gender"]) for row in found}


def name(term: str) -> Name:
    """The name of a class or property, given as in the tables. Raises KeyError."""
    return names()[iri(term)]


def key(term: str, keys: str) -> str:
    """How a file writes this term: its JSON key, or (`keys` is `curie`) the CURIE."""
    if keys == "curie":
        return term
    return name(term).key or local_name(term)


def sentences(kind: str, target: str, path: str, keys: str, **slots: str) -> Sentences:
    """The sentences of a constraint of this kind on a property (`path`; empty: on the node itself) of a class.

    `slots` fill what the template asks for besides; those that end in `_fr` go before in French. Raises KeyError for a
    kind without a template, a term without a name, a slot that is not filled.
    """
    template = templates()[kind]
    english, french = _of_class(name(target)) if target else ({}, {})
    if path:
        more_english, more_french = _of_property(name(path), key(path, keys))
        english, french = {**english, **more_english}, {**french, **more_french}
    english |= slots
    french |= {each.removesuffix("_fr"): value for each, value in sorted(slots.items())}
    return Sentences(
        template.en.format_map(english),
        template.fr.format_map(french),
        template.remedy_en.format_map(english),
        template.remedy_fr.format_map(french),
    )


def listed(words: Iterable[str], last: str) -> str:
    """Words in a row with a conjunction before the last.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    """
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


def _of_class(term: Name) -> tuple[dict[str, str], dict[str, str]]:
    the = term.french("le", "la", "l'")
    return (
        {"Class": f"The {term.en}", "class": f"the {term.en}"},
        {"Class": the[0].upper() + the[1:], "of_class": term.french("du", "de la", "de l'"), "le": _pronoun(term)},
    )


def _of_property(term: Name, written: str) -> tuple[dict[str, str], dict[str, str]]:
    the = term.french("le", "la", "l'")
    english = {"Property": f"The {term.en}", "property": term.en, "a_property": term.a, "key": written}
    french = {
        "Property": the[0].upper() + the[1:],
        "property": term.fr,
        "a_property": f"{term.one} {term.fr}",
        "of_property": term.french("de", "de", "d'"),
        "one": term.one,
        "e": "e" if term.gender == _FEMININE else "",
        "le": _pronoun(term),
        "key": written,
    }
    return english, french


def _pronoun(term: Name) -> str:
    return "la" if term.gender == _FEMININE else "le"
