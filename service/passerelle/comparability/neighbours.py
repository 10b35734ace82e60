"""What stands around a unit: one level up in the same occupation, and at the same level in other countries.

Each neighbour says by what it is one (`mappings/neighbour-bases.tsv`). Occupations and fields find neighbours; they
enter no figure. Where no level is stated there is no level above, and none is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.ragged import Floats, Truths
from passerelle.comparability.index.shares import shares
from passerelle.graph.occupations import OccupationGraph
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Coverage
from passerelle.records.mapping_table import rows
from passerelle.records.path_questions import SurroundingsQuestion

Group = Literal["up", "elsewhere"]
_FIELDS = ("field-of-education", "field-of-education-by-crosswalk")


@dataclass(frozen=True, slots=True)
class Basis:
    """By what a unit is a neighbour: a row of `neighbour-bases.tsv`, and what the two have in common (IRI or empty)."""

    name: str
    shared: str = ""


@dataclass(frozen=True, slots=True)
class Surrounding:
    """A neighbour with its bases; `forward` is what a holder of the unit asked about has shown of this one."""

    unit: ComparedUnit
    bases: tuple[Basis, ...]
    forward: Coverage
    reverse: Coverage


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The answer: at most so many of each group, of which there are `up_in_all` and `elsewhere_in_all`.

    `level` is the level of the unit, None where none is stated: then both groups are empty.
    """

    unit: ComparedUnit
    level: int | None
    up: tuple[Surrounding, ...]
    elsewhere: tuple[Surrounding, ...]
    up_in_all: int
    elsewhere_in_all: int


Bases = dict[int, list[Basis]]
"""By number of the unit in the index."""


def surroundings(comparisons: Comparisons, question: SurroundingsQuestion) -> Surroundings:
    """The neighbours of a unit. Raises UnknownUnit, NoComparison."""
    unit, index = comparisons.unit(question.unit), comparisons.index
    if unit.level is None:
        return Surroundings(unit, None, (), (), 0, 0)
    shown = index.targets_of(unit.iri).expected
    family = np.zeros(len(index.iris), np.bool_)
    family[index.family_of(index.position(unit.iri))] = True
    finder = _Finder(comparisons, unit)
    above = finder.found("up", (index.levels == unit.level + 1) & ~family, shown)
    abroad = (index.levels == unit.level) & ~family
    if unit.country:
        abroad &= ~index.in_countries((unit.country, ""))
    beside = finder.found("elsewhere", abroad, shown)
    return Surroundings(
        unit=unit,
        level=unit.level,
        up=_rows(comparisons, unit, above, shown, question.top),
        elsewhere=_rows(comparisons, unit, beside, shown, question.top),
        up_in_all=len(above),
        elsewhere_in_all=len(beside),
    )


class _Finder:
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
                for place in np.flatnonzero(allowed & (shares(shown) > 0)).tolist():
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

    def _fields(self, names: Iterable[str]) -> list[str]:
        return sorted({fact.value for fact in self._unit.facts if fact.name in names})

    def _with_blocs(self, iri: str) -> list[int]:
        """A unit and its parts: a bloc serves the occupation, and has the field, of its certification."""
        place = self._index.tables.iris.find(iri)
        return [] if place is None else [place, *self._index.tables.parts[place].tolist()]


def _rows(
    comparisons: Comparisons, unit: ComparedUnit, found: Bases, shown: Floats, top: int
) -> tuple[Surrounding, ...]:
    """The first of them: by what a holder of the unit is expected to have shown of each, then by number of bases."""
    index = comparisons.index
    ordered = sorted(found, key=lambda place: (-round(float(shares(shown[place])), 4), -len(found[place]), place))[:top]
    places, own = np.array(ordered, np.int64), np.full(len(ordered), index.position(unit.iri))
    forward = coverages(index.tables, index.inverse, own, places)
    reverse = coverages(index.tables, index.inverse, places, own)
    return tuple(
        Surrounding(
            comparisons.unit(index.iris[place]), tuple(found[place]), forward.record(number), reverse.record(number)
        )
        for number, place in enumerate(ordered)
    )
