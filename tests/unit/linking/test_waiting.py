"""Decisions that come back to the queue: reworded and lost outcomes, retired and replaced skills, conflicts."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from passerelle.graph.links import LinkGraph
from passerelle.graph.reviewable_links import ReviewableLinks
from passerelle.linking.decisions import Decisions, decide
from passerelle.linking.waiting import Waiting, waiting
from passerelle.namespaces import Minting
from passerelle.records.review import Review
from passerelle.records.tally import Tally

MINTING = Minting("https://example.org/r")
B = MINTING.base
SKILL = "http://data.europa.eu/esco/skill/"
UNIT = B + "/id/rncp/90001/bloc/BC01"
FOREIGN = "https://example.org/italia/q/outcome/1"
DATA = f"""
@prefix esco: <http://data.europa.eu/esco/model#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix psl: <https://w3id.org/passerelle/ontology#> . @prefix s: <{SKILL}> . @prefix g: <{B}/graph/> .
g:esco {{
  s:weld a esco:Skill . s:cable a esco:Skill . s:plan a esco:Skill .
  s:old dcterms:isReplacedBy s:older . s:older dcterms:isReplacedBy s:weld . s:cable dcterms:replaces s:old .
  s:loop dcterms:isReplacedBy s:loop .
}}
g:rncp {{
  <{UNIT}/outcome/1> a psl:LearningOutcome ; dcterms:title "Souder les pièces de la charpente métallique"@fr .
  <{UNIT}/outcome/2> a psl:LearningOutcome ; dcterms:title "Poser un câble"@fr .
  <{FOREIGN}> a psl:LearningOutcome ; dcterms:title "Saldare"@it, "Weld"@en .
}}
"""


def review(outcome: str, skill: str, date: str = "2026-01-01", *, accepted: bool = True, text: str = "") -> Review:
    iri = FOREIGN if outcome == "foreign" else f"{UNIT}/outcome/{outcome}"
    return Review(iri, SKILL + skill, "skos:closeMatch", accepted, date, text)


def queue(*reviews: Review) -> list[tuple[str, str, str, int]]:
    """Outcome, skill, reason and how many earlier decisions."""
    return [_told(each) for each in found(*reviews)]


def found(*reviews: Review) -> tuple[Waiting, ...]:
    store = ox.Store()
    store.load(DATA, ox.RdfFormat.TRIG)
    graph = LinkGraph(store, MINTING)
    return waiting(graph, ReviewableLinks(store, MINTING), reviews, decide(graph, reviews, Tally()))


def decided(*reviews: Review) -> tuple[Decisions, dict[str, int]]:
    """The decisions, and the notices by message."""
    store, tally = ox.Store(), Tally()
    store.load(DATA, ox.RdfFormat.TRIG)
    return decide(LinkGraph(store, MINTING), reviews, tally), dict(tally.notices)


def _told(each: Waiting) -> tuple[str, str, str, int]:
    outcome, skill = each.pair
    return outcome.removeprefix(f"{UNIT}/outcome/"), skill.removeprefix(SKILL), each.reason, len(each.earlier)


def test_what_holds_does_not_wait():
    assert (
        queue(review("1", "weld"), review("2", "cable", accepted=False), review("foreign", "weld", text="Weld")) == []
    )


def test_a_reworded_outcome_is_asked_about_in_its_new_wording():
    before = review("9", "weld", text="Souder des pièces de charpente métallique")
    assert queue(before) == [("1", "weld", "reworded", 1)]
    # a decision about the new wording, whatever it says, settles it; one of the same day was made beside the old one
    assert queue(before, review("1", "weld", "2026-02-01", accepted=False)) == []
    assert queue(before, review("1", "weld")) == [("9", "weld", "gone", 1)]


def test_an_outcome_without_likeness_is_gone_and_a_rejection_takes_the_decision_back():
    lost = review("9", "weld", text="Conduire un tracteur")
    assert queue(lost) == [("9", "weld", "gone", 1)]
    assert queue(review("9", "weld")) == [("9", "weld", "gone", 1)], "a log without texts suggests nothing"
    assert queue(lost, review("9", "weld", "2026-02-01", accepted=False, text="Conduire un tracteur")) == []


def test_a_replaced_skill_is_asked_about_as_each_of_its_successors():
    # old → older → weld by isReplacedBy, and cable replaces old
    assert queue(review("1", "old")) == [("1", "cable", "replaced-skill", 1), ("1", "weld", "replaced-skill", 1)]
    decided = review("1", "weld", "2026-02-01")
    assert queue(review("1", "old"), decided) == [("1", "cable", "replaced-skill", 1)]


@pytest.mark.parametrize("skill", ["vanished", "loop"])
def test_a_retired_skill_without_successor_waits_until_it_is_rejected(skill: str):
    assert queue(review("1", skill)) == [("1", skill, "retired-skill", 1)]
    assert queue(review("1", skill), review("1", skill, "2026-02-01", accepted=False)) == []


def test_a_conflict_waits_with_both_decisions_and_a_later_one_settles_it():
    both = review("1", "weld"), review("1", "weld", accepted=False)
    assert queue(*both) == [("1", "weld", "conflict", 2)]
    assert queue(*both, review("1", "weld", "2026-01-02")) == []


def test_a_wording_that_changed_under_the_same_iri_waits():
    changed = review("foreign", "weld", text="Weld steel")
    assert queue(changed) == [(FOREIGN, "weld", "changed-text", 1)]
    assert queue(changed, review("foreign", "weld", "2026-02-01", text="Saldare")) == []


@pytest.mark.parametrize("accepted", [True, False])
def test_a_decision_about_another_wording_of_the_same_iri_does_not_apply(accepted: bool):
    before = review("foreign", "weld", text="Weld steel", accepted=accepted)
    decisions, notices = decided(before)
    assert decisions.by_pair == {}
    assert [(each.review, each.reason) for each in decisions.queue] == [(before, "review-changed-text")]
    assert notices == {"review-changed-text": 1}
    # any wording of the outcome will do, and white space is no change
    same = review("foreign", "weld", text=" Weld ")
    assert decided(same)[0].by_pair == {same.pair: same}


def test_a_decision_about_the_present_wording_holds_beside_others_about_former_ones():
    now = review("foreign", "weld", "2026-02-01", text="Saldare")
    earlier, later = (
        review("foreign", "weld", date, text="Weld steel", accepted=False) for date in ("2026-01-01", "2026-03-01")
    )
    # the earlier one is settled; the later one shows that the text was another meanwhile: it is told, and asks nothing
    assert decided(earlier, now)[0].by_pair == decided(now, later)[0].by_pair == {now.pair: now}
    assert not decided(earlier, now)[1]
    assert decided(now, later)[1] == {"review-changed-text": 1}
    assert queue(now, later) == []
    # one that names no wording may be about the former one, where that was decided on later
    nameless = review("foreign", "weld", "2026-02-01")
    assert decided(nameless, later)[0].by_pair == {}
    assert decided(nameless, earlier)[0].by_pair == {nameless.pair: nameless}


def test_rejections_of_what_is_gone_leave_nothing_to_decide():
    assert queue(review("9", "weld", accepted=False, text="Souder"), review("1", "vanished", accepted=False)) == []


def test_the_order_of_a_log_changes_nothing():
    log = [review("9", "weld", text="Souder des pièces"), review("1", "old"), review("1", "cable"), review("2", "plan")]
    assert found(*log) == found(*reversed(log))
