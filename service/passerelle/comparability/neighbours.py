"""What stands around a unit: through occupations and fields in its own country and in others, and one level up.

Each neighbour says by what it is one (`mappings/neighbour-bases.tsv`). Occupations and fields find neighbours; they
enter no figure. Where no level is stated there is no level above, and none is guessed; a unit of another country that
states none is not left out for it. What the units of each country state at all stands beside the lists: where none
states an occupation or a field, no bridge reaches them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.ragged import Floats
from passerelle.comparability.index.ranked_pairs import kin
from passerelle.comparability.index.shares import shares
from passerelle.comparability.neighbour_bases import Bases, Basis, Finder
from passerelle.comparability.standing import openness, standing
from passerelle.comparability.stated_context import CountryContext, contexts
from passerelle.graph.occupations import OccupationGraph
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Coverage
from passerelle.records.path_questions import SurroundingsQuestion


@dataclass(frozen=True, slots=True)
class Surrounding:
    """A neighbour with its bases; `forward` is what a holder of the unit asked about has shown of this one."""

    unit: ComparedUnit
    bases: tuple[Basis, ...]
    forward: Coverage
    reverse: Coverage


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A group of neighbours: the first of them, and how many there are."""

    rows: tuple[Surrounding, ...] = ()
    in_all: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The answer. `level` is the level of the unit, None where none is stated: then nothing stands `up`.

    `up`: one level up in the same occupation. `beside`: the same occupation in the same country, at any other level.
    `elsewhere`: other countries, at the same level or where one of the two states none. `occupations` (IRIs) are those
    of the unit, `fields` its fields of education; `contexts` says of every country what its units state.
    """

    unit: ComparedUnit
    level: int | None
    occupations: tuple[str, ...]
    fields: tuple[str, ...]
    up: Neighbourhood
    beside: Neighbourhood
    elsewhere: Neighbourhood
    contexts: tuple[CountryContext, ...]


def surroundings(comparisons: Comparisons, question: SurroundingsQuestion) -> Surroundings:
    """The neighbours of a unit. Raises UnknownUnit, NoComparison."""
    unit, index = comparisons.unit(question.unit), comparisons.index
    place = index.position(unit.iri)
    shown = index.targets_of(unit.iri).expected
    others = np.ones(len(index.iris), np.bool_)
    others[index.family_of(place)] = False
    others[kin(index.tables, place)] = False
    here = index.in_countries((unit.country,)) if unit.country else np.zeros(len(index.iris), np.bool_)
    above = (index.levels == unit.level + 1) if unit.level else np.zeros(len(index.iris), np.bool_)
    level = (index.levels == unit.level) | (index.levels == 0) if unit.level else np.ones(len(index.iris), np.bool_)
    abroad = ~(here | index.in_countries(("",))) if unit.country else np.ones(len(index.iris), np.bool_)
    finder = Finder(comparisons, unit)

    def neighbourhood(found: Bases) -> Neighbourhood:
        return Neighbourhood(_rows(comparisons, unit, found, shown, question.top), len(found))

    return Surroundings(
        unit=unit,
        level=unit.level,
        occupations=tuple(sorted(unit.occupations)),
        fields=tuple(finder.fields),
        up=neighbourhood(finder.found("up", above & others, shown)),
        beside=neighbourhood(finder.found("beside", here & ~above & others, shown)),
        elsewhere=neighbourhood(finder.found("elsewhere", abroad & level & others, shown)),
        contexts=contexts(index, OccupationGraph(comparisons.reader.store)),
    )


def _rows(
    comparisons: Comparisons, unit: ComparedUnit, found: Bases, shown: Floats, top: int
) -> tuple[Surrounding, ...]:
    """The first of them: by standing as a holder of the unit would see them, then by number of bases, then by IRI."""
    index, own_place = comparisons.index, comparisons.index.position(unit.iri)
    inverse, candidates = index.inverse, np.array(sorted(found), np.int64)
    expected = shares(shown[candidates])
    stands = standing(
        expected,
        openness(inverse.size, inverse.silent, own_place, candidates),
        index.tables.words.alike(own_place, candidates),
        expected >= parameters().nearest_from,
    )
    bases = np.array([len(found[place]) for place in candidates.tolist()], np.int64)
    ordered: list[int] = candidates[np.lexsort((candidates, -bases, -stands))[:top]].tolist()
    places, own = np.array(ordered, np.int64), np.full(len(ordered), own_place)
    forward = coverages(index.tables, index.inverse, own, places)
    reverse = coverages(index.tables, index.inverse, places, own)
    return tuple(
        Surrounding(
            comparisons.unit(index.iris[place]), tuple(found[place]), forward.record(number), reverse.record(number)
        )
        for number, place in enumerate(ordered)
    )
