"""Units that could complete what is held: what they add by the definition, and who is never named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given, settings

from generated_units import Units, index_of, units
from passerelle.comparability.completions import completions
from passerelle.comparability.coverage import covered
from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.findings import finding_of
from passerelle.comparability.proximity import Proximity, SkillHierarchy
from passerelle.comparability.unit_sets import taken_together
from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.comparison import Direction
from passerelle.records.other_units import Completion
from small_units import declared, link, machine, outcome, unit

PURPOSE = "further-study"
ALONE = SkillHierarchy.of_pairs((), ("S1", "S2", "S3", "S4", "S5"))
STATUS = Fact("registration-and-status", "registration-status", "ended", "g", qualifier="2026-11-20")


def forward(holder: ComparedUnit, target: ComparedUnit, proximity: Proximity = ALONE) -> Direction:
    coverage, evidence = covered(holder, target, proximity, wordings=False)
    finding = finding_of(PURPOSE, Situation(holder, target, coverage))
    return Direction(holder.iri, target.iri, coverage, finding, evidence)


def found(
    holder: ComparedUnit, target: ComparedUnit, *others: ComparedUnit, given: Direction | None = None
) -> tuple[Completion, ...]:
    known = {each.iri: each for each in sorted((holder, target, *others), key=lambda each: each.iri)}

    def described(iri: str, elements: Collection[str]) -> ComparedUnit:
        assert elements == {"registration-status"}
        return replace(known[iri], outcomes=())

    return completions(index_of(list(known.values())), described, target, given or forward(holder, target))


HOLDER = unit("H", outcome("H/1", link("S1")))
TARGET = unit("T", *(outcome(f"T/{each}", link(f"S{each}")) for each in (1, 2, 3, 4)))


def test_units_add_one_after_another_what_is_still_lacking() -> None:
    # of four outcomes H shows the first: 1/4. A shows two of the others by issuers' links: 2 · 0.8 / 4 = 0.4, and
    # nothing by reviewed ones; then B adds the fourth, reviewed: 1/4, and no more of the third. C adds nothing then
    first = replace(unit("A", outcome("A/2", declared("S2")), outcome("A/3", declared("S3"))), facts=(STATUS,))
    second = unit("B", outcome("B/4", link("S4")))
    third = unit("C", outcome("C/3", declared("S3")))
    named = found(HOLDER, TARGET, first, second, third)
    assert [(each.unit.iri, each.adds, each.adds_lower, each.outcomes) for each in named] == [
        ("A", 0.4, 0.0, ("T/2", "T/3")),
        ("B", 0.25, 0.25, ("T/4",)),
    ]
    assert [(each.together, each.together_lower) for each in named] == [(0.65, 0.25), (0.9, 0.5)]
    # two matches with two links each, of which those of the target are reviewed
    assert (named[0].links, named[0].reviewed_links, named[0].machine_links) == (4, 2, 0)
    assert named[0].unit.facts == (STATUS,)


def test_a_unit_adds_also_to_what_is_shown_in_part_already() -> None:
    # of two outcomes H shows the first by an issuer's link: 0.8 / 2 = 0.4, with a lower bound of 0. A shows both by
    # reviewed links: a holder of the two has shown all, so A adds 0.2 / 2 + 1 / 2 = 0.6, and 1 to the lower bound
    target = unit("T", *(outcome(f"T/{each}", link(f"S{each}")) for each in (1, 2)))
    holder = unit("H", outcome("H/1", declared("S1")))
    named = found(holder, target, unit("A", outcome("A/1", link("S1")), outcome("A/2", link("S2"))))
    assert [(each.adds, each.adds_lower, each.outcomes) for each in named] == [(0.6, 1.0, ("T/2",))]
    assert [(each.together, each.together_lower, each.links) for each in named] == [(1.0, 1.0, 4)]


def test_links_are_those_behind_what_a_unit_adds() -> None:
    # T/1 is shown by H and by A through the same skill, so A adds nothing to it; T/2 has the very text of A/2
    same = "Souder des câbles électriques de puissance"
    target = unit("T", outcome("T/1", link("S1")), outcome("T/2", text=same))
    other = unit("A", outcome("A/1", machine("S1", 0.9)), outcome("A/2", text=same))
    (named,) = found(HOLDER, target, other)
    assert (named.outcomes, named.adds, named.adds_lower) == (("T/2",), 0.5, 0.5)
    assert (named.links, named.reviewed_links, named.machine_links) == (0, 0, 0)


def test_no_more_than_three_are_named() -> None:
    target = unit("T", *(outcome(f"T/{each}", link(f"S{each}")) for each in (1, 2, 3, 4, 5)))
    others = [unit(name, outcome(f"{name}/1", link(f"S{each}"))) for each, name in enumerate("ABCD", 2)]
    assert [each.unit.iri for each in found(HOLDER, target, *others)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    "other",
    [
        # stands for itself; a part of what is held; the whole of the target, and its other part
        replace(unit("A", outcome("A/2", link("S2"))), kind="full-qualification"),
        replace(unit("A", outcome("A/2", link("S2"))), wholes=("H",)),
        replace(unit("A", outcome("A/2", link("S2"))), parts=("T",)),
        # shows the outcome by less than one half
        unit("A", outcome("A/2", link("S2", relation="related"))),
    ],
)
def test_who_is_never_named(other: ComparedUnit) -> None:
    holder, target = HOLDER, TARGET
    if other.wholes:
        holder = replace(HOLDER, parts=("A",))
    if other.parts:
        target = replace(TARGET, wholes=("A",))
    assert found(holder, target, other) == ()


def test_beside_other_findings_nothing_is_to_be_completed() -> None:
    other = unit("A", outcome("A/2", link("S2")))
    given = forward(HOLDER, TARGET)
    assert given.finding.finding == "covers-named-parts"
    assert len(found(HOLDER, TARGET, other, given=given)) == 1
    for finding in ("no-potentially-substantial-difference-found", "no-overlap-found", "not-assessable"):
        other_finding = replace(given, finding=replace(given.finding, finding=finding))
        assert found(HOLDER, TARGET, other, given=other_finding) == ()


@given(units())
@settings(max_examples=100, deadline=None)
def test_what_is_added_is_what_a_holder_of_all_has_shown_more(made: Units) -> None:
    index = index_of(made.units, made.broader)
    known = {each.iri: each for each in made.units}

    def described(iri: str, _: Collection[str]) -> ComparedUnit:
        return known[iri]

    for holder in made.units:
        for target in made.units:
            if holder.iri == target.iri or not target.outcomes:
                continue
            base = forward(holder, target, made.hierarchy)
            named = completions(index, described, target, base)
            if not named:
                continue
            everything = taken_together([holder, *(known[each.unit.iri] for each in named)])
            after, _ = covered(everything, target, made.hierarchy, wordings=False)
            assert (named[-1].together, named[-1].together_lower) == (after.expected, after.lower)
            before = base.coverage
            assert sum(each.adds for each in named) == pytest.approx(after.expected - before.expected, abs=3e-4)
            assert sum(each.adds_lower for each in named) == pytest.approx(after.lower - before.lower, abs=3e-4)
