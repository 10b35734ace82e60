"""What sources say units are about: occupations, fields of education, French specialities; and which units each has.

It finds neighbours (`comparability.neighbour_bases`) and enters no figure. All of it stands in the index, so that
nobody walks through the statements of all units for one question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from passerelle.comparability.index.ragged import Integers, Lists
from passerelle.comparability.index.strings import SortedTexts


@dataclass(frozen=True, slots=True)
class UnitsByThing:
    """`things` (IRIs) that sources name of units, and for each the `units` (by number, ascending) of which they do."""

    things: SortedTexts
    units: Lists

    @classmethod
    def read(cls, stated: Iterable[tuple[str, str]], place: Mapping[str, int]) -> UnitsByThing:
        """From pairs of a unit and a thing (IRIs, in any order); `place` numbers the units, others are left out."""
        found: dict[str, set[int]] = {}
        for unit, thing in stated:
            number = place.get(unit)
            if number is not None:
                found.setdefault(thing, set()).add(number)
        things = sorted(found)
        owners = np.repeat(np.arange(len(things)), [len(found[thing]) for thing in things])
        units = np.fromiter((each for thing in things for each in sorted(found[thing])), np.int32, len(owners))
        return cls(SortedTexts.of(things), Lists.of(owners, units, len(things)))

    def having(self, thing: str) -> Integers:
        """The units of which a source names it."""
        place = self.things.find(thing)
        return self.units.values[:0] if place is None else self.units[place]


@dataclass(frozen=True, slots=True)
class UnitContexts:
    """The target occupations, fields of education (ISCED-F) and French specialities (NSF) of units."""

    occupations: UnitsByThing
    fields: UnitsByThing
    specialities: UnitsByThing

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As `arrays.write` takes them."""
        found: dict[str, npt.NDArray[Any]] = {}
        for name in UnitContexts.__slots__:
            by_thing: UnitsByThing = getattr(self, name)
            things, units = by_thing.things, by_thing.units
            found |= zip(_names(name), (things.starts, things.data, units.starts, units.values), strict=True)
        return found

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> UnitContexts:
        """What `arrays` gave."""
        columns = ([arrays[each] for each in _names(name)] for name in UnitContexts.__slots__)
        return cls(*(UnitsByThing(SortedTexts(*each[:2]), Lists(*each[2:])) for each in columns))


def _names(name: str) -> tuple[str, str, str, str]:
    return f"context-{name}-starts", f"context-{name}", f"context-{name}-units-starts", f"context-{name}-units"


PROPERTIES = {
    "occupations": "psl:targetOccupation",
    "fields": "elm:ISCEDFCode",
    "specialities": "psl:specialityField",
}
"""By which property (CURIE) a source names each of them of a unit."""

ARRAYS = tuple(each for name in UnitContexts.__slots__ for each in _names(name))
"""The names of all that `UnitContexts.arrays` gives."""
