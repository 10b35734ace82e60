"""Names of things, looked up in the release that is served: one bounded query a page, and a page can do without."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from passerelle.errors import CapacityError
from passerelle.graph.thing_document import Row
from passerelle.messages import Language
from passerelle.namespaces import PREFIXES, VOCABULARY, expand
from passerelle.records.iri import is_iri
from passerelle.records.national_levels import national_level_name
from passerelle.records.unit_tables import Country, countries
from passerelle.web.releases.publication import Served
from passerelle.web.responses.answers import results

THINGS_ASKED = 400
"""Things that one page or document asks the names of; a page shows further ones by their short form."""

LABELLING = ("skos:prefLabel", "dcterms:title", "rdfs:label", "foaf:name")
"""Properties that name a thing, in the order of preference."""

_LABELS_READ = 20_000
_LOG = logging.getLogger(__name__)
# an identifier names what has no title, such as a catalogue record
_NAMING = (*LABELLING, "dcterms:identifier")


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its language tag (empty: none stated)."""

    text: str
    language: str


Names = Mapping[str, tuple[Name, ...]]
"""Names by IRI, the preferred kind of name first; a thing without a name is missing."""


def names_of(served: Served, things: Iterable[str]) -> Names:
    """The names of the first THINGS_ASKED of `things` (IRIs) in all languages.

    A service under load still answers the question itself, so nothing is raised when it has no time for names.
    """
    things = tuple(things)
    try:
        rows = labels_of(served, things, _NAMING)
    except CapacityError as error:
        _LOG.warning("names of things left out: %s", error.message_id)
        return {}
    rank = {expand(name): position for position, name in enumerate(_NAMING)}
    found: dict[str, set[tuple[int, str, str]]] = {}
    for row in rows:
        name = row["value"]
        entry = (rank[row["property"]["value"]], name["value"], name.get("xml:lang", ""))
        found.setdefault(row["subject"]["value"], set()).add(entry)
    names = {thing: tuple(Name(text, tag) for _, text, tag in sorted(entries)) for thing, entries in found.items()}
    listed = {thing: national_level_name(thing) for thing in things if thing not in names}
    return names | {thing: (Name(level.text, level.language),) for thing, level in listed.items() if level}


def labels_of(served: Served, things: Iterable[str], properties: Sequence[str] = LABELLING) -> Sequence[Row]:
    """The labels of the first THINGS_ASKED of `things` (IRIs), as each graph states them by these properties (CURIEs).

    Raises what `Backend.run` raises, and AnswerTooLarge.
    """
    asked = [thing for thing in dict.fromkeys(things) if is_iri(thing)][:THINGS_ASKED]
    if not asked:
        return ()
    # a UNION and not a second VALUES: with that, the engine takes seven seconds instead of a twentieth of one
    labels = " UNION ".join(
        f"{{ GRAPH ?graph {{ ?subject <{expand(name)}> ?value }} BIND(<{expand(name)}> AS ?property) }}"
        for name in properties
    )
    listed = " ".join(f"<{thing}>" for thing in asked)
    query = (
        f"SELECT ?subject ?property ?value ?graph WHERE {{ VALUES ?subject {{ {listed} }} {labels} "
        f"FILTER(ISLITERAL(?value)) }} LIMIT {_LABELS_READ}"
    )
    rows: Sequence[Row] = results(served, query)["results"]["bindings"]
    return rows


def chosen(names: tuple[Name, ...], *preferred: str) -> Name | None:
    """The name in the first of the preferred languages that has one, else of the preferred kind in any language."""
    for language in preferred:
        for name in names:
            if name.language.partition("-")[0].lower() == language:
                return name
    return names[0] if names else None


class CountriesOfRelease:
    """The countries that a release has units or learning activities of; asked once for each release. Thread-safe."""

    def __init__(self) -> None:
        self._known: tuple[str, tuple[Country, ...]] = ("", ())

    def of(self, served: Served, language: Language) -> tuple[Country, ...]:
        """Sorted by name; none while the service has no time to look them up."""
        release, found = self._known
        if release != served.identifier:
            # without a lock: to look them up twice is cheaper than to let every page wait for one that is slow
            try:
                found = _countries(served)
            except CapacityError as error:
                _LOG.warning("list of countries left out: %s", error.message_id)
                return ()
            self._known = (served.identifier, found)
        return tuple(sorted(found, key=lambda country: sorting_key(country_name(country, language))))


def country_name(country: Country, language: Language) -> str:
    """What a country is called."""
    return country.label_fr if language == "fr" else country.label_en


def is_concept(iri: str) -> bool:
    """Whether an IRI is a value of a shared vocabulary: its name says all that a reader of a table needs."""
    shared = ("http://publications.europa.eu/resource/authority/", "http://data.europa.eu/snb/")
    return iri.startswith((VOCABULARY, PREFIXES["skos"], PREFIXES["semapv"], *shared))


def _countries(served: Served) -> tuple[Country, ...]:
    known = {country.iri: country for country in countries().values()}
    # one EXISTS for each class: a list of classes inside makes the engine read all units for every country
    found = " || ".join(
        f"EXISTS {{ ?unit <{expand('dcterms:spatial')}> ?country . ?unit a <{expand(name)}> }}"
        for name in ("psl:ComparableSpecification", "psl:LearningActivity")
    )
    query = f"SELECT ?country WHERE {{ VALUES ?country {{ {' '.join(f'<{iri}>' for iri in known)} }} FILTER({found}) }}"
    return tuple(known[row["country"]["value"]] for row in results(served, query)["results"]["bindings"])


def sorting_key(text: str) -> str:
    """`text` for sorting, accents and case aside."""
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().lower()
