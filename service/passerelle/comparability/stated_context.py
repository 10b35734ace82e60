"""What the units of each country state that could make them neighbours: a level, an occupation, a field of education.

Where a country's units state none of it, no bridge can reach them, and an empty list says nothing about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.ragged import Truths
from passerelle.comparability.index.unit_contexts import UnitsByThing


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


def contexts(index: CoverageIndex) -> Iterator[CountryContext]:
    """Of each country that has units, by its code. A unit with a French speciality counts as one with a field."""
    tables, stated = index.tables, index.tables.contexts
    occupation, field = _having(index, stated.occupations), _having(index, stated.fields, stated.specialities)
    having = [
        np.bincount(tables.country[each], minlength=len(tables.countries)).tolist()
        for each in (np.ones(len(index.iris), np.bool_), tables.level > 0, occupation, field, index.inverse.speaking)
    ]
    for country, units, *counts in zip(tables.countries, *having, strict=True):
        if units:
            yield CountryContext(country, units, *counts)


def _having(index: CoverageIndex, *things: UnitsByThing) -> Truths:
    """Which units, or of which a whole, have any of these things."""
    found = np.zeros(len(index.iris), np.bool_)
    for each in things:
        found[index.tables.with_parts(each.units.values)] = True
    return found
