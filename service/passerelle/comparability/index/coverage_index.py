"""The index of a release: every unit with what filters ask of it, and coverage of one unit by all and of all by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from passerelle.comparability.index import arrays
from passerelle.comparability.index.postings import ARRAYS as INVERSE_ARRAYS
from passerelle.comparability.index.postings import Inverse
from passerelle.comparability.index.ragged import Floats, Integers, Truths
from passerelle.comparability.index.ranked_pairs import RankedPairs
from passerelle.comparability.index.rows import Rows, bounds_of, expected_of, holders_of, targets_of
from passerelle.comparability.index.tables import ARRAYS as TABLE_ARRAYS
from passerelle.comparability.index.tables import NAMES, Tables
from passerelle.comparability.index.values import RELATIONS
from passerelle.errors import UnknownUnit
from passerelle.graph.unit_statements import NOT_STATED
from passerelle.records.compared_unit import LINK_CLASSES, OutcomeLink, UnitOutline

ARRAYS = (*TABLE_ARRAYS, *INVERSE_ARRAYS, "ranked-unit", "ranked-rank", "asserted")
"""What an index consists of; one that lacks any of it is damaged."""

KEPT = 32
"""Countries and kinds whose units stay in memory; each takes a megabyte where there are 700,000 outcomes."""


class CoverageIndex:
    """Units are numbered in the order of their IRIs; every array over units is in that order.

    `ranked` are the best pairs of each unit, `asserted` those that the release asserts (first and second, a row a
    pair). Reading costs nothing until a row is asked for, and many processes share the memory. Several threads may use
    it at once.
    """

    def __init__(
        self, tables: Tables, inverse: Inverse, ranked: RankedPairs | None = None, asserted: Integers | None = None
    ) -> None:
        self.tables = tables
        self.inverse = inverse
        nothing = np.empty(0, np.int64)
        self.ranked = ranked or RankedPairs(nothing, nothing)
        self._comparable: dict[tuple[str, str], tuple[Truths, Truths]] = {}
        self.asserted = nothing.reshape(0, 2) if asserted is None else asserted

    @classmethod
    def open(cls, release: Path) -> CoverageIndex:
        """The index in the folder of a release. Raises DamagedRelease where there is none that can be read."""
        found, description = arrays.read(release / arrays.FOLDER, ARRAYS, NAMES)
        ranked = RankedPairs(found["ranked-unit"], found["ranked-rank"])
        return cls(Tables.of(found, description), Inverse.of(found), ranked, found["asserted"])

    def write(self, release: Path, ranked: RankedPairs, asserted: Integers) -> None:
        """Write it into the folder of a staged release, with the best pairs and those that are asserted."""
        found = {
            **self.tables.arrays(),
            **self.inverse.arrays(),
            "ranked-unit": ranked.unit,
            "ranked-rank": ranked.rank,
            "asserted": asserted.astype(np.int32),
        }
        arrays.write(release / arrays.FOLDER, found, self.tables.description())

    @property
    def iris(self) -> Sequence[str]:
        """The units, sorted."""
        return self.tables.iris

    def of_kinds(self, kinds: Collection[str]) -> Truths:
        """Which units are of one of these kinds: concepts of `unit-kind`."""
        return np.isin(self.tables.kind, [place for place, name in enumerate(self.tables.kinds) if name in kinds])

    def in_countries(self, countries: Collection[str]) -> Truths:
        """Which units are of one of these countries: ISO 3166-1 alpha-2 codes, or empty for no country."""
        names = enumerate(self.tables.countries)
        return np.isin(self.tables.country, [place for place, name in names if name in countries])

    def comparable(self, country: str, kind: str) -> tuple[Truths, Truths]:
        """Which units are of a country and a kind, and which outcomes they have; kept, for many questions ask it."""
        key = country, kind
        found = self._comparable.get(key)
        if found is None:
            units = self.in_countries((country,)) & self.of_kinds((kind,))
            outcomes = self.outcomes_among(np.flatnonzero(units))
            if len(self._comparable) >= KEPT:
                self._comparable.clear()
            found = self._comparable[key] = units, outcomes
        return found

    def outcomes_among(self, units: Integers) -> Truths:
        """Which outcomes these units have."""
        found = np.zeros(self.tables.outcome_count, np.bool_)
        found[self.tables.outcomes.all_of(units)[0]] = True
        return found

    @property
    def levels(self) -> Integers:
        """The European level of each unit; 0 where none is stated."""
        return self.tables.level

    def position(self, iri: str) -> int:
        """The number of a unit. Raises UnknownUnit."""
        found = self.tables.iris.find(iri)
        if found is None:
            raise UnknownUnit("unit-unknown", written=iri)
        return found

    def family(self, iri: str) -> frozenset[str]:
        """The unit itself, its parts and its wholes, at all depths."""
        return frozenset(self.tables.iris[each] for each in self.family_of(self.position(iri)))

    def family_of(self, unit: int) -> Integers:
        """The same by number, sorted."""
        return np.sort(np.concatenate(([unit], self.tables.parts[unit], self.tables.wholes[unit])))

    def outcomes_of(self, unit: str) -> tuple[int, ...]:
        """The outcomes of a unit and of its parts, by number: in the order of their IRIs. Raises UnknownUnit."""
        return tuple(self.tables.outcomes[self.position(unit)].tolist())

    def outline_of(self, unit: str) -> UnitOutline:
        """Kind, country, level, parts and wholes of a unit, as the store has them. Raises UnknownUnit."""
        tables, place = self.tables, self.position(unit)
        basis = tables.bases[tables.basis[place]]
        return UnitOutline(
            kind=tables.kinds[tables.kind[place]],
            country=tables.countries[tables.country[place]],
            level=None if basis == NOT_STATED else int(tables.level[place]),
            level_basis=basis,
            parts=tuple(tables.iris[each] for each in tables.parts[place].tolist()),
            wholes=tuple(tables.iris[each] for each in tables.wholes[place].tolist()),
        )

    def links_of(self, unit: str) -> tuple[tuple[OutcomeLink, ...], ...]:
        """The links of each outcome of a unit and of its parts, in the order of the outcomes' IRIs. Raises UnknownUnit.

        They are those that `UnitReader` reads from the store.
        """
        links = self.tables.links
        return tuple(
            tuple(map(self._link, range(links.starts[outcome], links.starts[outcome + 1])))
            for outcome in self.outcomes_of(unit)
        )

    def _link(self, place: int) -> OutcomeLink:
        links = self.tables.links
        return OutcomeLink(
            self.tables.skills[int(links.skill[place])],
            LINK_CLASSES[links.link_class[place]],
            RELATIONS[links.relation[place]],
            float(links.confidence[place]),
            bool(links.calibrated[place]),
        )

    def closer_skills(self, skill: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The skills directly broader and directly narrower than a skill, as `UnitReader.closer_skills` gives them."""
        tables, place = self.tables, self.tables.skills.find(skill)
        if place is None:
            return (), ()
        begin, end = tables.closer.starts[place], tables.closer.starts[place + 1]
        closer, below = tables.closer.values[begin:end], tables.closer_below[begin:end]
        broader, narrower = (
            tuple(tables.skills[each] for each in some.tolist()) for some in (closer[~below], closer[below])
        )
        return broader, narrower

    def holders_of(self, target: str) -> Rows:
        """How much of the unit `target` a holder of each unit has shown. Raises UnknownUnit."""
        return holders_of(self.tables, self.inverse, self.position(target))

    def bounds_of(self, target: str, wanted: Truths) -> tuple[Floats, Floats]:
        """Lower and expected of `holders_of`, of the units `wanted` alone (0 for others). Raises UnknownUnit."""
        return bounds_of(self.tables, self.inverse, self.position(target), wanted)

    def expected_of(self, holder: str, outcomes: Truths) -> Floats:
        """How much of each unit is expected of a holder, for units with `outcomes` alone. Raises UnknownUnit."""
        return expected_of(self.tables, self.inverse, self.position(holder), outcomes)

    def targets_of(self, holder: str) -> Rows:
        """How much of each unit a holder of the unit `holder` has shown. Raises UnknownUnit."""
        return targets_of(self.tables, self.inverse, self.position(holder))
