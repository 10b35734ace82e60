"""Link nodes: precedence, conflicts, decisions that move or wait, and relinking against rebuilding."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.graph.links import LinkGraph
from passerelle.linking.decisions import decide
from passerelle.linking.links import relink, write_links
from passerelle.namespaces import Minting
from passerelle.records.link import Candidate
from passerelle.records.review import Review
from passerelle.records.tally import Reject, Tally

MINTING = Minting("https://example.org/r")
B = MINTING.base
SKILL = "http://data.europa.eu/esco/skill/"
UNIT = B + "/id/rncp/90001/bloc/BC01"
DATA = f"""
@prefix esco: <http://data.europa.eu/esco/model#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix psl: <https://w3id.org/passerelle/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix elm: <http://data.europa.eu/snb/model/elm/> . @prefix s: <{SKILL}> . @prefix g: <{B}/graph/> .
g:esco {{
  s:weld a esco:Skill ; skos:prefLabel "souder"@fr . s:cable a esco:Skill ; skos:prefLabel "poser des câbles"@fr .
  s:plan a esco:Skill ; skos:prefLabel "planifier"@fr .
}}
g:rncp {{
  <{UNIT}> psl:hasOutcome <{UNIT}/outcome/1>, <{UNIT}/outcome/2>, <{UNIT}/outcome/3> .
  <{UNIT}/outcome/1> a psl:LearningOutcome ; dcterms:title "Souder"@fr .
  <{UNIT}/outcome/2> a psl:LearningOutcome ; dcterms:title "Poser un câble"@fr ; elm:relatedESCOSkill s:plan .
  <{UNIT}/outcome/3> a psl:LearningOutcome ; dcterms:title "Autre chose"@fr .
}}
g:crosswalk {{ <{UNIT}/outcome/3> skos:broadMatch s:plan . }}
"""
OUTCOMES = [f"{UNIT}/outcome/{number}" for number in (1, 2, 3)]
SKILLS = [SKILL + name for name in ("weld", "cable", "plan")]


LEXICAL = "semapv:LexicalMatching"
KNOWN = {
    "Souder": Candidate(SKILLS[0], "exact-preferred-label", "skos:exactMatch", LEXICAL, "0.9", "uncalibrated"),
    "Poser un câble": Candidate(SKILLS[1], "near-preferred-label", "skos:closeMatch", LEXICAL, "0.7", "calibrated"),
}


LEXICAL = "semapv:LexicalMatching"
KNOWN = {
    "Souder": Candidate(SKILLS[0], "exact-preferred-label", "skos:exactMatch", LEXICAL, "0.9", "uncalibrated"),
    "Poser un câble": Candidate(SKILLS[1], "near-preferred-label", "skos:closeMatch", LEXICAL, "0.7", "calibrated"),
}


class Proposals:
    """A linker that proposes the same skill for the same words."""

    version = "proposals-1"

    def candidates(self, outcomes):
        return [[KNOWN[text.text] for text in each.texts if text.text in KNOWN] for each in outcomes]


def staged() -> ox.Store:
    store = ox.Store()
    store.load(DATA, ox.RdfFormat.TRIG)
    return store


def linked(reviews: list[Review], tally: Tally | None = None) -> ox.Store:
    store = staged()
    graph = LinkGraph(store, MINTING, [B + "/graph/crosswalk"])
    for chunk in write_links(graph, Proposals(), reviews, tally or Tally()):
        store.extend(chunk)
    return store


def review(outcome: int, skill: str, date: str, *, accepted: bool = True, relation: str = "exactMatch", text: str = ""):
    return Review(f"{UNIT}/outcome/{outcome}", SKILL + skill, f"skos:{relation}", accepted, date, text)


def states(store: ox.Store) -> dict[tuple[int, str], tuple[str, str]]:
    rows = store.query(
        "PREFIX psl: <https://w3id.org/passerelle/ontology#> SELECT * WHERE { GRAPH <" + B + "/graph/links> {"
        "?l a psl:SkillLink ; psl:linkedOutcome ?o ; psl:linkedSkill ?s ; psl:linkState ?t ; psl:matchRelation ?r } }"
    )
    return {
        (int(row["o"].value[-1]), row["s"].value.removeprefix(SKILL)): (
            row["t"].value.rpartition("/")[2],
            row["r"].value.rpartition("#")[2],
        )
        for row in rows
    }


def direct(store: ox.Store, graph: str = "links") -> set[tuple[int, str]]:
    related = ox.NamedNode("http://data.europa.eu/snb/model/elm/relatedESCOSkill")
    quads = store.quads_for_pattern(None, related, None, ox.NamedNode(f"{B}/graph/{graph}"))
    return {(int(quad.subject.value[-1]), quad.object.value.removeprefix(SKILL)) for quad in quads}


UNREVIEWED = {
    (1, "weld"): ("candidate", "exactMatch"),
    (2, "cable"): ("candidate", "closeMatch"),
    (2, "plan"): ("declared", "mappingRelation"),
    (3, "plan"): ("official", "broadMatch"),
}


def test_without_reviews_links_are_candidate_declared_or_official():
    tally = Tally()
    store = linked([], tally)
    assert states(store) == UNREVIEWED
    assert direct(store) == {(2, "plan"), (3, "plan")}
    assert tally.accepted == {"candidate link": 2, "declared link": 1, "official link": 1}


def test_a_link_node_has_the_contracted_statements():
    store = linked([review(1, "weld", "2026-01-01")])
    node = ox.NamedNode(MINTING.link(OUTCOMES[0], SKILLS[0]))
    found = {
        (q.predicate.value.rpartition("#")[2].rpartition("/")[2], q.object.value)
        for q in store.quads_for_pattern(node, None, None, ox.NamedNode(B + "/graph/links"))
    }
    assert found == {
        ("type", "https://w3id.org/passerelle/ontology#SkillLink"),
        ("linkedOutcome", OUTCOMES[0]),
        ("linkedSkill", SKILLS[0]),
        ("matchRelation", "http://www.w3.org/2004/02/skos/core#exactMatch"),
        ("linkState", "https://w3id.org/passerelle/vocabulary/link-state/accepted"),
        ("linkMethod", "https://w3id.org/semapv/vocab/ManualMappingCuration"),
        ("wasGeneratedBy", B + "/id/activity/review/2026-01-01"),
        ("confidence", "0.9"),
        ("confidenceStatus", "https://w3id.org/passerelle/vocabulary/confidence-status/uncalibrated"),
        ("reviewDate", "2026-01-01"),
    }


def test_review_comes_before_every_other_state_and_rejected_loses_the_direct_statement():
    store = linked(
        [
            review(1, "weld", "2026-01-01"),
            review(2, "cable", "2026-01-01", accepted=False),
            review(2, "plan", "2026-01-01", accepted=False),
            review(3, "plan", "2026-01-01", relation="narrowMatch"),
            review(3, "cable", "2026-01-01", relation="closeMatch"),
        ]
    )
    assert states(store) == {
        (1, "weld"): ("accepted", "exactMatch"),
        (2, "cable"): ("rejected", "exactMatch"),
        (2, "plan"): ("rejected", "exactMatch"),
        (3, "plan"): ("accepted", "narrowMatch"),
        (3, "cable"): ("accepted", "closeMatch"),
    }
    assert direct(store) == {(1, "weld"), (3, "plan"), (3, "cable")}
    assert direct(store, "rncp") == {(2, "plan")}, "the issuer's own statement stays in its own graph"


def test_the_later_date_wins_whatever_the_order():
    early, late = review(1, "weld", "2026-01-01"), review(1, "weld", "2026-02-01", accepted=False)
    for log in ([early, late], [late, early]):
        assert states(linked(log))[1, "weld"][0] == "rejected"


@pytest.mark.parametrize(
    "other", [{"accepted": False}, {"relation": "broadMatch"}], ids=["accepted and rejected", "two relations"]
)
def test_contradictions_of_one_day_are_reported_and_the_pair_returns(other):
    notices: list[Reject] = []
    log = [review(1, "weld", "2026-01-01"), review(1, "weld", "2026-01-01", **other)]
    store = linked(log, Tally(on_reject=notices.append))
    assert states(store) == UNREVIEWED
    assert [notice.message_id for notice in notices] == ["review-conflict"] * 2


def test_a_later_decision_settles_a_conflict():
    log = [
        review(1, "weld", "2026-01-01"),
        review(1, "weld", "2026-01-01", accepted=False),
        review(1, "weld", "2026-01-02", accepted=False),
    ]
    tally = Tally()
    assert states(linked(log, tally))[1, "weld"][0] == "rejected"
    assert not tally.notices


def test_repeated_and_equally_negative_decisions_are_no_conflict():
    log = [
        review(1, "weld", "2026-01-01", accepted=False, relation="closeMatch"),
        review(1, "weld", "2026-01-01", accepted=False, relation="exactMatch"),
        review(1, "weld", "2026-01-01", accepted=False, relation="exactMatch"),
    ]
    assert states(linked(log))[1, "weld"] == ("rejected", "exactMatch")


def test_unknown_outcomes_and_retired_skills_are_queued_and_none_is_lost():
    graph = LinkGraph(staged(), MINTING)
    tally = Tally()
    log = [review(9, "weld", "2026-01-01"), review(1, "gone", "2026-01-01"), review(1, "weld", "2026-01-01")]
    decisions = decide(graph, log, tally)
    assert [(queued.review, queued.reason) for queued in decisions.queue] == [
        (log[0], "review-unknown-outcome"),
        (log[1], "review-retired-skill"),
    ]
    assert decisions.by_pair == {log[2].pair: log[2]}
    assert tally.notices == {"review-unknown-outcome": 1, "review-retired-skill": 1}


def test_a_decision_moves_to_the_same_text_of_the_same_unit():
    tally = Tally()
    log = [review(9, "weld", "2026-01-01", text=" - Souder ")]
    assert states(linked(log, tally))[1, "weld"][0] == "accepted"
    assert tally.notices == {"review-moved": 1}


def test_a_decision_does_not_move_to_another_unit_or_another_text():
    elsewhere = Review(UNIT[:-1] + "2/outcome/9", SKILLS[0], "skos:exactMatch", True, "2026-01-01", "Souder")
    log = [elsewhere, review(9, "weld", "2026-01-01", text="souder")]
    tally = Tally()
    assert states(linked(log, tally)) == UNREVIEWED
    assert tally.notices == {"review-unknown-outcome": 2}


def test_a_declared_skill_that_esco_does_not_have_is_kept_and_reported():
    store = staged()
    related = ox.NamedNode("http://data.europa.eu/snb/model/elm/relatedESCOSkill")
    rncp = ox.NamedNode(B + "/graph/rncp")
    store.add(ox.Quad(ox.NamedNode(OUTCOMES[0]), related, ox.NamedNode(SKILL + "retired"), rncp))
    graph, tally = LinkGraph(store, MINTING), Tally()
    for chunk in write_links(graph, Proposals(), [], tally):
        store.extend(chunk)
    assert states(store)[1, "retired"] == ("declared", "mappingRelation")
    assert tally.notices == {"link-skill-unknown": 1}


def test_only_the_day_of_a_review_is_published():
    store = linked([review(1, "weld", "2026-01-01")])
    provenance = {
        (q.subject.value, q.object.value)
        for q in store.quads_for_pattern(None, None, None, ox.NamedNode(B + "/graph/provenance"))
    }
    assert {subject for subject, _ in provenance} == {
        B + "/id/activity/linking/proposals-1",
        B + "/id/activity/review/2026-01-01",
    }


def test_relinking_touches_only_the_pairs_that_change():
    store = linked([])
    graph = LinkGraph(store, MINTING, [B + "/graph/crosswalk"])
    log = [review(1, "weld", "2026-01-01")]
    assert len(relink(graph, Proposals(), log, Tally())) == 1
    assert relink(graph, Proposals(), log, Tally()) == set()


def test_a_decision_about_a_wording_that_changed_is_queued_and_the_link_returns():
    log = [review(1, "weld", "2026-01-01", text="Souder à l'arc"), review(2, "plan", "2026-01-01", accepted=False)]
    tally = Tally()
    store = linked(log, tally)
    assert states(store) == {**UNREVIEWED, (2, "plan"): ("rejected", "exactMatch")}
    assert tally.notices == {"review-changed-text": 1}
    # a parent that was built when the decision applied: the same log brings the link back to what it is without it
    parent = linked([review(1, "weld", "2026-01-01"), log[1]])
    relink(LinkGraph(parent, MINTING, [B + "/graph/crosswalk"]), Proposals(), log, Tally())
    assert set(parent) == set(store)


reviews = st.builds(
    Review,
    outcome=st.sampled_from([*OUTCOMES, UNIT + "/outcome/9"]),
    skill=st.sampled_from([*SKILLS, SKILL + "gone"]),
    relation=st.sampled_from(["skos:exactMatch", "skos:closeMatch"]),
    accepted=st.booleans(),
    date=st.sampled_from(["2026-01-01", "2026-01-02"]),
    text=st.sampled_from(["", "Souder", "Souder à l'arc"]),
)


@settings(max_examples=60, deadline=None)
@given(first=st.lists(reviews, max_size=6), then=st.lists(reviews, max_size=6), data=st.data())
def test_relinking_equals_rebuilding_with_the_same_log(first, then, data):
    log = data.draw(st.permutations(first + then))
    store = linked(first)
    graph = LinkGraph(store, MINTING, [B + "/graph/crosswalk"])
    relink(graph, Proposals(), log, Tally())
    assert set(store) == set(linked(log))
    relink(graph, Proposals(), [], Tally())
    assert set(store) == set(linked([])), "and a log that was taken back leaves nothing behind"
