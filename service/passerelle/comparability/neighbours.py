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
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Coverage
from passerelle.records.path_questions import SurroundingsQuestion


@dataclass(frozen=True, slots=True)
class Surrounding:
    """A neighbour without its outcomes and facts, and its bases.

    `forward` is what a holder of the unit asked about has shown of it, `reverse` what its holder has of that unit.
    """

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
    finder = Finder(comparisons, unit, shown)

    def neighbourhood(found: Bases) -> Neighbourhood:
        return Neighbourhood(_rows(comparisons, unit, found, shown, question.top), len(found.places))

    return Surroundings(
        unit=unit,
        level=unit.level,
        occupations=tuple(sorted(unit.occupations)),
        fields=tuple(finder.fields),
        up=neighbourhood(finder.found("up", above & others)),
        beside=neighbourhood(finder.found("beside", here & ~above & others)),
        elsewhere=neighbourhood(finder.found("elsewhere", abroad & level & others)),
        contexts=tuple(contexts(index)),
    )


def _rows(
    comparisons: Comparisons, unit: ComparedUnit, found: Bases, shown: Floats, top: int
) -> tuple[Surrounding, ...]:
    """The first of them: by standing as a holder of the unit would see them, then by number of bases, then by IRI."""
    index, own_place = comparisons.index, comparisons.index.position(unit.iri)
    inverse, candidates = index.inverse, found.places
    expected = shares(shown[candidates])
    stands = standing(
        expected,
        openness(inverse.size, inverse.silent, own_place, candidates),
        index.tables.words.alike(own_place, candidates),
        expected >= parameters().nearest_from,
    )
    ordered: list[int] = candidates[np.lexsort((candidates, -found.counts, -stands))[:top]].tolist()
    places, own = np.array(ordered, np.int64), np.full(len(ordered), own_place)
    forward = coverages(index.tables, index.inverse, own, places).records()
    reverse = coverages(index.tables, index.inverse, places, own).records()
    units = (comparisons.reader.unit(index.iris[place], facts=False, outcomes=False) for place in ordered)
    rows = zip(units, found.of(ordered), forward, reverse, strict=True)
    return tuple(Surrounding(unit, bases, ahead, back) for unit, bases, ahead, back in rows if unit is not None)
