"""Other assumptions: each changes one thing, and what changes nothing says nothing of how firm a finding is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from passerelle.comparability.coverage import covered
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.comparability.sensitivity import Assumption, assumptions, variants
from passerelle.comparability.weightings import EQUAL
from passerelle.records.comparison import Coverage, Finding
from small_units import declared, link, machine, outcome, unit

ALONE = SkillHierarchy.of_pairs((), ("S1", "S2", "S3", "S4"))
BY_NAME = {each.name: each for each in assumptions()}


@pytest.mark.parametrize("assumption", assumptions(), ids=lambda each: each.name)
def test_an_assumption_changes_one_thing(assumption: Assumption) -> None:
    changed = [
        assumption.links is not None,
        assumption.confidence > 0,
        assumption.shift != 0,
        assumption.weighting != EQUAL,
        assumption.one_to_one,
    ]
    assert sum(changed) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # declared 0.8; machine 0.9, 0.6 and 0.2; four outcomes
        ("confidence-half", (0.8 + 0.9 + 0.6) / 4),
        ("confidence-eight-tenths", (0.8 + 0.9) / 4),
        ("without-machine-links", 0.8 / 4),
        ("without-declared-links", (0.9 + 0.6 + 0.2) / 4),
        ("reviewed-and-official-links", 0.0),
    ],
)
def test_links_are_left_out_by_class_or_by_confidence(name: str, expected: float) -> None:
    held = (declared("S1"), machine("S2", 0.9), machine("S3", 0.6), machine("S4", 0.2))
    holder = unit("A", *(outcome(f"A/{place}", each) for place, each in enumerate(held)))
    target = unit("B", *(outcome(f"B/{each}", link(f"S{each}")) for each in (1, 2, 3, 4)))
    each = BY_NAME[name]
    found = covered(holder, target, ALONE, links=each.links, threshold=each.confidence)[0]
    assert found.expected == pytest.approx(expected)


def test_one_outcome_behind_ten_shows_one_where_it_counts_once() -> None:
    holder = unit("A", outcome("A/1", link("S1")))
    target = unit("B", *(outcome(f"B/{each}", link("S1")) for each in range(10)))
    assert covered(holder, target, ALONE)[0].lower == 1.0
    assert covered(holder, target, ALONE, one_to_one=BY_NAME["one-to-one"].one_to_one)[0].lower == 0.1


def test_a_variant_says_whether_the_finding_stays_and_whether_anything_changed() -> None:
    shown = Finding("covers-named-parts", "covers-named", "bloc-to-bloc", "covers-named-parts")
    figures = Coverage(0.5, 0.5, 0.5, 1.0, 0.0, 0.0, 2)
    other = replace(shown, finding="not-assessable")

    def under(assumption: Assumption) -> tuple[Coverage, Finding, bool]:
        changes = assumption.kind == "links"
        return figures, other if changes else shown, changes

    found = variants(shown, under)
    assert [each.name for each in found] == [each.name for each in assumptions()]
    for each in found:
        assert each.changes == (each.kind == "links")
        assert each.stable != each.changes
