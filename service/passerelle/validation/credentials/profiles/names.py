"""The profiles by name: what each consists of, and which one an address declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from passerelle.errors import ParameterError
from passerelle.namespaces import expand
from passerelle.resources import folder, rows

PROFILES = (
    "edc-generic-no-cv",
    "edc-generic-full",
    "edc-accredited",
    "edc-converted",
    "edc-issued-by-mandate",
    "edc-diploma-supplement",
    "loq",
    "loq-mdr",
    "ams",
    "ams-mdr",
    "open-badges-3",
)
"""What `--profile` accepts, the general ones first."""


@dataclass(frozen=True, slots=True)
class ProfileDescription:
    """A row of `profiles.tsv`.

    `prefix` follows `ELM-` in the codes of its rules; `base` is the profile that it adds to, empty for none; `iri` its
    official address; `keys` how its sentences name properties: `json` by the key in a JSON file, `curie` by the IRI;
    `about` the classes of what a file must hold to be checked against it, as CURIEs with spaces between.
    """

    name: str
    prefix: str
    base: str
    iri: str
    keys: str
    en: str
    fr: str
    version: str
    about: str

    @property
    def is_official(self) -> bool:
        """Whether the Commission publishes shapes for it; without them there is no official verdict."""
        return self.iri.startswith("http://data.europa.eu/")


def profile_folder() -> Path:
    """Where tables, words and generated shapes stand."""
    return folder("shapes") / "credential" / "profile"


@cache
def descriptions() -> Mapping[str, ProfileDescription]:
    """Every profile by its name, in the order of `PROFILES`."""
    return {row["name"]: ProfileDescription(**row) for row in rows(profile_folder() / "profiles.tsv")}


@cache
def classes_of(profile: str) -> frozenset[str]:
    """The classes that a profile is about: where a file has none of them, its shapes say nothing at all."""
    return frozenset(map(expand, descriptions()[profile].about.split()))


def components(profile: str) -> tuple[str, ...]:
    """The profiles that one consists of, the most general first and itself last. Raises ParameterError."""
    if profile not in descriptions():
        raise ParameterError("profile-unknown", name=profile, names=", ".join(PROFILES))
    base = descriptions()[profile].base
    return (*(components(base) if base else ()), profile)


def specialisations(profile: str) -> tuple[str, ...]:
    """The profiles that add to this one, near ones first."""
    return tuple(each for each in PROFILES if each != profile and profile in components(each))


def declared_profile(addresses: Iterable[str]) -> str | None:
    """The profile that these addresses declare: the narrowest, where several are known; None where none is.

    Official addresses and known aliases stand in `addresses.tsv`; https and a slash or `#` at the end do not matter.
    """
    known = (_addresses().get(_plain(each)) for each in addresses)
    return max((each for each in known if each is not None), key=lambda name: len(components(name)), default=None)


@cache
def _addresses() -> Mapping[str, str]:
    return {_plain(row["address"]): row["profile"] for row in rows(profile_folder() / "addresses.tsv")}


def _plain(address: str) -> str:
    return address.strip().rstrip("/#").replace("https://", "http://", 1)


def profile_of(code: str) -> str:
    """The profile whose shapes state the rule of this code, empty for a rule of no profile."""
    stated = [each for each in descriptions().values() if code.startswith(f"ELM-{each.prefix}-")]
    return max(stated, key=lambda each: len(each.prefix)).name if stated else ""
