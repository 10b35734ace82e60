"""What holds for every pair of units, whatever they say."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from passerelle.comparability.coverage import covered
from passerelle.comparability.link_values import best_link
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.comparability.weightings import weightings, weights
from passerelle.linking.labels import exact_key, near_key, primary
from passerelle.records.compared_unit import LINK_CLASSES, ComparedOutcome, ComparedUnit, OutcomeLink
from passerelle.records.comparison import Coverage
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
    silent = {each.iri for each in holder.outcomes if not each.links}

    def of_link(link: OutcomeLink, side: str, reading: str) -> float:
        row = relations["declared" if link.link_class == "declared" else link.relation]
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
        values[b.iri, "upper"] = values.get((b.iri, "upper"), 0.0) if b.links else 1.0
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
