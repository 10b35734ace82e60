"""What a path is searched in: faint guesses, other parts of a whole and other kinds are left out, and counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import pytest

from generated_units import index_of
from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.path_field import PathField, path_field
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.errors import ParameterError
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.path import LeftOut
from passerelle.records.path_questions import PathQuestion
from small_units import declared, link, machine, outcome, unit

TARGET = replace(unit("T", outcome("T/1", link("S1")), outcome("T/2", link("S2"))), wholes=("W",))
SIBLING = replace(unit("R", outcome("R/1", link("S1"))), wholes=("W",))
WHOLE = replace(unit("W", *TARGET.outcomes, *SIBLING.outcomes), kind="full-qualification")
ABROAD = replace(unit("Q", outcome("Q/1", declared("S1"))), kind="full-qualification", country="IT")


@dataclass
class SmallRelease:
    """What a field asks of `Comparisons`."""

    units: tuple[ComparedUnit, ...]

    def __post_init__(self) -> None:
        self.index = index_of(self.units)
        self.hierarchy = SkillHierarchy.of_pairs((), ("S1", "S2"))

    def unit(self, name: str) -> ComparedUnit:
        return next(each for each in self.units if each.iri == name)


def field(*others: ComparedUnit, have: tuple[str, ...] = (), kinds: tuple[str, ...] = ()) -> tuple[PathField, set[str]]:
    release = SmallRelease((TARGET, SIBLING, WHOLE, ABROAD, *others))
    found = path_field(cast("Comparisons", release), PathQuestion("T", have=have, kinds=kinds))
    return found, {release.index.iris[each] for each in found.candidates}


def test_a_unit_that_shows_nothing_but_by_faint_guesses_is_no_candidate() -> None:
    # A shows the first outcome by a guess of 0.6, B by one of 0.4: only A is expected to show a half or more of it
    guesses = unit("A", outcome("A/1", machine("S1", 0.6))), unit("B", outcome("B/1", machine("S1", 0.4)))
    found, candidates = field(*guesses)
    assert candidates == {"A"}
    assert (found.candidates_in_all, found.left_out.faint) == (1, 1)
    # of somebody who has shown as much already, A shows nothing more, and B neither
    held, candidates = field(*guesses, unit("H", outcome("H/1", declared("S1"))), have=("H",))
    assert (candidates, held.left_out.faint) == (set(), 0)


def test_other_parts_of_the_same_whole_and_other_kinds_are_left_out_and_counted() -> None:
    found, candidates = field()
    assert candidates == set()
    assert found.left_out == LeftOut(faint=0, other_parts=1, other_kinds=1, kinds=("full-qualification",))
    # asked for by name, full qualifications are searched; the whole of the target is none
    found, candidates = field(kinds=("full-qualification",))
    assert candidates == {"Q"}
    assert found.left_out.other_parts == found.left_out.other_kinds == 0
    assert "bloc" in found.left_out.kinds


@pytest.mark.parametrize("have", ["T", "W"])
def test_the_target_is_not_held(have: str) -> None:
    with pytest.raises(ParameterError, match="T"):
        field(have=(have,))
