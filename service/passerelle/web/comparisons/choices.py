"""What the forms offer: purposes, kinds of units, countries of the release, and units by words of their title."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.errors import ParameterError
from passerelle.messages import Language
from passerelle.namespaces import VOCABULARY, Minting
from passerelle.queries import named_query
from passerelle.records.unit_tables import unit_kinds
from passerelle.web.questions.labels import CountriesOfRelease, chosen, country_name, names_of
from passerelle.web.questions.tables import short_form
from passerelle.web.releases.publication import Served
from passerelle.web.responses.answers import results

UNITS_OFFERED = 25
"""Units that a search by title offers; who finds more takes more words."""


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit that a search found: what it is called, what it is, and how a form names it."""

    name: str
    title: str
    about: str


class CountryChoices:
    """The countries of a release with their names; looked up once for each. Thread-safe."""

    def __init__(self) -> None:
        self._countries = CountriesOfRelease()

    def of(self, served: Served, language: Language) -> tuple[tuple[str, str], ...]:
        """Code and name of each country."""
        return tuple((each.alpha2, country_name(each, language)) for each in self._countries.of(served, language))


class KindsOfUnits:
    """The kinds of units with their labels; looked up once for each release and language. Thread-safe."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Language], tuple[tuple[str, str], ...]] = {}

    def of(self, served: Served, language: Language) -> tuple[tuple[str, str], ...]:
        """Name and label of each kind."""
        key = (served.identifier, language)
        found = self._known.get(key)
        if found is None:
            names = names_of(served, [f"{VOCABULARY}unit-kind/{kind}" for kind in unit_kinds()])
            labels = {kind: chosen(names.get(f"{VOCABULARY}unit-kind/{kind}", ()), language) for kind in unit_kinds()}
            found = tuple((kind, name.text if name else kind) for kind, name in labels.items())
            if names:  # a service without time for names is asked again
                self._known = {key: found}
        return found


def units_titled(served: Served, words: str, language: Language) -> tuple[FoundUnit, ...]:
    """The units whose title has these words as they stand; none for words that are no question."""
    query = named_query("units-by-title")
    try:
        text = query.bind({"words": words, "limit": str(UNITS_OFFERED)}, served.manifest.base)
    except ParameterError:
        return ()
    rows = results(served, text)["results"]["bindings"]
    names = names_of(served, {row[name]["value"] for row in rows for name in ("country", "kind") if name in row})
    found: dict[str, FoundUnit] = {}
    for row in rows:
        iri = row["unit"]["value"]
        said = [row[name]["value"] for name in ("kind", "country") if name in row]
        about = [label.text for label in (chosen(names.get(each, ()), language, "en") for each in said) if label]
        short = short_form(iri, served.manifest.base)
        # what a form shows may be taken back by it only where it is the identifier of one of ours
        name = short if iri.startswith(Minting(served.manifest.base).identifier()) else iri
        found.setdefault(iri, FoundUnit(name, row["title"]["value"], ", ".join([short, *about])))
    return tuple(found.values())
