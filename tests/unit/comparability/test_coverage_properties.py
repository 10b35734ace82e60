"""What holds for every pair of units, whatever they say."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from passerelle.comparability.coverage import covered
from passerelle.comparability.link_values import best_link
from passerelle.comparability.matches import Holder
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.comparability.weightings import weightings, weights
from passerelle.linking.labels import exact_key, near_key, primary
from passerelle.records.compared_unit import LINK_CLASSES, ComparedOutcome, ComparedUnit, OutcomeLink
from passerelle.records.comparison import Coverage, share
from passerelle.records.mapping_table import rows
from passerelle.records.text import LanguageText, normalised

SKILLS = ("energy", "wind", "solar", "offshore wind", "teams", "first aid")
PAIRS = [("wind", "energy"), ("solar", "energy"), ("offshore wind", "wind"), ("offshore wind", "teams")]
HIERARCHY = SkillHierarchy.of_pairs(PAIRS, SKILLS)
RELATIONS = ("exact", "close", "broad", "narrow", "related")
TEXTS = (
    "Contrôler le câblage des armoires",
    "contrôler les câblages de l'armoire",
    "• Contrôler le câblage des armoires",
    "Porter secours",
    "Inspect the blades",
)


@st.composite
def links(draw: st.DrawFn) -> OutcomeLink:
    link_class = draw(st.sampled_from(LINK_CLASSES))
    relation = "related" if link_class == "declared" else draw(st.sampled_from(RELATIONS))
    confidence = draw(st.floats(0, 1)) if link_class == "machine" else 1.0
    skill = draw(st.sampled_from((*SKILLS, "retired")))
    return OutcomeLink(skill, link_class, f"skos:{relation}Match", confidence, draw(st.booleans()))


@st.composite
def units(draw: st.DrawFn, name: str, fewest: int = 0) -> ComparedUnit:
    outcomes = []
    for number in range(draw(st.integers(fewest, 4))):
        texts = draw(st.lists(st.sampled_from(TEXTS), max_size=2, unique=True))
        tagged = tuple(LanguageText(text, draw(st.sampled_from(("fr", "fr-BE", "en")))) for text in texts)
        held = draw(st.lists(links(), max_size=3, unique_by=lambda each: each.skill))
        part = draw(st.sampled_from((name, f"{name} part")))
        shared = draw(st.integers(0, 5)) == 0
        iri = "shared/0" if shared and number == 0 else f"{name}/{number}"
        outcomes.append(ComparedOutcome(iri, part, tagged, tuple(sorted(held, key=lambda each: each.skill))))
    return ComparedUnit(name, name, "bloc", (), outcomes=tuple(sorted(outcomes, key=lambda each: each.iri)))


def figures(holder: ComparedUnit, target: ComparedUnit, **options: object) -> Coverage:
    return covered(holder, target, HIERARCHY, wordings=False, **options)[0]  # type: ignore[arg-type]


@given(units("A"), units("B"), st.sampled_from(weightings()), st.floats(0, 1))
def test_shares_are_in_order_and_between_none_and_all(
    holder: ComparedUnit, target: ComparedUnit, weighting: str, threshold: float
) -> None:
    weighted = weights(target, weighting, HIERARCHY) if target.outcomes else None
    coverage, evidence = covered(holder, target, HIERARCHY, weighted, threshold=threshold)
    assert 0 <= coverage.lower <= coverage.expected <= coverage.upper <= 1
    assert all(0 <= share <= 1 for share in (coverage.assessed, coverage.unlinked, coverage.collapsed))
    assert coverage.links == coverage.reviewed_links + coverage.declared_links + coverage.machine_links
    for row in evidence:
        assert 0 <= row.lower <= row.expected <= row.upper <= 1
        assert len({match.outcome for match in row.matches}) == len(row.matches) <= 5
        # the match named first is the one that the expected value comes from
        assert row.expected == (row.matches[0].expected if row.matches else 0)
    assert len(evidence) == coverage.outcomes == len(target.outcomes)


def by_the_letter(holder: ComparedUnit, target: ComparedUnit) -> tuple[float, float, float]:
    """The three shares, every match tried with every other, from the tables as they stand in `mappings/`."""
    classes = {row["class"]: row for row in rows("link-classes.tsv")}
    relations = {row["relation"]: row for row in rows("match-relations.tsv")}
    kinds = {row["kind"]: row for row in rows("outcome-matches.tsv")}
    values: dict[tuple[str, str], float] = {}

    def linked(outcome: ComparedOutcome) -> bool:
        certainties = (
            float(classes[link.link_class]["expected"]) * (link.confidence if link.link_class == "machine" else 1)
            for link in outcome.links
        )
        return any(certainty >= 0.5 for certainty in certainties)

    silent = {each.iri for each in holder.outcomes if not linked(each)}

    def of_link(link: OutcomeLink, side: str, reading: str) -> float:
        row = relations["skos:mappingRelation" if link.link_class == "declared" else link.relation]
        confidence = link.confidence if link.link_class == "machine" and reading == "expected" else 1
        return float(classes[link.link_class][reading]) * confidence * float(row[f"{side}_{reading}"])

    for b, a in product(target.outcomes, holder.outcomes):
        spoken = [
            (s.text, t.text, primary(s.language))
            for s, t in product(a.texts, b.texts)
            if primary(s.language) == primary(t.language)
        ]
        alike = ["same-outcome"] if a.iri == b.iri else []
        alike += ["same-text" for s, t, _ in spoken if normalised(s) == normalised(t)]
        for s, t, language in spoken:
            words = near_key(exact_key(s), language)
            if words == near_key(exact_key(t), language) and len(words.split()) >= 3:
                alike.append("same-words")
        if alike:
            silent.discard(a.iri)
        for reading in ("lower", "expected", "upper"):
            found = [float(kinds[kind][reading]) for kind in alike]
            for held, asked in product(a.links, b.links):
                kind = "same-skill" if held.skill == asked.skill else ""
                kind = kind or ("narrower-skill" if (held.skill, asked.skill) in PAIRS else "")
                kind = kind or ("broader-skill" if (asked.skill, held.skill) in PAIRS else "")
                if kind:
                    factors = (of_link(held, "shows", reading), of_link(asked, "needs", reading), kinds[kind][reading])
                    found.append(math.prod(map(float, factors)))
            values[b.iri, reading] = max([values.get((b.iri, reading), 0.0), *found])
    for b in target.outcomes:
        values[b.iri, "upper"] = values.get((b.iri, "upper"), 0.0) if linked(b) else 1.0
    gains = sorted((1 - values[b.iri, "upper"] for b in target.outcomes), reverse=True)[: len(silent)]
    size = len(target.outcomes)
    lower, expected, upper = (
        sum(values.get((b.iri, reading), 0.0) for b in target.outcomes) / size
        for reading in ("lower", "expected", "upper")
    )
    return lower, expected, upper + sum(gains) / size


@given(units("A"), units("B", fewest=1))
def test_shares_are_what_the_definition_says_by_the_letter(holder: ComparedUnit, target: ComparedUnit) -> None:
    coverage = figures(holder, target)
    expected = by_the_letter(holder, target)
    assert (coverage.lower, coverage.expected, coverage.upper) == pytest.approx(expected, abs=0.00006)


@given(units("B", fewest=1), st.sampled_from(weightings()))
def test_a_unit_covers_itself_fully(unit: ComparedUnit, weighting: str) -> None:
    coverage, evidence = covered(unit, unit, HIERARCHY, weights(unit, weighting, HIERARCHY))
    assert (coverage.lower, coverage.expected, coverage.upper, coverage.assessed) == (1, 1, 1, 1)
    assert {row.state for row in evidence} == {"shown"}


@given(units("A"), units("B"), units("C", fewest=1))
def test_a_further_outcome_of_the_holder_never_lowers_anything(
    holder: ComparedUnit, target: ComparedUnit, more: ComparedUnit
) -> None:
    known = {outcome.iri for outcome in holder.outcomes}
    added = [outcome for outcome in more.outcomes if outcome.iri not in known]
    before, after = figures(holder, target), figures(replace(holder, outcomes=(*holder.outcomes, *added)), target)
    assert before.lower <= after.lower
    assert before.expected <= after.expected
    assert before.upper <= after.upper
    assert before.assessed <= after.assessed


def without(unit: ComparedUnit, outcome: int, link: OutcomeLink) -> ComparedUnit:
    changed = list(unit.outcomes)
    changed[outcome] = replace(changed[outcome], links=tuple(each for each in changed[outcome].links if each != link))
    return replace(unit, outcomes=tuple(changed))


@given(st.data(), units("A"), units("B", fewest=1))
def test_a_link_that_goes_never_raises_the_lower_bound_nor_what_is_expected(
    data: st.DataObject, holder: ComparedUnit, target: ComparedUnit
) -> None:
    there = [
        (side, place, link)
        for side, unit in (("holder", holder), ("target", target))
        for place, outcome in enumerate(unit.outcomes)
        for link in outcome.links
    ]
    assume(there)
    side, place, link = data.draw(st.sampled_from(there))
    before = figures(holder, target)
    if side == "holder":
        after = figures(without(holder, place, link), target)
    else:
        after = figures(holder, without(target, place, link))
    assert after.lower <= before.lower
    assert after.expected <= before.expected


def with_link(unit: ComparedUnit, place: int, link: OutcomeLink) -> ComparedUnit:
    outcome = unit.outcomes[place]
    held = tuple(sorted((*outcome.links, link), key=lambda each: each.skill))
    changed = (*unit.outcomes[:place], replace(outcome, links=held), *unit.outcomes[place + 1 :])
    return replace(unit, outcomes=changed)


@given(
    st.data(),
    units("A", fewest=1),
    units("B", fewest=1),
    st.sampled_from(SKILLS),
    st.sampled_from(RELATIONS),
    st.floats(0, 1),
    st.booleans(),
)
def test_a_further_guess_of_a_machine_never_lowers_what_is_expected_and_a_faint_one_nothing_at_all(
    data: st.DataObject,
    holder: ComparedUnit,
    target: ComparedUnit,
    skill: str,
    relation: str,
    confidence: float,
    to_holder: bool,
) -> None:
    link = OutcomeLink(skill, "machine", f"skos:{relation}Match", confidence)
    unit = holder if to_holder else target
    place = data.draw(st.integers(0, len(unit.outcomes) - 1))
    assume(all(each.skill != skill for each in unit.outcomes[place].links))
    before = figures(holder, target)
    if to_holder:
        after = figures(with_link(holder, place, link), target)
    else:
        after = figures(holder, with_link(target, place, link))
    assert before.lower == after.lower
    assert before.expected <= after.expected
    assert before.named <= after.named
    if confidence < 0.5:
        assert before.upper <= after.upper
        assert (before.assessed, before.unlinked) == (after.assessed, after.unlinked)


@given(units("A"), units("B", fewest=1))
def test_a_row_names_the_best_match_of_each_of_the_best_outcomes(holder: ComparedUnit, target: ComparedUnit) -> None:
    _, evidence = covered(holder, target, HIERARCHY, wordings=False)
    found = Holder(holder.outcomes, HIERARCHY)
    for outcome, row in zip(target.outcomes, evidence, strict=True):
        # one outcome at a time, so that nothing can be left out for another
        alone = [meeting for each in holder.outcomes for meeting in Holder((each,), HIERARCHY).meetings(outcome, 1)]
        ordered = [meeting.record() for meeting in sorted(alone, key=lambda each: each.order)]
        assert list(row.matches) == ordered[:5]
        assert [each.record() for each in found.meetings(outcome, 2)] == ordered[:2]


@given(units("A"), units("B", fewest=1), st.sampled_from(weightings()))
def test_one_to_one_is_the_best_of_all_ways_to_give_each_outcome_one(
    holder: ComparedUnit, target: ComparedUnit, weighting: str
) -> None:
    weighted = weights(target, weighting, HIERARCHY)
    every, strict = (figures(holder, target, weights=weighted, one_to_one=each) for each in (False, True))
    assert 0 <= strict.lower <= strict.expected <= strict.upper <= 1
    for reading in ("lower", "expected", "upper"):
        assert getattr(strict, reading) <= getattr(every, reading)
    assert (strict.assessed, strict.unlinked, strict.collapsed) == (every.assessed, every.unlinked, every.collapsed)
    for reading in ("lower", "expected"):
        value = {
            (a.iri, b.iri): getattr(Holder((a,), HIERARCHY).values(b), reading)
            for a, b in product(holder.outcomes, target.outcomes)
        }
        # with as many that show nothing as the target has outcomes, every way is a permutation
        held = [each.iri for each in holder.outcomes] + [""] * len(target.outcomes)
        best = max(
            math.fsum(weighted[b.iri] * value.get((a, b.iri), 0) for a, b in zip(way, target.outcomes, strict=True))
            for way in permutations(held, len(target.outcomes))
        )
        assert getattr(strict, reading) == pytest.approx(share(best), abs=0.00011)


@given(units("B", fewest=1))
def test_a_unit_covers_itself_one_to_one(unit: ComparedUnit) -> None:
    coverage, evidence = covered(unit, unit, HIERARCHY, one_to_one=True)
    assert (coverage.lower, coverage.expected, coverage.upper) == (1, 1, 1)
    assert {row.state for row in evidence} == {"shown"}


@given(st.randoms(use_true_random=False), units("A"), units("B"))
def test_the_order_of_what_comes_in_changes_nothing(random: object, holder: ComparedUnit, target: ComparedUnit) -> None:
    def shuffled(unit: ComparedUnit) -> ComparedUnit:
        outcomes = list(unit.outcomes)
        random.shuffle(outcomes)  # type: ignore[attr-defined]
        return replace(
            unit,
            outcomes=tuple(replace(each, texts=each.texts[::-1], links=each.links[::-1]) for each in outcomes),
        )

    first, evidence = covered(holder, target, HIERARCHY)
    second, others = covered(shuffled(holder), shuffled(target), HIERARCHY)
    assert first == second
    assert sorted(evidence, key=lambda row: row.outcome) == sorted(others, key=lambda row: row.outcome)


@given(units("A"), units("B", fewest=1), st.floats(0, 1))
def test_a_lower_bound_rests_on_reviewed_links_official_ones_and_equal_texts_alone(
    holder: ComparedUnit, target: ComparedUnit, threshold: float
) -> None:
    everything = figures(holder, target)
    firm = figures(holder, target, links=lambda link: link.link_class in {"reviewed", "official"}, threshold=threshold)
    assert firm.lower == everything.lower


@given(units("B", fewest=1), st.sampled_from(weightings()))
def test_weights_are_shares_of_all_outcomes(target: ComparedUnit, weighting: str) -> None:
    found = weights(target, weighting, HIERARCHY)
    assert set(found) == {outcome.iri for outcome in target.outcomes}
    assert min(found.values()) >= 0
    assert abs(sum(found.values()) - 1) < 1e-12


@given(units("B", fewest=1))
def test_the_best_link_is_none_of_a_weaker_class_than_another(target: ComparedUnit) -> None:
    for outcome in target.outcomes:
        best = best_link(outcome)
        classes = [LINK_CLASSES.index(link.link_class) for link in outcome.links]
        assert (best is None) == (not classes)
        assert best is None or LINK_CLASSES.index(best.link_class) == min(classes)
