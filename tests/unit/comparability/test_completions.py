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
from small_units import declared, link, outcome, unit

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
    # two matches with two links each, of which those of the target are reviewed
    assert (named[0].links, named[0].reviewed_links, named[0].machine_links) == (4, 2, 0)
    assert named[0].unit.facts == (STATUS,)


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
            # outcomes that are shown in part already are not what is asked for, and may still be shown better
            lacking = {row.outcome for row in base.evidence if row.state in ("possible", "unlinked", "not-shown")}
            part = replace(target, outcomes=tuple(each for each in target.outcomes if each.iri in lacking))
            named = completions(index, described, target, base)
            if not named:
                continue
            everything = taken_together([holder, *(known[each.unit.iri] for each in named)])
            before, _ = covered(holder, part, made.hierarchy, wordings=False)
            after, _ = covered(everything, part, made.hierarchy, wordings=False)
            size = len(part.outcomes) / len(target.outcomes)
            for reading, added in (
                ("expected", sum(each.adds for each in named)),
                ("lower", sum(each.adds_lower for each in named)),
            ):
                more = (getattr(after, reading) - getattr(before, reading)) * size
                assert added == pytest.approx(more, abs=3e-4)
