"""Findings: the matrix binds, silence is no finding, and each rule fires where its arithmetic says."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.comparability.acceptance import lacks_review
from passerelle.comparability.coverage import covered
from passerelle.comparability.element_conditions import Situation, share
from passerelle.comparability.elements import element_rows
from passerelle.comparability.findings import finding_of, finding_rules, found, kind_matrix, strengths
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.records.compared_unit import ComparedUnit, OutcomeLink
from passerelle.records.comparison import Coverage, ElementRow, Finding, OutcomeEvidence
from passerelle.records.mapping_table import rows
from small_units import declared, link, machine, outcome, unit

STRONGEST = "no-potentially-substantial-difference-found"
PURPOSES = tuple(row["purpose"] for row in rows("purposes.tsv"))
KINDS = sorted({holder for holder, _ in kind_matrix()})
ALONE = SkillHierarchy.of_pairs((), ("S1", "S2", "S3", "S4"))
BLOC = ("full-qualification", "bloc")


def judged(
    holder: ComparedUnit, target: ComparedUnit, purpose: str, essential: frozenset[str] = frozenset()
) -> Finding:
    coverage, evidence = covered(holder, target, ALONE, essential=essential, wordings=False)
    marked = tuple(row for row in evidence if row.essential)
    situation = Situation(holder, target, coverage, marked)
    finding = finding_of(purpose, situation)
    # what decides is all that a finding needs
    assert finding == found(purpose, (holder.kind, target.kind), coverage, element_rows(purpose, situation), marked)
    return finding


def coverage(
    lower: float, expected: float, upper: float, assessed: float, outcomes: int = 10, named: int | None = None
) -> Coverage:
    """Figures of a target whose outcomes are shown in full or not at all, unless `named` says otherwise."""
    full = int(expected * outcomes) if named is None else named
    return Coverage(
        lower, expected, upper, assessed, 0.0, 0.0, outcomes, named=full, assessed_firmly=assessed, upper_at_most=upper
    )


def element(name: str) -> ElementRow:
    return ElementRow(name, "potentially-substantial", "any", (), ())


def evidence(lower: float, expected: float) -> OutcomeEvidence:
    return OutcomeEvidence("o", "shown", 1.0, lower, expected, 1.0, essential=True)


skills = st.sampled_from(["S1", "S2", "S3", "S4"])
links = st.one_of(
    st.builds(link, skills), st.builds(declared, skills), st.builds(machine, skills, st.sampled_from([0.1, 0.6, 1.0]))
)
contents = st.lists(st.lists(links, max_size=2), max_size=5)
levels = st.one_of(st.none(), st.integers(1, 8))


def built(name: str, content: list[list[object]], kind: str, level: int | None) -> ComparedUnit:
    outcomes = (outcome(f"{name}/{place}", *linked) for place, linked in enumerate(content))  # type: ignore[arg-type]
    return replace(unit(name, *outcomes), kind=kind, level=level)


@given(contents, contents, st.sampled_from(KINDS), st.sampled_from(KINDS), levels, levels, st.sampled_from(PURPOSES))
def test_a_part_never_receives_what_the_matrix_keeps_for_wholes(
    held: list[list[object]],
    asked: list[list[object]],
    holder_kind: str,
    target_kind: str,
    holder_level: int | None,
    target_level: int | None,
    purpose: str,
) -> None:
    holder, target = built("A", held, holder_kind, holder_level), built("B", asked, target_kind, target_level)
    finding = judged(holder, target, purpose)
    assert strengths()[finding.finding] <= strengths()[kind_matrix()[holder_kind, target_kind].strongest]
    assert finding.matrix_row == f"{holder_kind}-to-{target_kind}"
    # the same figures, were the holder's a part: never stronger
    as_part = judged(replace(holder, kind="micro-credential"), target, purpose)
    if target_kind != "micro-credential":
        assert as_part.finding != STRONGEST
    assert strengths()[as_part.finding] <= strengths()[finding.finding] or finding.bounded


@given(contents, st.integers(1, 5), st.sampled_from(PURPOSES))
def test_where_nothing_is_linked_on_a_side_nothing_is_found(held: list[list[object]], size: int, purpose: str) -> None:
    linked = built("A", held, "full-qualification", 5)
    silent = built("B", [[] for _ in range(size)], "full-qualification", 5)
    for holder, target in ((linked, silent), (silent, linked)):
        finding = judged(holder, target, purpose)
        assert finding.finding == "not-assessable"
        assert "learning-outcomes" not in finding.reasons


@given(contents, contents, st.sampled_from(PURPOSES))
def test_what_nobody_linked_yet_never_turns_into_no_overlap(
    held: list[list[object]], asked: list[list[object]], purpose: str
) -> None:
    holder, target = built("A", held, "full-qualification", 5), built("B", asked, "bloc", 5)
    silent = [outcome(f"A/silent-{place}") for place in range(len(asked))]
    with_silence = replace(holder, outcomes=tuple(sorted((*holder.outcomes, *silent), key=lambda each: each.iri)))
    # as many unlinked outcomes as the target has could show all of it
    assert judged(with_silence, target, purpose).finding != "no-overlap-found"


def test_an_exemption_needs_reviewed_links_for_the_whole_bloc() -> None:
    elements: tuple[ElementRow, ...] = ()
    # lower 0.8 of ten outcomes, 0.8 assessed: the rule's own bounds, reached
    assert found("bloc-exemption", BLOC, coverage(0.8, 0.8, 1.0, 0.8), elements).rule == "exemption-whole-bloc"
    # all of it expected and half of it reviewed: 10 outcomes named, no more
    named = found("bloc-exemption", BLOC, coverage(0.5, 1.0, 1.0, 1.0), elements)
    assert (named.finding, named.rule, named.bounded) == ("covers-named-parts", "covers-named", False)


def lacking(holder: ComparedUnit, target: ComparedUnit, purpose: str = "bloc-exemption") -> bool:
    """Whether nothing but a review keeps the finding from being a stronger one; five skills, none near another."""
    proximity = SkillHierarchy.of_pairs((), tuple(f"S{place}" for place in range(5)))
    figures, rows = covered(holder, target, proximity, wordings=False)
    situation = Situation(holder, target, figures)
    return lacks_review(purpose, finding_of(purpose, situation), situation, rows, proximity)


def five(name: str, *made: OutcomeLink, kind: str = "bloc", level: int | None = None) -> ComparedUnit:
    """Five outcomes with the link in its place, and beyond the last without."""
    return built(name, [[each] for each in made] + [[]] * (5 - len(made)), kind, level)


REVIEWED = five("B", *(link(f"S{place}") for place in range(5)))


def test_that_only_a_review_is_lacking_is_said() -> None:
    # four of five, 0.8, would do for a bloc, and the fifth may be what nobody linked; three of five would not do
    four = [link(f"S{place}", "machine", "exact") for place in range(4)]
    assert lacking(five("A", *four), REVIEWED)
    assert not lacking(five("A", *four[:3]), REVIEWED)
    assert lacking(five("A", *four), replace(REVIEWED, level=5))
    # nor where the level stands in the way, the matrix allows no more, it is there already, or does not apply
    assert not lacking(five("A", *four, level=3), replace(REVIEWED, level=5))
    assert not lacking(five("A", *four, kind="micro-credential"), REVIEWED)
    assert not lacking(five("A", *(link(f"S{place}") for place in range(5))), REVIEWED)
    assert not lacking(five("A", *four), replace(REVIEWED, kind="full-qualification"))


def test_a_review_gives_a_link_no_more_than_its_relation_is_worth() -> None:
    # an issuer's "related" counts 0.8 as declared; accepted it shows 0.25 of the skill, and nothing for sure
    assert not lacking(five("A", *(declared(f"S{place}") for place in range(5))), REVIEWED)
    # one reviewed, and four outcomes narrower than their skill: (1 + 4 · 0.5) / 5 = 0.6 is expected, accepted or not,
    # and 0.2 for sure, which is under 0.3
    broader = (link(f"S{place}", "machine", "broad") for place in range(1, 5))
    assert not lacking(five("A", link("S0"), *broader), REVIEWED, "non-regulated-employment")
    exact = (link(f"S{place}", "machine", "exact") for place in range(1, 5))
    assert lacking(five("A", link("S0"), *exact), REVIEWED, "non-regulated-employment")


def test_a_review_of_links_changes_nothing_where_words_alone_meet() -> None:
    texts = [f"Réaliser la soudure {word} des conduites cuivre" for word in ("alpha", "beta", "gamma", "delta")]
    target = unit("B", *(outcome(f"B/{place}", text=text) for place, text in enumerate(texts)))
    alike = (text.replace("la soudure", "les soudures") for text in texts)
    holder = replace(
        unit("A", *(outcome(f"A/{place}", text=text) for place, text in enumerate(alike))), kind="full-qualification"
    )
    figures, _ = covered(holder, target, ALONE, wordings=False)
    assert (figures.links, figures.lower, figures.expected) == (0, 0, 0.9)
    assert not lacking(holder, target)


def test_what_stands_in_the_way_is_named() -> None:
    finding = found("bloc-exemption", BLOC, coverage(1.0, 1.0, 1.0, 1.0), (element("profile"), element("level")))
    # another field does not stand in the way of an exemption, a lower level does
    assert (finding.finding, finding.reasons) == ("covers-named-parts", ("level",))


def test_the_matrix_holds_a_stronger_finding_back_and_says_so() -> None:
    finding = found("bloc-exemption", ("micro-credential", "bloc"), coverage(1.0, 1.0, 1.0, 1.0), ())
    assert finding == Finding(
        "covers-named-parts", "covers-named", "micro-credential-to-bloc", "covers-named-parts", bounded=True
    )


@pytest.mark.parametrize(
    ("figures", "finding"),
    [
        # one outcome of ten is shown by one half
        (coverage(0.0, 0.05, 0.1, 1.0, named=1), "covers-named-parts"),
        # ten faint guesses of 0.3 each are no shown outcome, and no absence of overlap; nor is the faintest
        (coverage(0.0, 0.3, 0.4, 1.0, named=0), "not-assessable"),
        (coverage(0.0, 0.0001, 0.4, 1.0), "not-assessable"),
        # nothing shown, all assessed, at best four tenths possible
        (coverage(0.0, 0.0, 0.4, 1.0), "no-overlap-found"),
        # the same where what nobody linked could show half
        (coverage(0.0, 0.0, 0.5, 1.0), "not-assessable"),
        # the same where only four tenths could be assessed
        (coverage(0.0, 0.0, 0.4, 0.4), "not-assessable"),
        # a target without outcomes
        (coverage(0.0, 0.0, 1.0, 0.0, outcomes=0), "not-assessable"),
    ],
)
def test_named_parts_no_overlap_and_what_cannot_be_assessed(figures: Coverage, finding: str) -> None:
    assert found("non-regulated-employment", BLOC, figures, ()).finding == finding


def test_no_purpose_has_the_strongest_finding_without_a_lower_bound_whatever_is_expected() -> None:
    for purpose, kinds in product(PURPOSES, product(KINDS, KINDS)):
        assert found(purpose, kinds, coverage(0.0, 1.0, 1.0, 1.0), (), shift=-0.1).finding != STRONGEST
    # half of what the purpose asks for: 0.6 / 2 and 0.7 / 2
    for purpose, least in (("non-regulated-employment", 0.3), ("further-study", 0.35)):
        assert found(purpose, BLOC, coverage(least, 1.0, 1.0, 1.0), ()).finding == STRONGEST
        assert found(purpose, BLOC, coverage(least - 0.0001, 1.0, 1.0, 1.0), ()).finding == "covers-named-parts"


def test_an_essential_outcome_must_itself_be_shown() -> None:
    full = coverage(0.9, 0.9, 1.0, 1.0)
    assert found("bloc-exemption", BLOC, full, (), (evidence(1.0, 1.0),)).finding == STRONGEST
    # declared by an issuer: 0.8 expected and nothing reviewed
    assert found("bloc-exemption", BLOC, full, (), (evidence(0.0, 0.8),)).finding == "covers-named-parts"
    assert found("non-regulated-employment", BLOC, full, (), (evidence(0.0, 0.8),)).finding == STRONGEST


def test_an_essential_outcome_that_is_missing_makes_the_outcomes_potentially_substantial() -> None:
    holder = unit("A", *(outcome(f"A/{each}", link(f"S{each}")) for each in (1, 2, 3)))
    target = replace(unit("B", *(outcome(f"B/{each}", link(f"S{each}")) for each in (1, 2, 3, 4))), kind="bloc")
    holder = replace(holder, kind="full-qualification")
    # 3 of 4 outcomes are shown: 0.75 ≥ 0.6
    assert judged(holder, target, "non-regulated-employment").finding == STRONGEST
    essential = judged(holder, target, "non-regulated-employment", frozenset({"B/4"}))
    assert (essential.finding, essential.reasons) == ("covers-named-parts", ("learning-outcomes",))


def test_thresholds_move_the_finding_and_stay_within_bounds() -> None:
    figures = coverage(0.75, 0.75, 1.0, 1.0)
    assert found("bloc-exemption", BLOC, figures, ()).finding == "covers-named-parts"
    assert found("bloc-exemption", BLOC, figures, (), shift=-0.1).finding == STRONGEST
    assert (share("0.95", 0.1), share("0.05", -0.1)) == (1.0, 0.0)


def test_every_purpose_comes_to_a_finding_for_figures_of_all_sizes() -> None:
    steps = (0.0, 0.25, 0.5, 0.75, 1.0)
    for purpose, lower, expected, upper, assessed in product(PURPOSES, steps, steps, steps, steps):
        if lower <= expected <= upper:
            finding = found(purpose, BLOC, coverage(lower, expected, upper, assessed), ())
            assert finding.finding in strengths()
            assert finding.rule in {rule.name for rule in finding_rules(purpose)}


def test_outcomes_are_named_one_by_one_and_faint_guesses_do_not_add_up() -> None:
    target = unit("B", *(outcome(f"B/{each}", link(f"S{each}")) for each in (1, 2, 3, 4)))
    faint = unit("A", *(outcome(f"A/{each}", machine(f"S{each}", 0.3)) for each in (1, 2, 3, 4)))
    clear = unit("A", outcome("A/1", machine("S1", 0.5)), outcome("A/2", machine("S2", 0.49)))
    # 4 · 0.3 / 4 = 0.3 expected, and no outcome by one half
    assert covered(faint, target, ALONE)[0].named == 0
    assert judged(replace(faint, kind="bloc"), target, "bloc-exemption").finding == "not-assessable"
    assert covered(clear, target, ALONE)[0].named == 1
    assert judged(replace(clear, kind="bloc"), target, "bloc-exemption").finding == "covers-named-parts"


def test_one_outcome_behind_a_whole_bloc_is_never_no_difference() -> None:
    # one reviewed outcome, ten outcomes of one skill: all of it is shown, and ESCO does not tell the ten apart
    holder = replace(unit("A", outcome("A/1", link("S1"))), kind="full-qualification")
    target = unit("B", *(outcome(f"B/{each}", link("S1")) for each in range(10)))
    figures = covered(holder, target, ALONE)[0]
    assert (figures.lower, figures.collapsed, figures.indistinct) == (1.0, 1.0, 1.0)
    for purpose in PURPOSES:
        assert judged(holder, target, purpose).finding == "covers-named-parts"
    # outcomes of the same texts need no skill to be told apart
    texts = [f"Poser et raccorder le module {each}" for each in range(10)]
    holder = unit("A", *(outcome(f"A/{text}", link("S1"), text=text) for text in texts))
    target = unit("B", *(outcome(f"B/{text}", link("S1"), text=text) for text in texts))
    assert covered(holder, target, ALONE)[0].indistinct == 0.0
    assert judged(replace(holder, kind="full-qualification"), target, "bloc-exemption").finding == STRONGEST


def test_guesses_of_a_machine_alone_never_give_the_strongest_finding() -> None:
    holder = replace(unit("A", *(outcome(f"A/{each}", machine(f"S{each}", 1.0)) for each in (1, 2, 3, 4))), kind="bloc")
    target = unit("B", *(outcome(f"B/{each}", machine(f"S{each}", 1.0)) for each in (1, 2, 3, 4)))
    reviewed = unit("B", *(outcome(f"B/{each}", link(f"S{each}")) for each in (1, 2, 3, 4)))
    assert covered(holder, target, ALONE)[0].expected == 1.0
    for purpose in PURPOSES:
        assert judged(holder, target, purpose).finding == "covers-named-parts"
    # four of eight links are reviewed, but no match at both ends: the lower bound is 0
    assert judged(holder, reviewed, "prior-learning-file").finding == "covers-named-parts"
    # two of four matches at both ends: 0.5 ≥ 0.3 for a file, not enough for an exemption
    half = (*(outcome(f"A/{each}", link(f"S{each}")) for each in (1, 2)), *holder.outcomes[2:])
    assert judged(replace(holder, outcomes=half), reviewed, "prior-learning-file").finding == STRONGEST
    assert judged(replace(holder, outcomes=half), reviewed, "bloc-exemption").finding == "covers-named-parts"


def test_guesses_of_a_machine_alone_never_count_against_a_holder() -> None:
    holder = replace(unit("A", *(outcome(f"A/{each}", machine("S1", 0.9)) for each in range(10))), kind="bloc")
    target = unit("B", *(outcome(f"B/{each}", machine("S2", 0.9)) for each in range(10)))
    figures, evidence = covered(holder, target, ALONE)
    assert (figures.assessed, figures.upper) == (1.0, 0.0)
    # without them nobody has said what either is about
    assert (figures.assessed_firmly, figures.upper_at_most) == (0.0, 1.0)
    assert {row.state for row in evidence} == {"possible"}
    for purpose in PURPOSES:
        finding = judged(holder, target, purpose)
        assert (finding.finding, finding.reasons) == ("not-assessable", ())


guesses = st.builds(machine, skills, st.floats(0, 1))


@given(
    contents,
    contents,
    st.booleans(),
    st.integers(0, 4),
    guesses,
    st.sampled_from(PURPOSES),
)
def test_a_guess_of_a_machine_never_turns_a_finding_into_no_overlap(
    held: list[list[object]], asked: list[list[object]], on_holder: bool, place: int, guess: OutcomeLink, purpose: str
) -> None:
    before = judged(built("A", held, "full-qualification", 5), built("B", asked, "bloc", 5), purpose)
    side = held if on_holder else asked
    if place < len(side):
        side[place] = [*side[place], guess]
    after = judged(built("A", held, "full-qualification", 5), built("B", asked, "bloc", 5), purpose)
    if before.finding != "no-overlap-found":
        assert after.finding != "no-overlap-found"
    if "learning-outcomes" not in before.reasons:
        assert "learning-outcomes" not in after.reasons


def test_a_purpose_that_does_not_apply_to_the_target_is_said_and_finds_nothing() -> None:
    full = coverage(1.0, 1.0, 1.0, 1.0)
    whole = found("bloc-exemption", ("full-qualification", "full-qualification"), full, (element("level"),))
    assert (whole.finding, whole.rule, whole.reasons) == ("not-assessable", "exemption-of-no-bloc", ())
    # which is not the same as too little being known
    assert not whole.applies
    assert found("bloc-exemption", BLOC, coverage(0.0, 0.0, 1.0, 0.0), ()).applies
    entry = found("prior-learning-file", ("full-qualification", "specific-certification"), full, ())
    assert (entry.finding, entry.rule) == ("not-assessable", "prior-learning-no-route")
    assert found("prior-learning-file", BLOC, full, ()).finding == STRONGEST
    assert found("further-study", ("full-qualification", "full-qualification"), full, ()).finding == STRONGEST
