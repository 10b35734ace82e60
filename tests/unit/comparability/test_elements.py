"""Grades of elements, each worked out by hand from what the two units state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.elements import element_rows
from passerelle.namespaces import VOCABULARY
from passerelle.records.compared_unit import ComparedUnit, Fact
from passerelle.records.comparison import Coverage, OutcomeEvidence
from passerelle.records.mapping_table import rows
from small_units import unit

FIELD = "http://data.europa.eu/snb/isced-f/"
ECTS, OTHER = "http://data.europa.eu/snb/education-credit/6fcec5c5af", "https://example.org/points"
NOTHING = Coverage(0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1)


def stating(level: int | None = None, *facts: Fact) -> ComparedUnit:
    return replace(unit("U"), level=level, facts=facts)


def fact(element: str, name: str, value: str, qualifier: str = "", language: str = "") -> Fact:
    return Fact(element, name, value, "g", language, qualifier=qualifier)


def hours(number: int) -> Fact:
    return fact("workload", "volume-of-learning", f"PT{number}H")


def points(number: str, framework: str = ECTS) -> Fact:
    return fact("workload", "credits", number, framework)


def field(code: str, *, crosswalk: bool = False) -> Fact:
    name = "field-of-education-by-crosswalk" if crosswalk else "field-of-education"
    return fact("profile", name, FIELD + code)


def other_notation(value: str) -> Fact:
    return fact("profile", "field-of-education", value)


def status(name: str, day: str = "2026-11-22") -> Fact:
    return fact("registration-and-status", "registration-status", f"{VOCABULARY}registration-status/{name}", day)


def graded(
    element: str,
    purpose: str,
    holder: ComparedUnit,
    target: ComparedUnit,
    coverage: Coverage = NOTHING,
    essential: tuple[OutcomeEvidence, ...] = (),
) -> tuple[str, str]:
    (row,) = element_rows(purpose, Situation(holder, target, coverage, essential), only={element})
    return row.grade, row.rule


@pytest.mark.parametrize(
    ("purpose", "holder", "target", "grade"),
    [
        ("bloc-exemption", 5, 5, "no-difference-found"),
        ("bloc-exemption", 4, 5, "potentially-substantial"),
        ("bloc-exemption", 6, 5, "probably-not-substantial"),
        ("non-regulated-employment", 4, 5, "probably-not-substantial"),
        ("non-regulated-employment", 3, 5, "potentially-substantial"),
        ("prior-learning-file", 3, 5, "probably-not-substantial"),
        ("regulated-profession", 4, 5, "probably-not-substantial"),
        ("curriculum-comparison", 7, 5, "potentially-substantial"),
        ("further-study", 7, 5, "probably-not-substantial"),
        ("bloc-exemption", None, 5, "not-stated"),
        # an RS certification has no level, and none is inferred
        ("bloc-exemption", 5, None, "not-stated"),
    ],
)
def test_levels(purpose: str, holder: int | None, target: int | None, grade: str) -> None:
    assert graded("level", purpose, stating(holder), stating(target))[0] == grade


@pytest.mark.parametrize(
    ("held", "asked", "study", "exemption"),
    [
        # 900 / 1800 = 0.5 of the target's
        ((hours(900),), (hours(1800),), "workload-less", "workload-less"),
        # 890 / 1800 < 0.5
        ((hours(890),), (hours(1800),), "workload-half", "workload-less"),
        # 1620 / 1800 = 0.9, 1980 / 1800 = 1.1
        ((hours(1620),), (hours(1800),), "workload-same", "workload-same"),
        ((hours(1980),), (hours(1800),), "workload-same", "workload-same"),
        ((hours(1981),), (hours(1800),), "workload-more", "workload-more"),
        # 3 / 4.5 credits of one system; a decimal comma is understood
        ((points("3"),), (points("4,5"),), "workload-less", "workload-less"),
        # credits of two systems, and credits against hours, do not meet
        ((points("3"),), (points("3", OTHER),), "workload-not-comparable", "workload-not-comparable"),
        ((points("3"),), (hours(75),), "workload-not-comparable", "workload-not-comparable"),
        # the RNCP states none
        ((hours(75),), (), "workload-not-stated", "workload-not-stated"),
    ],
)
def test_workloads(held: tuple[Fact, ...], asked: tuple[Fact, ...], study: str, exemption: str) -> None:
    holder, target = stating(None, *held), stating(None, *asked)
    assert graded("workload", "further-study", holder, target)[1] == study
    assert graded("workload", "bloc-exemption", holder, target)[1] == exemption


@pytest.mark.parametrize(
    ("held", "asked", "purpose", "rule"),
    [
        (field("0713"), field("0713"), "further-study", "profile-same-detailed-field"),
        (field("0713"), field("0713", crosswalk=True), "further-study", "profile-same-detailed-field"),
        # 0713 and 0714 share 07; 071 is a narrow field and names no detailed one
        (field("0713"), field("0714"), "further-study", "profile-same-broad-field"),
        (field("0713"), field("071", crosswalk=True), "further-study", "profile-same-broad-field"),
        (field("0713"), field("0922"), "further-study", "profile-other-field"),
        (field("0713"), field("0922"), "bloc-exemption", "profile-other"),
        # a crosswalk of ours is no ground for a potentially substantial difference
        (field("0713"), field("0922", crosswalk=True), "further-study", "profile-other"),
        # unknown, generic, and what is no code of ISCED-F 2013 as the authority publishes it say nothing
        (field("0713"), field("9999"), "further-study", "profile-not-stated"),
        (field("0713"), field("99"), "regulated-profession", "profile-not-stated"),
        (field("0713"), field("0011"), "curriculum-comparison", "profile-not-stated"),
        (field("0713"), field("7"), "further-study", "profile-not-stated"),
        (
            field("0713"),
            other_notation("https://data.europa.eu/snb/isced-f/0713"),
            "further-study",
            "profile-not-stated",
        ),
        (
            field("0713"),
            other_notation("https://example.org/fields/energy"),
            "regulated-profession",
            "profile-not-stated",
        ),
    ],
)
def test_fields(held: Fact, asked: Fact, purpose: str, rule: str) -> None:
    assert graded("profile", purpose, stating(None, held), stating(None, asked))[1] == rule


def test_a_field_on_one_side_only_is_no_difference() -> None:
    assert graded("profile", "further-study", stating(None, field("0713")), stating()) == (
        "not-stated",
        "profile-not-stated",
    )


def test_quality_needs_a_register_on_both_sides_and_what_issuers_say_of_themselves_is_less() -> None:
    listed = fact("quality", "national-catalogue", "https://example.org/rncp")
    placed = fact("quality", "national-framework", "http://data.europa.eu/snb/qdr/c_334b891b")
    body = fact("quality", "certifier", "https://example.org/body")
    accredited = fact("quality", "accreditation", "https://example.org/accreditation")

    def quality(held: Fact) -> tuple[str, str]:
        return graded("quality", "bloc-exemption", stating(None, held), stating(None, listed))

    assert quality(listed) == ("no-difference-found", "quality-registered")
    assert quality(accredited) == ("probably-not-substantial", "quality-as-stated")
    # any issuer may write a framework level
    assert quality(placed) == quality(body) == ("not-stated", "quality-not-stated")


@pytest.mark.parametrize(
    ("held", "asked", "purpose", "rule"),
    [
        ((status("registered"),), (status("registered"),), "bloc-exemption", "status-same"),
        ((), (status("registered"),), "bloc-exemption", "status-not-stated"),
        # nobody can be exempted from a bloc of what has ended, whatever the holder's source states
        ((), (status("ended"),), "bloc-exemption", "status-target-ended"),
        ((), (status("ended"),), "further-study", "status-target-over"),
        # the newest source counts
        ((), (status("registered", "2024-02-22"), status("ended")), "bloc-exemption", "status-target-ended"),
        # what was obtained stays obtained
        ((status("ended"),), (status("registered"),), "bloc-exemption", "status-holder-over"),
        ((status("registered"),), (status("not-yet-effective"),), "bloc-exemption", "status-target-later"),
        ((status("not-stated"),), (status("registered"),), "bloc-exemption", "status-open"),
    ],
)
def test_statuses(held: tuple[Fact, ...], asked: tuple[Fact, ...], purpose: str, rule: str) -> None:
    assert graded("registration-and-status", purpose, stating(None, *held), stating(None, *asked))[1] == rule


def test_texts_are_compared_as_wordings_only_and_otherwise_left_to_a_reader() -> None:
    first = fact("assessment", "assessment-methods", "•  Entretien  avec le jury", language="fr")
    same = fact("assessment", "assessment-methods", "Entretien avec le jury", language="fr")
    other = fact("assessment", "assessment-methods", "Étude de cas", language="fr")
    one = stating(None, first)
    assert graded("assessment", "bloc-exemption", one, stating(None, same)) == (
        "no-difference-found",
        "assessment-same",
    )
    assert graded("assessment", "bloc-exemption", one, stating(None, other)) == ("not-stated", "assessment-read")
    # one of two is not all that the target states; all of it and more is
    both = stating(None, same, other)
    assert graded("assessment", "bloc-exemption", one, both) == ("not-stated", "assessment-read")
    assert graded("assessment", "bloc-exemption", both, one) == ("no-difference-found", "assessment-same")
    assert graded("assessment", "bloc-exemption", one, stating()) == ("not-stated", "assessment-not-stated")


def test_sentences_on_autonomy_are_shown_and_never_graded() -> None:
    held = fact("autonomy-and-responsibility", "autonomy-in-outcomes", "Works independently", language="en")
    one = stating(5, held)
    situation = Situation(one, one, NOTHING)
    (row,) = element_rows("regulated-profession", situation, only={"autonomy-and-responsibility"})
    assert (row.grade, row.rule, row.holder, row.target) == ("not-stated", "autonomy-read", (held,), (held,))


@pytest.mark.parametrize(
    ("purpose", "numbers", "grade"),
    [
        # more than a tenth is missing at best: 1 − 0.89
        ("bloc-exemption", (0.8, 0.8, 0.89), "potentially-substantial"),
        ("bloc-exemption", (0.8, 0.8, 0.9), "probably-not-substantial"),
        ("bloc-exemption", (0.79, 1.0, 1.0), "not-stated"),
        ("bloc-exemption", (0.95, 1.0, 1.0), "no-difference-found"),
        ("regulated-profession", (0.8, 1.0, 1.0), "not-stated"),
        ("non-regulated-employment", (0.3, 0.6, 1.0), "probably-not-substantial"),
        # reviewed links show less than half of what is asked for: what others show is to be looked at
        ("non-regulated-employment", (0.29, 1.0, 1.0), "not-stated"),
        ("non-regulated-employment", (0.0, 0.59, 0.6), "not-stated"),
        ("non-regulated-employment", (0.0, 0.5, 0.59), "potentially-substantial"),
        ("further-study", (0.35, 0.95, 0.95), "no-difference-found"),
        ("further-study", (0.34, 0.95, 0.95), "not-stated"),
        # nothing is linked: all is possible, nothing is a difference
        ("curriculum-comparison", (0.0, 0.0, 1.0), "not-stated"),
    ],
)
def test_outcomes(purpose: str, numbers: tuple[float, float, float], grade: str) -> None:
    figures = Coverage(*numbers, 1.0, 0.0, 0.0, 10, assessed_firmly=1.0, upper_at_most=numbers[2])
    assert graded("learning-outcomes", purpose, stating(), stating(), figures)[0] == grade


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        ("not-shown", "outcomes-essential-missing"),
        ("unlinked", "outcomes-essential-open"),
        ("possible", "outcomes-essential-open"),
        ("partly-shown", "outcomes-all-reviewed"),
        ("shown", "outcomes-all-reviewed"),
    ],
)
def test_an_essential_outcome_decides_where_it_is_missing_and_not_where_nobody_linked_it(state: str, rule: str) -> None:
    marked = (OutcomeEvidence("o", state, 0.05, 0.0, 0.0, 1.0, essential=True),)  # type: ignore[arg-type]
    figures = Coverage(0.95, 0.95, 0.95, 1.0, 0.0, 0.0, 20)
    assert graded("learning-outcomes", "bloc-exemption", stating(), stating(), figures, marked)[1] == rule


def test_a_difference_must_be_one_without_the_links_of_a_machine() -> None:
    shown = Coverage(0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 10, assessed_firmly=0.5, upper_at_most=0.89)
    grades = [
        graded("learning-outcomes", "bloc-exemption", stating(), stating(), each)
        for each in (shown, replace(shown, assessed_firmly=0.4), replace(shown, upper_at_most=0.9))
    ]
    assert grades == [
        ("potentially-substantial", "outcomes-missing-strict"),
        ("not-stated", "outcomes-open"),
        ("not-stated", "outcomes-open"),
    ]


def test_outcomes_that_esco_does_not_tell_apart_and_a_machine_s_guesses_are_left_to_a_reader() -> None:
    shown = Coverage(1.0, 1.0, 1.0, 1.0, 0.0, 0.5, 10, links=4, reviewed_links=2, machine_links=2, indistinct=0.5)
    assert graded("learning-outcomes", "bloc-exemption", stating(), stating(), shown) == (
        "not-stated",
        "outcomes-collapsed",
    )
    apart = replace(shown, indistinct=0.4)
    assert graded("learning-outcomes", "bloc-exemption", stating(), stating(), apart)[1] == "outcomes-all-reviewed"
    # two of four links are a machine's: half; then three of five
    assert graded("learning-outcomes", "further-study", stating(), stating(), apart)[1] == "outcomes-all"
    guessed = replace(apart, links=5, machine_links=3)
    assert graded("learning-outcomes", "further-study", stating(), stating(), guessed) == (
        "not-stated",
        "outcomes-all-machine",
    )


SEVERITY = ("no-difference-found", "probably-not-substantial", "not-stated", "potentially-substantial")


@given(
    st.lists(st.sampled_from([0.0, 0.4, 0.55, 0.65, 0.75, 0.89, 0.92, 1.0]), min_size=4, max_size=4),
    st.sampled_from(["shown", "partly-shown", "possible", "not-shown", "unlinked"]),
    st.sampled_from([row["purpose"] for row in rows("purposes.tsv")]),
)
def test_marking_an_outcome_essential_never_makes_the_grade_milder(
    numbers: list[float], state: str, purpose: str
) -> None:
    lower, expected, upper, assessed = (*sorted(numbers[:3]), numbers[3])
    figures = Coverage(lower, expected, upper, assessed, 0.0, 0.0, 10, assessed_firmly=assessed, upper_at_most=upper)
    marked = (OutcomeEvidence("o", state, 0.1, 0.0, 0.0, 0.0, essential=True),)  # type: ignore[arg-type]
    with_it, without = (
        graded("learning-outcomes", purpose, stating(), stating(), figures, each)[0] for each in (marked, ())
    )
    assert SEVERITY.index(with_it) >= SEVERITY.index(without)


@pytest.mark.parametrize("written", ["2e30000000", "1/3", "1_0", "0x10", "1" * 5000, "", "three"])
def test_credits_that_are_written_otherwise_are_none(written: str) -> None:
    holder, target = stating(None, points(written)), stating(None, points("3"))
    assert graded("workload", "further-study", holder, target)[1] == "workload-not-comparable"


def test_how_many_outcomes_a_source_writes_is_no_difference() -> None:
    # nothing is linked: a holder of one outcome could show one of the target's two at best, 0.5, and 0 was assessed
    figures = Coverage(0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 2)
    assert graded("learning-outcomes", "bloc-exemption", stating(), stating(), figures) == (
        "not-stated",
        "outcomes-little-assessed",
    )


def test_all_elements_come_in_the_order_of_the_table_whatever_is_asked() -> None:
    situation = Situation(stating(), stating(), NOTHING)
    assert [row.element for row in element_rows("further-study", situation)] == [
        "level",
        "workload",
        "quality",
        "profile",
        "learning-outcomes",
        "autonomy-and-responsibility",
        "access-rights",
        "registration-and-status",
        "assessment",
        "validity",
    ]
    assert {row.grade for row in element_rows("further-study", situation)} == {"not-stated"}


def test_thresholds_of_the_outcomes_move_with_the_variant() -> None:
    figures = Coverage(0.7, 0.7, 0.85, 1.0, 0.0, 0.0, 10, assessed_firmly=1.0, upper_at_most=0.85)
    base = Situation(stating(), stating(), figures)
    (row,) = element_rows("bloc-exemption", base, only={"learning-outcomes"})
    (moved,) = element_rows("bloc-exemption", replace(base, shift=-0.1), only={"learning-outcomes"})
    assert (row.grade, moved.grade) == ("potentially-substantial", "probably-not-substantial")
