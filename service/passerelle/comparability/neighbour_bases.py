"""By what units are neighbours of one: what its sources name, and the crosswalks that lead from there.

The rules are the rows of `mappings/neighbour-bases.tsv`. Occupations and fields are context: they find neighbours, and
enter no figure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.index.ragged import Floats, Integers, Truths
from passerelle.comparability.index.shares import shares
from passerelle.graph.occupations import OccupationGraph
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.mapping_table import rows

Group = Literal["up", "beside", "elsewhere"]
_FIELDS = ("field-of-education", "field-of-education-by-crosswalk")


@dataclass(frozen=True, slots=True)
class Basis:
    """By what a unit is a neighbour: a row of `neighbour-bases.tsv`, and what the two have in common (IRI or empty)."""

    name: str
    shared: str = ""


Offer = tuple[Basis, Integers]
"""A basis, and units (by number, in no order) that have it."""


class Bases:
    """The `places` (units by number, ascending) that have a basis, and how many different ones each has: `counts`."""

    def __init__(self, offers: Sequence[Offer], allowed: Truths) -> None:
        self._offers = offers
        self._units = len(allowed)
        having: dict[Basis, Truths] = {}
        for basis, places in offers:
            having.setdefault(basis, np.zeros(len(allowed), np.bool_))[places] = True
        counts = np.zeros(len(allowed), np.int64)
        for each in having.values():
            counts += each
        self.places: Integers = np.flatnonzero(allowed & (counts > 0))
        self.counts: Integers = counts[self.places]

    def of(self, places: Sequence[int]) -> list[tuple[Basis, ...]]:
        """The bases of each of some places, each once, in the order of the offers."""
        found: dict[int, dict[Basis, None]] = {place: {} for place in places}
        wanted = np.zeros(self._units, np.bool_)
        wanted[list(places)] = True
        for basis, offered in self._offers:
            for place in offered[wanted[offered]].tolist():
                found[place].setdefault(basis)
        return [tuple(found[place]) for place in places]


_Rule = Callable[[dict[str, str]], Iterator[tuple[Integers, str]]]
"""For a row of `neighbour-bases.tsv`: units (by number) of which a source names something, and what it is (IRI)."""


class Finder:
    """The units that have something in common with one; `shown` is what its holder is expected to have of each."""

    def __init__(self, comparisons: Comparisons, unit: ComparedUnit, shown: Floats) -> None:
        self._tables = comparisons.index.tables
        self._graph = OccupationGraph(comparisons.reader.store)
        self._unit = unit
        self._shown = shown
        rules: dict[str, _Rule] = {
            "same-occupation": self._occupation,
            "same-occupation-by-crosswalk": self._by_crosswalk,
            "same-field": self._field,
            "same-field-by-crosswalk": self._field_by_crosswalk,
            "coverage": self._coverage,
        }
        self._offers: list[tuple[list[str], list[Offer]]] = []
        for row in rows("neighbour-bases.tsv"):
            named = ((Basis(row["basis"], shared), units) for units, shared in rules[row["basis"]](row))
            # a bloc serves the occupation, and has the field, of its certification; what is shown is its own
            offers = [(basis, self._tables.with_parts(units) if basis.shared else units) for basis, units in named]
            self._offers.append((row["groups"].split(), offers))

    def found(self, group: Group, allowed: Truths) -> Bases:
        """The allowed units of a group, each with its bases in the order of the table."""
        return Bases([offer for groups, offers in self._offers if group in groups for offer in offers], allowed)

    def _occupation(self, _row: dict[str, str]) -> Iterator[tuple[Integers, str]]:
        for occupation in self._unit.occupations:
            yield self._tables.contexts.occupations.having(occupation), occupation

    def _by_crosswalk(self, row: dict[str, str]) -> Iterator[tuple[Integers, str]]:
        relations = row["relations"].split()
        for own in self._unit.occupations:
            for reached in self._graph.reached(own):
                if reached.relation not in relations:
                    continue
                for other in (reached.iri, *self._graph.leading_to(reached.iri)):
                    units = self._tables.contexts.occupations.having(other)
                    # the crosswalk is asked last: most occupations have no unit
                    if other != own and len(units) and self._is_close(other, reached.iri, relations):
                        yield units, reached.iri

    def _is_close(self, occupation: str, other: str, relations: Collection[str]) -> bool:
        return any(each.iri == other and each.relation in relations for each in self._graph.reached(occupation))

    def _field(self, _row: dict[str, str]) -> Iterator[tuple[Integers, str]]:
        for field in self._fields(_FIELDS[:1]):
            yield self._tables.contexts.fields.having(field), field

    def _field_by_crosswalk(self, _row: dict[str, str]) -> Iterator[tuple[Integers, str]]:
        # by crosswalk on one side or on both
        for field in self._fields(_FIELDS[1:]):
            yield self._tables.contexts.fields.having(field), field
            yield from self._by_speciality(field)
        for field in self._fields(_FIELDS[:1]):
            yield from self._by_speciality(field)

    def _by_speciality(self, field: str) -> Iterator[tuple[Integers, str]]:
        for speciality in self._graph.specialities_in(field):
            yield self._tables.contexts.specialities.having(speciality), field

    def _coverage(self, _row: dict[str, str]) -> Iterator[tuple[Integers, str]]:
        yield np.flatnonzero(shares(self._shown) >= parameters().nearest_from), ""

    @property
    def fields(self) -> list[str]:
        """The fields of education (IRIs, sorted) of the unit, as stated or by crosswalk."""
        return self._fields(_FIELDS)

    def _fields(self, names: Collection[str]) -> list[str]:
        return sorted({fact.value for fact in self._unit.facts if fact.name in names})
