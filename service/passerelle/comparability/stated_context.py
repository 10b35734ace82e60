"""What the units of each country state that could make them neighbours: a level, an occupation, a field of education.

Where a country's units state none of it, no bridge can reach them, and an empty list says nothing about them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.ragged import Truths
from passerelle.graph.occupations import OccupationGraph


@dataclass(frozen=True, slots=True)
class CountryContext:
    """How many `units` of a country (ISO 3166-1 alpha-2; empty: none stated) state what; a part has what its whole has.

    `linked` of them have an outcome with a link: of these a coverage can be told.
    """

    country: str
    units: int
    with_level: int
    with_occupation: int
    with_field: int
    linked: int


def contexts(index: CoverageIndex, graph: OccupationGraph) -> tuple[CountryContext, ...]:
    """Of each country that has units, by its code; counted once for an index, as units are many."""
    found = _COUNTED.get(index)
    if found is None:
        found = _COUNTED[index] = tuple(_contexts(index, graph))
    return found


_COUNTED: WeakKeyDictionary[CoverageIndex, tuple[CountryContext, ...]] = WeakKeyDictionary()


def _contexts(index: CoverageIndex, graph: OccupationGraph) -> Iterable[CountryContext]:
    tables = index.tables
    occupation, field = (_with_parts(index, each) for each in (graph.with_occupation(), graph.with_field()))
    for number, country in enumerate(tables.countries):
        own = tables.country == number
        if own.any():
            counted = (own & each for each in (tables.level > 0, occupation, field, index.inverse.speaking))
            yield CountryContext(country, int(own.sum()), *(int(each.sum()) for each in counted))


def _with_parts(index: CoverageIndex, units: Iterable[str]) -> Truths:
    """These units and their parts."""
    places = [place for place in map(index.tables.iris.find, sorted(units)) if place is not None]
    found = np.zeros(len(index.iris), np.bool_)
    found[places] = True
    found[index.tables.parts.all_of(np.array(places, np.int64))[0]] = True
    return found
