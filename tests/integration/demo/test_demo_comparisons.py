"""Comparisons on the demo, worked out by hand from the truth table of data/demo/README.md.

What a machine proposes changes with the machine, so the hand-worked figures leave its links out.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from passerelle.comparability.comparisons import Comparisons, essential_outcomes
from passerelle.comparability.link_values import counting
from passerelle.comparability.nearest import Filters
from passerelle.errors import NoComparison, ParameterError, UnknownUnit
from passerelle.graph.release import Release
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Comparison, Related
from small_units import outcome, unit

ITALIAN = "https://italia.example.org/qualifica/manutenzione-eolica"
SENSORS = "https://italia.example.org/microcredenziale/sensori-e-manutenzione-predittiva"
PILL = "https://pills.example.org/"
STRONGEST = "no-potentially-substantial-difference-found"


class WithoutMachine(Comparisons):
    """The comparisons of a release as if no machine had proposed anything."""

    def __init__(self, release: Release) -> None:
        super().__init__(release)
        read = self._described

        def stated(iri: str) -> ComparedUnit | None:
            unit = read(iri)
            return unit and counting(unit, lambda link: link.link_class != "machine", 0)

        self._described = stated  # type: ignore[assignment]


@pytest.fixture(scope="module")
def comparisons(demo_release: Release) -> Comparisons:
    return WithoutMachine(demo_release)


@pytest.fixture(scope="module")
def exemption(comparisons: Comparisons) -> Comparison:
    return comparisons.compare(ITALIAN, "RNCP990002BC01", "bloc-exemption")


def test_the_italian_qualification_names_three_outcomes_of_the_bloc(exemption: Comparison) -> None:
    # S01, S02, S03 are declared in Italy (0.8) and reviewed in France (1): expected 3 · 0.8 / 5 = 0.48.
    # S04 is linked and met by nothing; the outcome on autonomy is unlinked and counts in the upper number: 4 / 5.
    # Lower: no end of Italy is reviewed.
    coverage = exemption.forward.coverage
    assert (coverage.lower, coverage.expected, coverage.upper) == (0.0, 0.48, 0.8)
    assert (coverage.assessed, coverage.unlinked, coverage.outcomes) == (0.8, 0.2, 5)
    assert (coverage.links, coverage.reviewed_links, coverage.declared_links, coverage.machine_links) == (6, 3, 3, 0)
    finding = exemption.forward.finding
    assert (finding.finding, finding.rule) == ("covers-named-parts", "covers-named")
    # at best a fifth of the bloc is missing, more than the tenth that an exemption can leave open
    assert finding.reasons == ("learning-outcomes",)
    assert (finding.matrix_row, finding.allowed, finding.bounded) == ("full-qualification-to-bloc", STRONGEST, False)


def test_a_unit_is_named_that_would_show_what_the_italian_qualification_lacks(exemption: Comparison) -> None:
    # S04 is what lacks. Full qualifications (Spain's) and the other blocs of RNCP990002 are no completions; of the
    # others the Netherlands' and Denmark's issuers declare it: 0.8 / 5 = 0.16, and the Netherlands' comes first by IRI.
    # RNCP990001BC02 would show half of it: its skill is broader
    first = exemption.completions[0]
    assert first.unit.iri == "https://nederland.example.org/certificaat/onderhoud-windturbines"
    assert (first.adds, first.adds_lower, len(first.outcomes)) == (0.16, 0.0, 1)
    lacking = next(row.outcome for row in exemption.forward.evidence if row.state == "not-shown")
    assert first.outcomes == (lacking,)
    # in the other direction the purpose does not apply, so nothing is to be completed
    assert not exemption.reverse.finding.applies


def test_the_bloc_never_reaches_the_italian_qualification(comparisons: Comparisons, exemption: Comparison) -> None:
    # S18 (hydraulics) is missing of four: (0.8 + 0.8 + 0.8 + 0) / 4 = 0.6; autonomy may show it: upper 1
    coverage = exemption.reverse.coverage
    assert (coverage.lower, coverage.expected, coverage.upper) == (0.0, 0.6, 1.0)
    # an exemption is from a bloc, and the Italian qualification is a whole
    assert (exemption.reverse.finding.finding, exemption.reverse.finding.rule) == (
        "not-assessable",
        "exemption-of-no-bloc",
    )
    finding = comparisons.compare("RNCP990002BC01", ITALIAN, "further-study").forward.finding
    assert (finding.finding, finding.allowed) == ("covers-named-parts", "covers-named-parts")


def test_each_element_has_its_grade_and_the_rule_that_gave_it(exemption: Comparison) -> None:
    assert {row.element: (row.grade, row.rule) for row in exemption.elements} == {
        "level": ("no-difference-found", "level-same"),
        "workload": ("not-stated", "workload-not-stated"),
        "quality": ("not-stated", "quality-not-stated"),
        "profile": ("no-difference-found", "profile-same-detailed-field"),
        "learning-outcomes": ("potentially-substantial", "outcomes-missing-strict"),
        "autonomy-and-responsibility": ("not-stated", "autonomy-not-stated"),
        "access-rights": ("not-stated", "access-not-stated"),
        "registration-and-status": ("not-stated", "status-not-stated"),
        "assessment": ("not-stated", "assessment-not-stated"),
        "validity": ("not-stated", "validity-not-stated"),
    }


def test_facts_stand_beside_the_grades_with_their_sources_and_marks(exemption: Comparison) -> None:
    rows = {row.element: row for row in exemption.elements}
    (workload,) = rows["workload"].holder
    assert (workload.name, workload.value, workload.source.rpartition("/")[2]) == (
        "volume-of-learning",
        "PT1800H",
        "qualifications-italy",
    )
    # the RNCP states no workload
    assert rows["workload"].target == ()
    level = next(fact for fact in rows["level"].target if fact.name == "eqf-level")
    assert level.value == "http://data.europa.eu/snb/eqf/5"
    assert level.inherited_from.endswith("/id/rncp/990002")
    autonomy = [
        fact.value for fact in rows["autonomy-and-responsibility"].target if fact.name == "autonomy-in-outcomes"
    ]
    assert autonomy == ["Décider en autonomie des réglages à effectuer et en rendre compte"]
    status = next(fact for fact in rows["registration-and-status"].target if fact.name == "registration-status")
    assert (status.value.rpartition("/")[2], status.qualifier) == ("registered", "2026-11-22")


def test_the_finding_says_what_it_rests_on(exemption: Comparison) -> None:
    # links 6, of them 3 that nobody reviewed: Italy's own
    assert (exemption.forward.coverage.links, exemption.forward.coverage.reviewed_links) == (6, 3)
    by_name = {each.name: each for each in exemption.forward.variants}
    telling = {name for name, each in by_name.items() if each.changes}
    # no link of a machine is left to leave out, each outcome has a skill of its own, and a bloc has one part
    unchanged = {
        "without-machine-links",
        "confidence-half",
        "confidence-eight-tenths",
        "weighting-by-part",
        "one-to-one",
    }
    assert set(by_name) - telling >= unchanged - {"one-to-one"}
    assert {name for name in telling if not by_name[name].stable} == {
        "without-declared-links",
        "reviewed-and-official-links",
    }
    # without Italy's own links nothing is linked on its side
    assert by_name["without-declared-links"].finding == "not-assessable"
    # the unlinked outcome weighs half: 2.4 / 4.5 = 0.5333
    assert by_name["weighting-unlinked-half"].coverage.expected == 0.5333


def test_what_a_machine_proposes_is_added_and_can_be_left_out(demo_release: Release, exemption: Comparison) -> None:
    found = Comparisons(demo_release).compare(ITALIAN, "RNCP990002BC01", "bloc-exemption")
    without = next(each for each in found.forward.variants if each.name == "without-machine-links")
    assert without.coverage == exemption.forward.coverage
    assert without.finding == exemption.forward.finding.finding
    assert found.forward.coverage.expected >= 0.48
    assert found.forward.coverage.lower == 0.0
    assert found.release == demo_release.identifier
    assert found.method == "coverage-1"


def test_another_purpose_asks_for_less(comparisons: Comparisons) -> None:
    # expected 0.48 < 0.6, upper 0.8 ≥ 0.6: neither enough nor a difference
    found = comparisons.compare(ITALIAN, "RNCP990002BC01", "non-regulated-employment")
    assert found.forward.finding.finding == "covers-named-parts"
    assert found.forward.finding.reasons == ()
    # 0.48 < 0.6 − 0.1 as well
    assert all(each.stable for each in found.forward.variants if each.kind == "threshold")


def test_an_essential_outcome_that_nothing_shows_stands_in_the_way(comparisons: Comparisons) -> None:
    target = comparisons.unit("RNCP990002BC01")
    missing = next(
        row.outcome
        for row in comparisons.compare(ITALIAN, target.iri, "prior-learning-file").forward.evidence
        if row.state == "not-shown"
    )
    found = comparisons.compare(ITALIAN, target.iri, "prior-learning-file", (missing.rpartition("/")[2],))
    assert found.essential == (missing,)
    assert found.forward.finding.reasons == ("learning-outcomes",)
    rules = {row.element: row.rule for row in found.elements}
    assert rules["learning-outcomes"] == "outcomes-essential-missing"
    # no number moves
    assert found.forward.coverage.expected == 0.48


def test_a_number_names_an_outcome_by_its_place_alone() -> None:
    # a third outcome whose IRI ends in 2, and one whose IRI ends in a number that no place has
    target = unit("T", outcome("T/10"), outcome("T/2"), outcome("T/7x"))
    assert essential_outcomes(target, ["2", "1", "7x"]) == ("T/2", "T/10", "T/7x")
    for number in ("10", "4", "0"):
        with pytest.raises(ParameterError):
            essential_outcomes(target, [number])


def test_an_index_of_another_format_keeps_two_units_comparable(demo_release: Release, tmp_path: Path) -> None:
    folder = tmp_path / demo_release.identifier
    shutil.copytree(demo_release.folder, folder)
    description = folder / "comparability" / "index.json"
    description.write_text(json.dumps({**json.loads(description.read_text(encoding="utf-8")), "format": 0}))
    older = Comparisons(replace(demo_release, folder=folder))
    assert older.compare("RNCP990002BC01", ITALIAN, "bloc-exemption").forward.evidence
    with pytest.raises(NoComparison) as raised:
        older.nearest(ITALIAN, "bloc-exemption", Filters(), 5)
    assert raised.value.message_id == "comparison-no-index"


def test_an_essential_outcome_is_named_by_iri_or_hash_and_must_be_there(comparisons: Comparisons) -> None:
    target = comparisons.unit(ITALIAN)
    first = target.outcomes[0]
    assert essential_outcomes(target, [first.iri, first.iri]) == (first.iri,)
    # numbers are those of the printed list, which is in the order of the target's outcomes
    assert essential_outcomes(target, ["2", "1"]) == (target.outcomes[1].iri, first.iri)
    with pytest.raises(ParameterError) as raised:
        comparisons.compare("RNCP990002BC01", ITALIAN, "bloc-exemption", ["nothing"])
    assert raised.value.message_id == "comparison-essential-unknown"


def test_a_bloc_against_its_own_whole_is_said_to_be_a_part_of_it(comparisons: Comparisons) -> None:
    found = comparisons.compare("RNCP990002BC01", "RNCP990002", "curriculum-comparison")
    part, whole = found.first.iri, found.second.iri
    assert found.related[0] == Related("part-of", "", (part,), (whole,))
    # 5 of the 11 outcomes are its own
    assert found.forward.coverage.expected == 0.4545
    assert found.forward.finding.finding == "covers-named-parts"
    shown = {each.unit.rpartition("/")[2]: each.coverage.lower for each in found.forward.parts}
    assert shown == {"RNCP990002BC01": 1.0, "RNCP990002BC02": 0.0, "RNCP990002BC03": 0.0}
    # a unit shows all of its own part
    assert found.reverse.finding.finding == STRONGEST


def test_a_correspondence_is_shown_as_declared_and_makes_no_figure(comparisons: Comparisons) -> None:
    found = comparisons.compare("RNCP990002BC03", "RS990002", "bloc-exemption")
    (stated,) = found.related
    assert (stated.kind, stated.extent, stated.direct) == ("correspondence", "not-stated", True)
    assert stated.declared_by.endswith("/rncp/990002/record")
    # S08, S07, S23 against S03, S23, S24: one of three
    assert found.forward.coverage.lower == 0.3333
    # an RS certification has no level
    level = next(row for row in found.elements if row.element == "level")
    assert (level.grade, level.rule, level.target) == ("not-stated", "level-not-stated", ())


def test_a_succession_is_shown_step_by_step(comparisons: Comparisons) -> None:
    found = comparisons.compare("RNCP990001", "RNCP990003", "further-study")
    steps = [
        (each.sources[0][-6:], each.targets[0][-6:], each.direct) for each in found.related if each.kind == "succession"
    ]
    assert steps == [("990001", "990002", False), ("990002", "990003", False)]


def test_a_micro_credential_stands_for_nothing_larger_however_much_it_covers(comparisons: Comparisons) -> None:
    # S06, S05 of S06, S16, S05: 2 · 0.8 / 3 = 0.5333
    found = comparisons.compare(SENSORS, "RNCP990002BC02", "non-regulated-employment")
    assert found.forward.coverage.expected == 0.5333
    assert (found.forward.finding.finding, found.forward.finding.allowed) == (
        "covers-named-parts",
        "covers-named-parts",
    )


def test_silence_is_no_finding(comparisons: Comparisons) -> None:
    # two wind modules against a photovoltaic bloc: all is linked, nothing is shared but work at height (S03)
    nothing = comparisons.compare(
        "https://italia.example.org/microcredenziale/sensori-e-manutenzione-predittiva",
        "RNCP990004BC02",
        "bloc-exemption",
    )
    # S06, S05 against S12, S10, S13: nothing met, nothing open
    assert nothing.forward.coverage.upper == 0.0
    assert nothing.forward.finding.finding == "no-overlap-found"


@pytest.mark.parametrize(
    ("first", "second", "purpose", "error", "message"),
    [
        (
            "RNCP990002",
            "https://w3id.org/passerelle/demo/id/rncp/990002",
            "further-study",
            ParameterError,
            "comparison-same-unit",
        ),
        ("RNCP990002", "RNCP990099", "further-study", UnknownUnit, "unit-unresolved"),
        ("RNCP990002", "RNCP123", "further-study", UnknownUnit, "unit-unknown"),
        ("RNCP990002", "RNCP990001", "equivalence", ParameterError, "comparison-choice"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_reason(
    comparisons: Comparisons, first: str, second: str, purpose: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        comparisons.compare(first, second, purpose)
    assert raised.value.message_id == message  # type: ignore[attr-defined]


def test_a_learning_activity_is_not_comparable(comparisons: Comparisons) -> None:
    activity = next(
        quad.subject.value
        for quad in comparisons.reader.store.quads_for_pattern(None, None, None, None)
        if str(quad.object).endswith("#LearningActivity>") and "example.org" in str(quad.subject)
    )
    with pytest.raises(UnknownUnit) as raised:
        comparisons.compare(activity, "RNCP990002", "further-study")
    assert raised.value.message_id == "unit-not-comparable"


def test_a_list_of_nearest_units_says_what_each_comparison_says(demo_release: Release) -> None:
    comparisons = Comparisons(demo_release)
    listed = comparisons.nearest("RNCP990002BC01", "bloc-exemption", Filters(), 10).neighbours
    assert ITALIAN in {row.unit for row in listed}
    for row in listed:
        compared = comparisons.compare(row.unit, "RNCP990002BC01", "bloc-exemption")
        assert (row.forward, row.reverse) == (compared.forward.coverage, compared.reverse.coverage)
        assert row.finding == replace(compared.forward.finding, unreviewed=None)
