"""Which links are reviewed first: the impact by hand, against the definition of coverage, and the order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.comparability.coverage import covered
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.comparability.review_impact import Question
from passerelle.comparability.review_queue import NOTICEABLE, ReviewQueue, chances, index_of
from passerelle.graph.all_units import AllUnits
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.links import LinkGraph
from passerelle.graph.release import Release
from passerelle.linking.review_columns import review_columns
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import ComparedUnit, OutcomeLink
from passerelle.records.link import Candidate, Link

MINTING = Minting("https://example.org/r")
B = MINTING.base
SKILL = "http://data.europa.eu/esco/skill/"
PREFIXES = f"""
@prefix esco: <http://data.europa.eu/esco/model#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix psl: <https://w3id.org/passerelle/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix s: <{SKILL}> . @prefix g: <{B}/graph/> . @prefix u: <https://example.org/u/> .
"""
SKILLS = "g:esco { s:weld a esco:Skill . s:arc a esco:Skill ; skos:broader s:weld . s:plan a esco:Skill . }"


def store_of(units: dict[str, list[str]], links: list[Link]) -> ox.Store:
    """Units by name with the names of their outcomes, each with a text of its own."""
    text = PREFIXES + SKILLS + "g:units {"
    for unit, outcomes in units.items():
        text += (
            f" u:{unit} a psl:ComparableSpecification ; psl:hasOutcome {', '.join(f'u:{each}' for each in outcomes)} ."
        )
        for each in outcomes:
            text += f' u:{each} a psl:LearningOutcome ; dcterms:title "{each}"@en .'
    store = ox.Store()
    store.load(text + "}", ox.RdfFormat.TRIG)
    store.extend(LinkGraph(store, MINTING).quads(links))
    return store


def link(outcome: str, skill: str, state: str, confidence: str = "") -> Link:
    proposal = None
    if confidence:
        proposal = Candidate(SKILL + skill, "m", "skos:exactMatch", "semapv:LexicalMatching", confidence, "calibrated")
    return Link(
        f"https://example.org/u/{outcome}", SKILL + skill, state, "skos:exactMatch", "semapv:LexicalMatching", "a",
        proposal, "2026-01-01" if state == "accepted" else "",
    )  # fmt: skip


def queue_of(store: ox.Store, minting: Minting = MINTING) -> ReviewQueue:
    return ReviewQueue(index_of(Path("no index"), lambda texts: AllUnits(store, minting, texts.number)))


def everything(queue: ReviewQueue, top: int = 1000):
    return queue.ranked(queue.unreviewed(), [], top, lambda question: True)


def test_the_impact_of_a_candidate_worked_out_by_hand():
    # A: a1 → weld (machine, 0.6), a2 without link. B: b1 → weld (reviewed).
    # A → B: now 0.6, accepted 1, rejected 0: moves 0.4 and 0.6. B → A (a1 is half of A): moves 0.2 and 0.3.
    # 0.6 · (0.4 + 0.2) + 0.4 · (0.6 + 0.3) = 0.36 + 0.36
    store = store_of(
        {"A": ["a1", "a2"], "B": ["b1"]}, [link("a1", "weld", "candidate", "0.6"), link("b1", "weld", "accepted")]
    )
    ((question, impact),) = everything(queue_of(store))
    assert question.probability == 0.6
    assert impact.score == pytest.approx(0.72)
    assert (impact.units, impact.pairs) == (1, 2)


def test_a_neighbouring_skill_counts_for_half_and_a_text_that_is_the_same_leaves_nothing_to_decide():
    # a1 → arc (machine, 0.5), b1 → weld (reviewed), weld directly above arc: every match counts for half.
    # A → B: now 0.25, accepted 0.5, rejected 0; B → A the same; 0.5 · (0.25 + 0.25) + 0.5 · (0.25 + 0.25)
    links = [link("a1", "arc", "candidate", "0.5"), link("b1", "weld", "accepted")]
    ((_, impact),) = everything(queue_of(store_of({"A": ["a1"], "B": ["b1"]}, links)))
    assert impact.score == pytest.approx(0.5)
    # the same outcome in both units is shown already, whatever its links say
    shared = store_of({"A": ["a1"], "B": ["a1"]}, [link("a1", "arc", "candidate", "0.5")])
    ((_, impact),) = everything(queue_of(shared))
    assert (impact.score, impact.units, impact.pairs) == (0, 0, 0)


def test_a_declared_link_is_uncertain_by_what_declared_links_count_for():
    # a1 → weld (declared, 0.8), b1 → weld (reviewed): moves 0.2 and 0.8, both directions: 0.8 · 0.4 + 0.2 · 1.6
    links = [link("a1", "weld", "declared"), link("b1", "weld", "accepted")]
    ((_, impact),) = everything(queue_of(store_of({"A": ["a1"], "B": ["b1"]}, links)))
    assert impact.score == pytest.approx(0.64)


def test_what_was_sent_back_is_even():
    # b1 → weld reviewed, a1 without link: accepted moves 1 in both directions, rejected nothing: 0.5 · 2
    store = store_of({"A": ["a1"], "B": ["b1"]}, [link("b1", "weld", "accepted")])
    queue = queue_of(store)
    weld = queue.tables.skills.find(SKILL + "weld")
    assert weld is not None
    assert chances()["sent-back"] == 0.5
    assert queue.impact(queue.absent(0, weld, "skos:exactMatch")).score == pytest.approx(1)


def test_a_better_link_of_the_same_outcome_leaves_nothing_to_decide():
    links = [link("a1", "arc", "candidate", "0.5"), link("a1", "weld", "accepted"), link("b1", "weld", "accepted")]
    ((_, impact),) = everything(queue_of(store_of({"A": ["a1"], "B": ["b1"]}, links)))
    assert impact.score == 0


def brute_force(reader: UnitReader, proximity: SkillHierarchy, outcome: str, question: Question, skill: str) -> float:
    """The measure of the module's docstring from `covered`, unit by unit."""
    units = [unit for iri in reader.units() if (unit := reader.unit(iri))]

    def with_link(unit: ComparedUnit, accepted: bool) -> ComparedUnit:
        outcomes = []
        for each in unit.outcomes:
            if each.iri == outcome:
                links = [one for one in each.links if one.skill != skill]
                if accepted:
                    old = next(one for one in each.links if one.skill == skill)
                    relation = "skos:closeMatch" if old.link_class == "declared" else old.relation
                    links.append(OutcomeLink(skill, "reviewed", relation))
                each = replace(each, links=tuple(sorted(links, key=lambda one: one.skill)))  # noqa: PLW2901
            outcomes.append(each)
        return replace(unit, outcomes=tuple(outcomes))

    def expected(holder: ComparedUnit, target: ComparedUnit) -> float:
        return covered(holder, target, proximity, wordings=False)[0].expected

    total = 0.0
    for unit in units:
        if all(each.iri != outcome for each in unit.outcomes):
            continue
        versions = [with_link(unit, accepted=True), with_link(unit, accepted=False)]
        for other in units:
            if other.iri == unit.iri or other.iri in unit.parts or other.iri in unit.wholes:
                continue
            now = expected(unit, other), expected(other, unit)
            for chance, version in zip((question.probability, 1 - question.probability), versions, strict=True):
                total += chance * abs(expected(version, other) - now[0])
                total += chance * abs(expected(other, version) - now[1])
    return total


def test_the_impact_is_that_of_the_definition(demo_release: Release):
    store = ox.Store.read_only(str(demo_release.store))
    minting = Minting(demo_release.manifest.base)
    queue, reader = queue_of(store, minting), UnitReader(store, minting)
    proximity = SkillHierarchy(reader.closer_skills, reader.skills)
    ranked = everything(queue)
    assert len(ranked) > 30
    units = [reader.unit(iri) for iri in queue.tables.iris]
    for question, impact in [*ranked[:3], ranked[len(ranked) // 2], ranked[-1]]:
        number = int(queue.moves.holding[question.outcome][0])
        position = queue.tables.outcomes[number].tolist().index(question.outcome)
        outcome = units[number].outcomes[position].iri
        wanted = brute_force(reader, proximity, outcome, question, queue.tables.skills[question.skill])
        # coverage is rounded to four decimals: a hundred pairs may differ by that much
        assert impact.score == pytest.approx(wanted, abs=0.01)


def test_no_bound_is_below_the_impact_and_a_short_list_is_the_head_of_the_long_one(demo_release: Release):
    queue = queue_of(ox.Store.read_only(str(demo_release.store)), Minting(demo_release.manifest.base))
    ranked = everything(queue)
    for question, impact in ranked:
        assert queue._bounds.of(question) >= impact.score - 1e-6
    scores = [impact.score for _, impact in ranked]
    assert scores == sorted(scores, reverse=True)
    for top in (1, 3, 10):
        assert everything(queue, top) == ranked[:top]


def test_the_workbook_states_the_amount_from_which_a_pair_counts_as_moved():
    column = next(each for each in review_columns() if each.name == "impact_pairs")
    assert f"{NOTICEABLE}" in column.explanation_en
    assert f"{NOTICEABLE}".replace(".", ",") in column.explanation_fr
