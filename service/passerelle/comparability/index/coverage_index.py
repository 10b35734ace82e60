"""The index of a release: every unit with what filters ask of it, and coverage of one unit by all and of all by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from passerelle.comparability.index import arrays
from passerelle.comparability.index.postings import Inverse
from passerelle.comparability.index.ragged import Integers
from passerelle.comparability.index.ranked_pairs import RankedPairs
from passerelle.comparability.index.rows import Rows, holders_of, targets_of
from passerelle.comparability.index.tables import Tables
from passerelle.errors import UnknownUnit


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
        self.asserted = nothing.reshape(0, 2) if asserted is None else asserted

    @classmethod
    def open(cls, release: Path) -> CoverageIndex:
        """The index in the folder of a release. Raises DamagedRelease where there is none that can be read."""
        found, description = arrays.read(release / arrays.FOLDER)
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

    @cached_property
    def kinds(self) -> np.ndarray[Any, np.dtype[np.object_]]:
        """The kind of each unit: a concept of `unit-kind`."""
        return np.array(self.tables.kinds, object)[self.tables.kind]

    @cached_property
    def countries(self) -> np.ndarray[Any, np.dtype[np.object_]]:
        """The country of each unit: an ISO 3166-1 alpha-2 code, or empty."""
        return np.array(self.tables.countries, object)[self.tables.country]

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

    def holders_of(self, target: str) -> Rows:
        """How much of the unit `target` a holder of each unit has shown. Raises UnknownUnit."""
        return holders_of(self.tables, self.inverse, self.position(target))

    def targets_of(self, holder: str) -> Rows:
        """How much of each unit a holder of the unit `holder` has shown. Raises UnknownUnit."""
        return targets_of(self.tables, self.inverse, self.position(holder))
