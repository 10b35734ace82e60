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
from passerelle.comparability.index.rows import Rows, holders_of, targets_of
from passerelle.comparability.index.tables import Tables
from passerelle.errors import UnknownUnit


class CoverageIndex:
    """Units are numbered in the order of their IRIs; every array over units is in that order.

    Reading costs nothing until a row is asked for, and many processes share the memory. It may be used by several
    threads at once.
    """

    def __init__(self, tables: Tables, inverse: Inverse, description: dict[str, Any]) -> None:
        self.tables = tables
        self.inverse = inverse
        self.description = description

    @classmethod
    def open(cls, release: Path) -> CoverageIndex:
        """The index in the folder of a release. Raises DamagedRelease where there is none that can be read."""
        found, description = arrays.read(release / arrays.FOLDER)
        return cls(Tables.of(found, description), Inverse.of(found), description)

    def write(self, release: Path) -> None:
        """Write it into the folder of a staged release."""
        found = {**self.tables.arrays(), **self.inverse.arrays()}
        arrays.write(release / arrays.FOLDER, found, {**self.description, **self.tables.description()})

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
