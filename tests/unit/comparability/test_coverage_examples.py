"""Coverage against examples worked out by hand; each comment shows the arithmetic of method coverage-1."""

from __future__ import annotations

import pytest

from passerelle.comparability.coverage import covered
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.comparability.weightings import weights
from passerelle.records.comparison import Coverage
from small_units import declared, link, machine, outcome, unit

ALONE = SkillHierarchy.of_pairs((), ("S1", "S2", "S3", "S4"))


def shares(coverage: Coverage) -> tuple[float, float, float]:
    return coverage.lower, coverage.expected, coverage.upper


def test_a_reviewed_skill_of_two_is_shown_and_the_other_is_missing() -> None:
    holder = unit("A", outcome("A/1", link("S1")))
    target = unit("B", outcome("B/1", link("S1")), outcome("B/2", link("S2")))
    coverage, evidence = covered(holder, target, ALONE)
    # b1: 1·1 · 1·1 · 1 = 1 in all readings; b2: nothing; ½·1 + ½·0 = ½
    assert shares(coverage) == (0.5, 0.5, 0.5)
    assert (coverage.assessed, coverage.unlinked, coverage.collapsed, coverage.outcomes) == (1.0, 0.0, 0.0, 2)
    # the link of a1 and that of b1
    assert (coverage.links, coverage.reviewed_links, coverage.reviewed_share) == (2, 2, 1.0)
    assert [row.state for row in evidence] == ["shown", "not-shown"]
    assert evidence[0].matches[0].holder_link == link("S1")
    assert evidence[1].matches == ()


@pytest.mark.parametrize(
    ("held", "asked", "expected"),
    [
        # a outcome narrower than its skill shows half of it: 1·½ · 1·1 · 1
        ("broad", "exact", (0.0, 0.5, 1.0)),
        # who has the whole skill has what a narrower outcome asks: 1·1 · 1·1 · 1
        ("exact", "broad", (1.0, 1.0, 1.0)),
        ("narrow", "exact", (1.0, 1.0, 1.0)),
        # the skill is half of what the outcome asks: 1·1 · 1·½ · 1
        ("close", "narrow", (0.0, 0.5, 1.0)),
        # ½ · ½
        ("broad", "narrow", (0.0, 0.25, 1.0)),
        # ¼ · ¼ = 0.0625
        ("related", "related", (0.0, 0.0625, 1.0)),
    ],
)
def test_what_a_relation_shows_and_what_it_asks(held: str, asked: str, expected: tuple[float, float, float]) -> None:
    holder = unit("A", outcome("A/1", link("S1", relation=held)))
    target = unit("B", outcome("B/1", link("S1", relation=asked)))
    assert shares(covered(holder, target, ALONE)[0]) == expected


def test_declared_links_are_discounted_once_a_side_and_never_reach_the_lower_bound() -> None:
    holder = unit("A", outcome("A/1", declared("S1")), outcome("A/2", declared("S2")))
    target = unit("B", outcome("B/1", link("S1")), outcome("B/2", declared("S2")))
    coverage, _ = covered(holder, target, ALONE)
    # lower 0; expected ½·(0.8·1) + ½·(0.8·0.8) = 0.4 + 0.32 = 0.72; upper ½·1 + ½·1
    assert shares(coverage) == (0.0, 0.72, 1.0)
    assert (coverage.links, coverage.reviewed_links, coverage.declared_links) == (4, 1, 3)
    assert coverage.reviewed_share == 0.25


def test_machine_links_count_by_their_confidence() -> None:
    holder = unit("A", outcome("A/1", machine("S1", 0.7)), outcome("A/2", machine("S2", 0.5, calibrated=False)))
    target = unit("B", outcome("B/1", machine("S1", 0.6)), outcome("B/2", link("S2")))
    coverage, _ = covered(holder, target, ALONE)
    # expected ½·(0.7·0.6) + ½·(0.5·1) = 0.21 + 0.25 = 0.46; upper 1: either guess may be right
    assert shares(coverage) == (0.0, 0.46, 1.0)
    assert (coverage.machine_links, coverage.uncalibrated_links, coverage.reviewed_links) == (3, 1, 1)


def test_a_threshold_takes_away_weak_guesses_on_both_sides() -> None:
    holder = unit("A", outcome("A/1", machine("S1", 0.7)), outcome("A/2", machine("S2", 0.9)))
    target = unit("B", outcome("B/1", machine("S1", 0.6)), outcome("B/2", machine("S2", 0.8)))
    coverage, evidence = covered(holder, target, ALONE, threshold=0.65)
    # b1 has no link left: unlinked; b2: ½·(0.9·0.8) = 0.36; upper ½·1 + ½·1
    assert shares(coverage) == (0.0, 0.36, 1.0)
    assert (coverage.assessed, coverage.unlinked) == (0.5, 0.5)
    assert [row.state for row in evidence] == ["unlinked", "partly-shown"]


def test_without_machine_links_an_outcome_that_had_only_those_is_unlinked() -> None:
    holder = unit("A", outcome("A/1", link("S1")))
    target = unit("B", outcome("B/1", link("S1"), machine("S2", 0.9)), outcome("B/2", machine("S1", 0.9)))
    everything, _ = covered(holder, target, ALONE)
    # b1 1/1/1, b2 0 / 0.9 / 1
    assert shares(everything) == (0.5, 0.95, 1.0)
    reviewed, _ = covered(holder, target, ALONE, links=lambda each: each.link_class != "machine")
    # b2 is unlinked: 0 / 0 / 1, and half of the target is assessed
    assert shares(reviewed) == (0.5, 0.5, 1.0)
    assert (reviewed.assessed, reviewed.unlinked, reviewed.machine_links) == (0.5, 0.5, 0)


@pytest.mark.parametrize(
    ("held", "asked", "kind", "expected"),
    [
        # narrower and broader skills count half: 1 · 1 · ½
        ("wind", "energy", "narrower-skill", (0.0, 0.5, 1.0)),
        ("energy", "wind", "broader-skill", (0.0, 0.5, 1.0)),
    ],
)
def test_skills_directly_above_or_below_count_half(
    held: str, asked: str, kind: str, expected: tuple[float, float, float]
) -> None:
    hierarchy = SkillHierarchy.of_pairs([("wind", "energy"), ("offshore wind", "wind")])
    holder, target = unit("A", outcome("A/1", link(held))), unit("B", outcome("B/1", link(asked)))
    coverage, evidence = covered(holder, target, hierarchy)
    assert shares(coverage) == expected
    assert evidence[0].matches[0].kind == kind
    guessed = unit("A", outcome("A/1", machine(held, 0.8)))
    # 0.8 · 1 · ½
    assert covered(guessed, target, hierarchy)[0].expected == 0.4


def test_skills_two_steps_apart_or_below_the_same_one_do_not_meet() -> None:
    hierarchy = SkillHierarchy.of_pairs([("wind", "energy"), ("solar", "energy"), ("offshore wind", "wind")])
    target = unit("B", outcome("B/1", link("energy")), outcome("B/2", link("solar")))
    holder = unit("A", outcome("A/1", link("offshore wind")))
    assert shares(covered(holder, target, hierarchy)[0]) == (0.0, 0.0, 0.0)


def test_a_faint_guess_counts_for_what_it_shows_and_never_against_a_holder() -> None:
    holder = unit("A", outcome("A/1", link("S1")), outcome("A/2", machine("S9", 0.1)))
    target = unit(
        "B", outcome("B/1", link("S2")), outcome("B/2", machine("S1", 0.49)), outcome("B/3", machine("S3", 0.4))
    )
    coverage, evidence = covered(holder, target, ALONE)
    # expected: b2 by a1, 1 · 0.49, a third: 0.1633. Upper: b2 and b3 are not linked; a2 is not either, and may show b1
    assert shares(coverage) == (0.0, 0.1633, 1.0)
    # b1 alone is linked
    assert (coverage.assessed, coverage.unlinked, coverage.named) == (0.3333, 0.6667, 0)
    assert [row.state for row in evidence] == ["possible", "possible", "unlinked"]
    # from one half on an outcome is linked: b3 then asks for S3, which nothing shows; a2 shows b1 or b3, not both
    surer = unit("B", *target.outcomes[:2], outcome("B/3", machine("S3", 0.5)))
    coverage, evidence = covered(holder, surer, ALONE)
    assert shares(coverage) == (0.0, 0.1633, 0.6667)
    assert (coverage.assessed, coverage.unlinked) == (0.6667, 0.3333)
    # but nothing is said to be missing of which only a machine says what it is about
    assert [row.state for row in evidence] == ["possible", "possible", "possible"]


def test_ten_uncertain_guesses_on_each_side_say_nothing_against_anybody() -> None:
    holder = unit("A", *(outcome(f"A/{number}", machine(f"S{number}", 0.1)) for number in range(10)))
    target = unit("B", *(outcome(f"B/{number}", machine(f"T{number}", 0.1)) for number in range(10)))
    coverage, evidence = covered(holder, target, ALONE)
    assert shares(coverage) == (0.0, 0.0, 1.0)
    assert (coverage.assessed, coverage.unlinked) == (0.0, 1.0)
    assert {row.state for row in evidence} == {"unlinked"}


@pytest.mark.parametrize(("confidence", "state"), [(0.5, "partly-shown"), (0.49994, "possible"), (0.02, "possible")])
def test_an_outcome_is_shown_in_part_from_one_half_on(confidence: float, state: str) -> None:
    target = unit("B", outcome("B/1", link("S1")))
    coverage, evidence = covered(unit("A", outcome("A/1", machine("S1", confidence))), target, ALONE)
    assert evidence[0].state == state
    assert coverage.named == (state == "partly-shown")


def test_one_to_one_each_outcome_of_the_holder_shows_one_of_the_target() -> None:
    holder = unit("A", outcome("A/1", link("S1")), outcome("A/2", machine("S1", 0.6)))
    target = unit("B", *(outcome(f"B/{number}", link("S1")) for number in range(4)))
    assert shares(covered(holder, target, ALONE)[0]) == (1.0, 1.0, 1.0)
    coverage, evidence = covered(holder, target, ALONE, one_to_one=True)
    # a1 shows one of four, a2 another: lower ¼, expected ¼ + ¼·0.6 = 0.4, upper ½
    assert shares(coverage) == (0.25, 0.4, 0.5)
    # all four ask for the same skill, and are assessed all the same
    assert (coverage.assessed, coverage.collapsed, coverage.named) == (1.0, 1.0, 2)
    # the link of a1, that of a2, and those of the two that they show
    assert (coverage.links, coverage.machine_links) == (4, 1)
    assert sorted(match.outcome for row in evidence for match in row.matches) == ["A/1", "A/2"]


def test_one_to_one_the_choice_is_best_for_all_together() -> None:
    holder = unit("A", outcome("A/1", link("S1"), link("S2")), outcome("A/2", machine("S1", 0.7)))
    target = unit("B", outcome("B/1", link("S1")), outcome("B/2", link("S2")))
    # a1 could show b1 (1) and a2 nothing more; better a2 shows b1 (0.7) and a1 shows b2 (1): 1.7 / 2. Lower: a1 alone
    assert shares(covered(holder, target, ALONE, one_to_one=True)[0]) == (0.5, 0.85, 1.0)


def test_one_to_one_silence_is_still_possible() -> None:
    holder = unit("A", outcome("A/1", link("S1")), outcome("A/2"))
    target = unit("B", *(outcome(f"B/{number}", link("S1")) for number in range(3)), outcome("B/3"))
    # a1 shows one of b0, b1, b2; a2 may show another; b3 is not linked: lower ¼, upper ¾
    assert shares(covered(holder, target, ALONE, one_to_one=True)[0]) == (0.25, 0.25, 0.75)


def test_silence_on_either_side_is_possible_and_never_expected() -> None:
    holder = unit("A", outcome("A/1", link("S1")), outcome("A/2"))
    target = unit(
        "B", outcome("B/1", link("S1")), outcome("B/2", link("S2")), outcome("B/3"), outcome("B/4", link("S4"))
    )
    coverage, evidence = covered(holder, target, ALONE)
    # lower, expected: ¼ (b1). Upper: b1, b3 (unlinked), and the unlinked a2 may show one of b2 and b4: ¾
    assert shares(coverage) == (0.25, 0.25, 0.75)
    assert (coverage.assessed, coverage.unlinked) == (0.75, 0.25)
    # a2 may be b2 or b4: it counts once, with the first of two equal gains, and neither is said to be missing
    assert [row.state for row in evidence] == ["shown", "possible", "unlinked", "possible"]
    assert [row.upper for row in evidence] == [1.0, 1.0, 1.0, 0.0]
    heavier, _ = covered(holder, target, ALONE, {"B/1": 1, "B/2": 1, "B/3": 1, "B/4": 2})
    # a2 goes where it gains most: b4. (1 + 1 + 2)/5
    assert shares(heavier) == (0.2, 0.2, 0.8)


def test_a_holder_that_states_nothing_shows_nothing_and_is_not_assessed() -> None:
    target = unit("B", outcome("B/1", link("S1")), outcome("B/2"))
    coverage, _ = covered(unit("A"), target, ALONE)
    # b2 is unlinked: ½ is possible
    assert shares(coverage) == (0.0, 0.0, 0.5)
    assert coverage.assessed == 0.0


def test_of_a_target_that_states_nothing_everything_is_possible() -> None:
    holder = unit("A", outcome("A/1", link("S1")))
    for one_to_one in (False, True):
        coverage, evidence = covered(holder, unit("B"), ALONE, one_to_one=one_to_one)
        assert shares(coverage) == (0.0, 0.0, 1.0)
        assert (coverage.assessed, coverage.outcomes, evidence) == (0.0, 0, ())


def test_the_same_text_is_the_same_outcome_in_one_language() -> None:
    holder = unit(
        "A",
        outcome("A/1", text="• C1.2 : Porter  les premiers secours"),
        outcome("A/2", text="Porter secours", language="fr-BE"),
        outcome("A/3", text="Manager", language="en"),
    )
    target = unit(
        "B",
        outcome("B/1", text="Porter les premiers secours"),
        outcome("B/2", text="Porter secours", language="fr-FR"),
        outcome("B/3", text="Manager", language="fr"),
        outcome("B/4", link("S4")),
    )
    coverage, evidence = covered(holder, target, ALONE)
    # b1 and b2 by text; b3 is unlinked and in another language; a3 met nothing and may show b4
    assert shares(coverage) == (0.5, 0.5, 1.0)
    # text: b1, b2; no outcome of A has a link, so nothing can be said of b4
    assert (coverage.assessed, coverage.unlinked, coverage.links) == (0.5, 0.75, 0)
    assert [row.state for row in evidence] == ["shown", "shown", "unlinked", "possible"]
    assert evidence[0].matches[0].kind == "same-text"


def test_the_same_words_are_expected_to_mean_the_same_and_no_more() -> None:
    holder = unit(
        "A", outcome("A/1", text="Contrôler le câblage des armoires électriques"), outcome("A/2", text="Piloter")
    )
    target = unit(
        "B", outcome("B/1", text="contrôler les câblages de l'armoire électrique"), outcome("B/2", text="piloter")
    )
    coverage, evidence = covered(holder, target, ALONE)
    # four stems are the same: 0 / 0.9 / 1; a single word ("Piloter", "piloter") is no evidence. ½·0.9 = 0.45
    assert shares(coverage) == (0.0, 0.45, 1.0)
    assert coverage.assessed == 0.5
    assert evidence[0].matches[0].kind == "same-words"


def test_an_outcome_that_met_another_by_text_is_not_silent() -> None:
    target = unit("B", outcome("B/1", text="Porter secours"), outcome("B/2", link("S2")))
    # a1 shows b1, and cannot be taken for b2 as well
    assert shares(covered(unit("A", outcome("A/1", text="Porter secours")), target, ALONE)[0]) == (0.5, 0.5, 0.5)


def test_the_best_of_several_matches_counts_and_each_link_behind_it_once() -> None:
    holder = unit(
        "A", outcome("A/1", link("S1", relation="related"), declared("S2")), outcome("A/2", machine("S1", 0.6))
    )
    target = unit("B", outcome("B/1", link("S1"), link("S2")), outcome("B/2", link("S2")))
    coverage, evidence = covered(holder, target, ALONE)
    # b1: max(0.25 by a1 and S1, 0.8 by a1 and S2, 0.6 by a2) = 0.8; b2: 0.8
    assert shares(coverage) == (0.0, 0.8, 1.0)
    assert [match.outcome for match in evidence[0].matches] == ["A/1", "A/2"]
    assert [match.expected for match in evidence[0].matches] == [0.8, 0.6]
    # (a1, S2) behind both, (b1, S2), (b2, S2)
    assert (coverage.links, coverage.declared_links, coverage.reviewed_links) == (3, 1, 2)


def test_a_whole_is_covered_by_its_parts() -> None:
    first = [outcome(f"P1/{number}", link(f"S{number}")) for number in (1, 2, 3)]
    second = outcome("P2/1", link("S4"))
    holder = unit("A", *(outcome(f"A/{number}", link(f"S{number}")) for number in (1, 2, 3)))
    whole = unit("B", *first, second)
    # three of four outcomes; by part: P1 3/3, P2 0/1, each ½
    assert covered(holder, whole, ALONE)[0].expected == 0.75
    assert covered(holder, whole, ALONE, weights(whole, "by-part", ALONE))[0].expected == 0.5
    # the part is within the whole: the same outcomes
    assert shares(covered(whole, unit("P1", *first), ALONE)[0]) == (1.0, 1.0, 1.0)
    assert shares(covered(unit("P1", *first), whole, ALONE)[0]) == (0.75, 0.75, 0.75)


def test_outcomes_that_esco_does_not_tell_apart_are_collapsed() -> None:
    target = unit(
        "B",
        outcome("B/1", link("S1")),
        outcome("B/2", machine("S1", 0.9), declared("S2")),
        outcome("B/3", declared("S2")),
    )
    coverage, _ = covered(unit("A", outcome("A/1", link("S1"))), target, ALONE)
    # best skills: S1, S2 (declared before machine), S2: two of three share one
    assert coverage.collapsed == 0.6667
    # weights ½ for S1 and ¼ + ¼ for S2, of which B/2 is expected at 0.9: ½ + ¼·0.9 = 0.725
    weighted, _ = covered(
        unit("A", outcome("A/1", link("S1"))), target, ALONE, weights(target, "distinct-skills", ALONE)
    )
    assert weighted.expected == 0.725


def test_the_best_link_is_the_surest_then_the_closest() -> None:
    target = unit("B", outcome("B/1", link("S1", relation="related"), link("S2")), outcome("B/2", link("S2")))
    # both are reviewed: the exact one, S2, says what B/1 is about
    assert covered(unit("A"), target, ALONE)[0].collapsed == 1.0


def test_weights_by_information_content() -> None:
    # nine skills; "energy" has two below it: 1 − ln(2+1)/ln(9) = 1 − ½ = ½; a leaf has 1
    hierarchy = SkillHierarchy.of_pairs(
        [("wind", "energy"), ("solar", "energy")], ("energy", *(f"other {number}" for number in range(6)))
    )
    target = unit(
        "B",
        outcome("B/1", link("energy")),
        outcome("B/2", link("wind")),
        outcome("B/3"),
        outcome("B/4", link("retired")),
    )
    found = weights(target, "information-content", hierarchy)
    # masses ½, 1, and the mean ¾ for the unlinked one and for the skill that this ESCO does not have; sum 3
    assert found == pytest.approx({"B/1": 1 / 6, "B/2": 1 / 3, "B/3": 1 / 4, "B/4": 1 / 4})
    assert covered(unit("A", outcome("A/1", link("solar"))), target, hierarchy, found)[0].expected == 0.0833  # ½ of 1/6


def test_weights_of_unlinked_outcomes_by_half() -> None:
    target = unit("B", outcome("B/1", link("S1")), outcome("B/2"))
    found = weights(target, "unlinked-half", ALONE)
    assert found == pytest.approx({"B/1": 2 / 3, "B/2": 1 / 3})
    coverage, _ = covered(unit("A", outcome("A/1", link("S1"))), target, ALONE, found)
    assert (shares(coverage), coverage.unlinked) == ((0.6667, 0.6667, 1.0), 0.3333)


def test_an_essential_outcome_is_marked_and_moves_no_number() -> None:
    holder = unit("A", outcome("A/1", link("S1")))
    target = unit("B", outcome("B/1", link("S1")), outcome("B/2", link("S2")))
    plain, _ = covered(holder, target, ALONE)
    marked, evidence = covered(holder, target, ALONE, essential={"B/2"})
    assert plain == marked
    assert [row.essential for row in evidence] == [False, True]


def test_the_nearest_wording_is_shown_beside_and_counts_nothing() -> None:
    holder = unit("A", outcome("A/1", text="Contrôler une éolienne"), outcome("A/2", text="Rédiger un devis"))
    target = unit("B", outcome("B/1", link("S1"), text="Rédiger le devis du client"))
    coverage, (row,) = covered(holder, target, ALONE)
    assert coverage.expected == 0.0
    assert row.nearest_wording == "A/2"
    assert 0.5 < row.similarity < 1
    assert covered(holder, target, ALONE, wordings=False)[1][0].nearest_wording == ""


def test_weights_that_say_nothing_are_refused() -> None:
    target = unit("B", outcome("B/1"), outcome("B/2"))
    with pytest.raises(ValueError, match="weights"):
        covered(unit("A"), target, ALONE, {"B/1": 0, "B/2": 0})
    with pytest.raises(KeyError):
        covered(unit("A"), target, ALONE, {"B/1": 1})
