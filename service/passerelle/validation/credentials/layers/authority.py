"""The controlled lists of the European Union that credentials draw on, each with its edition.

Read once from `data/vocabularies/authority/`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from passerelle.namespaces import COUNTRY, expand
from passerelle.resources import folder, rows

_NEAR = 0.72
"""How alike codes must be for one to be offered in place of the other (0 to 1); by hand on typical slips."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a list. `tag` is the BCP 47 tag of a language; `framework` and `eqf` belong to levels of an NQF.

    `eqf` is the EQF level that the country's referencing report relates it to; "" where none is known, and for a
    framework as a whole, which has no `framework` of its own.
    """

    code: str
    label: str
    tag: str = ""
    framework: str = ""
    eqf: str = ""


@dataclass(frozen=True, slots=True)
class AuthorityList:
    """A list by its namespace. `edition` and `members` are empty where we do not hold it; `closed`: none will come.

    `name` is its key among ours, `name_en` and `name_fr` are what people call it. `also` are the members by other
    codes in capitals: ISO 639-1 and 639-2/B of languages, ISO 3166-1 alpha-2 of countries.
    """

    name: str
    name_en: str
    name_fr: str
    namespace: str
    scheme: str
    edition: str
    closed: bool
    members: Mapping[str, Member] = field(repr=False)
    also: Mapping[str, str] = field(repr=False)

    @property
    def names(self) -> Mapping[str, str]:
        """What people call it, as parameters of a sentence with `{list}`."""
        return {"list": self.name, "list_en": self.name_en, "list_fr": self.name_fr}

    @property
    def held(self) -> bool:
        """Whether membership can be told."""
        return bool(self.members)

    def member(self, iri: str) -> Member | None:
        """The member of this IRI, None for any other IRI."""
        return self.members.get(iri[len(self.namespace) :]) if iri.startswith(self.namespace) else None

    def nearest(self, iri: str) -> str:
        """The IRI of the member that was probably meant, "" where none is near."""
        code = iri.removeprefix(self.namespace.rstrip("/")).lstrip("/")
        code = code if code != iri else iri.rpartition("/")[2].rpartition("#")[2]
        known = self.also.get(code.upper()) or next((each for each in self.members if each.lower() == code.lower()), "")
        if not known:
            near = difflib.get_close_matches(code, self.members, 5, _NEAR)
            # 0718 is a slip of 0788 rather than of 078
            near.sort(key=lambda each: len(each) != len(code))
            bare = code.lstrip("0")
            known = bare if bare in self.members else next(iter(near), "")
        return self.namespace + known if known else ""

    def is_scheme(self, iri: str) -> bool:
        """Whether this names the list itself: its scheme, or the forms of it without version or with a slash."""
        return iri == self.scheme or iri.rstrip("/") == self.namespace.rstrip("/")


@dataclass(frozen=True, slots=True)
class Use:
    """The lists that a property takes its values from; `bound`: the official profile with vocabularies demands it."""

    lists: tuple[str, ...]
    bound: bool


@cache
def lists() -> Mapping[str, AuthorityList]:
    """All lists by name, those that we do not hold included."""
    return {row["list"]: _list(row) for row in _rows("index")}


@cache
def namespaces() -> Mapping[str, AuthorityList]:
    """All lists by their namespace without its last slash: what stands before the last slash of a member's IRI."""
    return {each.namespace[:-1]: each for each in lists().values()}


@cache
def schemes() -> Mapping[str, AuthorityList]:
    """The lists that we hold, by scheme."""
    return {each.scheme: each for each in lists().values() if each.held}


@cache
def uses() -> Mapping[str, Mapping[str, Use]]:
    """For each property the use by class of its subject, "" for any class."""
    found: dict[str, dict[str, Use]] = {}
    for row in _rows("uses"):
        of_class = "" if row["class"] == "*" else expand(row["class"])
        use = Use(tuple(row["lists"].split(",")), row["bound"] == "yes")
        found.setdefault(expand(row["property"]), {})[of_class] = use
    return found


@cache
def editions() -> Mapping[str, str]:
    """The edition of each list that we hold, by the name of the list."""
    return {each.name: each.edition for each in lists().values() if each.held}


def language_tag(iri: str) -> str:
    """The BCP 47 tag of a language of the authority table: two letters where there are, "" for what we do not hold."""
    member = lists()["language"].member(iri)
    return (member.tag or member.code.lower()) if member else ""


def _list(row: Mapping[str, str]) -> AuthorityList:
    members = {}
    also = _country_codes() if row["list"] == "country" else {}
    if row["edition"]:
        for each in _rows(row["list"]):
            further = (each.get(column, "") for column in ("tag", "framework", "eqf"))
            members[each["code"]] = Member(each["code"], each["label_en"], *further)
            if each.get("also"):
                also[each["also"]] = each["code"]
            if each.get("tag"):
                also.setdefault(each["tag"].upper(), each["code"])
    return AuthorityList(
        row["list"],
        row["name_en"],
        row["name_fr"],
        row["namespace"],
        row["scheme"],
        row["edition"],
        row["closed"] == "yes",
        members,
        also,
    )


def _country_codes() -> dict[str, str]:
    """The members of the list of countries by the two letters of ISO 3166-1, and by EL and UK, which the Union uses."""
    return {row["alpha2"]: row["iri"].removeprefix(COUNTRY) for row in rows(folder("mappings") / "countries.tsv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    return rows(folder("data") / "vocabularies" / "authority" / f"{name}.tsv")
