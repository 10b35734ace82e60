"""By what units are neighbours of one: what its sources name, and the crosswalks that lead from there.

The rules are the rows of `mappings/neighbour-bases.tsv`. Occupations and fields are context: they find neighbours, and
enter no figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.ragged import Floats, Truths
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


Bases = dict[int, list[Basis]]
"""By number of the unit in the index."""


class Finder:
    """The units that have something in common with one."""

    def __init__(self, comparisons: Comparisons, unit: ComparedUnit) -> None:
        self._index: CoverageIndex = comparisons.index
        self._graph = OccupationGraph(comparisons.reader.store)
        self._unit = unit
        self._rules: dict[str, Callable[[dict[str, str]], Iterable[tuple[str, str]]]] = {
            "same-occupation": self._occupation,
            "same-occupation-by-crosswalk": self._by_crosswalk,
            "same-field": self._field,
            "same-field-by-crosswalk": self._field_by_crosswalk,
        }

    def found(self, group: Group, allowed: Truths, shown: Floats) -> Bases:
        """The allowed units of a group, each with its bases in the order of the table."""
        found: Bases = {}
        for row in rows("neighbour-bases.tsv"):
            if group not in row["groups"].split():
                continue
            rule = self._rules.get(row["basis"])
            if rule is None:
                for place in np.flatnonzero(allowed & (shares(shown) >= parameters().nearest_from)).tolist():
                    found.setdefault(place, []).append(Basis(row["basis"]))
                continue
            for iri, shared in rule(row):
                for place in self._with_blocs(iri):
                    basis = Basis(row["basis"], shared)
                    if allowed[place] and basis not in found.get(place, ()):
                        found.setdefault(place, []).append(basis)
        return found

    def _occupation(self, _row: dict[str, str]) -> Iterable[tuple[str, str]]:
        for occupation in self._unit.occupations:
            for iri in self._graph.aiming_at(occupation):
                yield iri, occupation

    def _by_crosswalk(self, row: dict[str, str]) -> Iterable[tuple[str, str]]:
        relations = row["relations"].split()
        for own in self._unit.occupations:
            for reached in self._graph.reached(own):
                if reached.relation not in relations:
                    continue
                for other in (reached.iri, *self._graph.leading_to(reached.iri)):
                    close = any(
                        each.iri == reached.iri and each.relation in relations for each in self._graph.reached(other)
                    )
                    if other != own and close:
                        for iri in self._graph.aiming_at(other):
                            yield iri, reached.iri

    def _field(self, _row: dict[str, str]) -> Iterable[tuple[str, str]]:
        for field in self._fields(_FIELDS[:1]):
            for iri in self._graph.in_field(field):
                yield iri, field

    def _field_by_crosswalk(self, _row: dict[str, str]) -> Iterable[tuple[str, str]]:
        # by crosswalk on one side or on both
        for field in self._fields(_FIELDS[1:]):
            for iri in (*self._graph.in_field(field), *self._graph.in_field_by_crosswalk(field)):
                yield iri, field
        for field in self._fields(_FIELDS[:1]):
            for iri in self._graph.in_field_by_crosswalk(field):
                yield iri, field

    @property
    def fields(self) -> list[str]:
        """The fields of education (IRIs, sorted) of the unit, as stated or by crosswalk."""
        return self._fields(_FIELDS)

    def _fields(self, names: Iterable[str]) -> list[str]:
        return sorted({fact.value for fact in self._unit.facts if fact.name in names})

    def _with_blocs(self, iri: str) -> list[int]:
        """A unit and its parts: a bloc serves the occupation, and has the field, of its certification."""
        place = self._index.tables.iris.find(iri)
        return [] if place is None else [place, *self._index.tables.parts[place].tolist()]
