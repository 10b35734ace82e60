"""Reads the tables of an index from a store: units, outcomes, links and the keys by which texts meet.

There may be a million outcomes and as many links: each is some numbers in an array, its IRI the only object.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import numpy as np

from passerelle.comparability.index.outcome_numbers import OutcomeNumbers
from passerelle.comparability.index.ragged import Integers, Lists, Truths, first_of_runs, places, starts_of
from passerelle.comparability.index.strings import SortedTexts
from passerelle.comparability.index.tables import IDENTITY, TEXT, WORDS, Links, Tables
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.comparability.index.unit_words import unit_words
from passerelle.comparability.index.values import RELATIONS
from passerelle.graph.all_units import AllUnits, UnitRow
from passerelle.records.compared_unit import LINK_CLASSES


class _Lists:
    """Lists of small numbers, one after another."""

    def __init__(self) -> None:
        self._lengths, self._values = array("i"), array("i")

    def add(self, values: Iterable[int]) -> None:
        before = len(self._values)
        self._values.extend(values)
        self._lengths.append(len(self._values) - before)

    def made(self) -> Lists:
        return Lists(starts_of(np.array(self._lengths, np.int64)), np.array(self._values, np.int32))


def read_tables(units: AllUnits, texts: TextKeys) -> Tables:
    """The tables of a store; `units` must have been made with the numbers of `texts`."""
    numbers = OutcomeNumbers()
    outcomes, titles = _Lists(), _Lists()
    rows: list[UnitRow] = []
    for row in units.rows():
        outcomes.add(numbers.number(iri, keys) for iri, keys in row.outcomes)
        titles.add(row.titles)
        rows.append(row._replace(outcomes=(), titles=()))
    number = {row.iri: place for place, row in enumerate(rows)}
    ordered = numbers.in_order()
    found = outcomes.made()
    of_units = Lists(found.starts, ordered.place[found.values])
    kinds, kind = _coded([row.kind for row in rows])
    countries, country = _coded([row.country for row in rows])
    bases, basis = _coded([row.level_basis for row in rows])
    languages, language = _languages(of_units, ordered.texts, texts)
    keys, key_kind = _keys(of_units, ordered.texts, ordered.identity, texts)
    said, owner = places(of_units.starts, np.arange(len(rows)))
    text, which = ordered.texts.all_of(of_units.values[said])
    words = unit_words(texts.stems, Lists.of(owner[which], text, len(rows)), titles.made(), country)
    skills: dict[str, int] = {}
    pairs = {
        (skills.setdefault(narrow, len(skills)), skills.setdefault(broad, len(skills)))
        for narrow, broad in units.closer()
    }
    links = _links(units, numbers, ordered.first, skills)
    names = sorted(skills)
    renumbered = np.empty(len(skills), np.int64)
    renumbered[[skills[name] for name in names]] = np.arange(len(skills))
    closer, below = _closer({(int(renumbered[narrow]), int(renumbered[broad])) for narrow, broad in pairs}, len(skills))
    return Tables(
        iris=SortedTexts.of(number),
        kinds=kinds,
        countries=countries,
        bases=bases,
        languages=languages,
        kind=kind,
        country=country,
        language=language,
        level=np.array([row.level or 0 for row in rows], np.int8),
        basis=basis,
        parts=_family([row.parts for row in rows], number),
        wholes=_family([row.wholes for row in rows], number),
        words=words,
        outcomes=of_units,
        links=links(renumbered),
        skills=SortedTexts.of(names),
        closer=closer,
        closer_below=below,
        keys=keys,
        key_kind=key_kind,
    )
