"""Rows of a review file against what is known and decided: taken, unchanged, in conflict, refused; sums that add up."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.graph.links import LinkGraph
from passerelle.graph.reviewable_links import ReviewableLinks
from passerelle.linking.review_import import Defaults, Judged, ReviewImport
from passerelle.linking.submitted import SubmittedRow, guarded, unguarded
from passerelle.linking.submitted_file import submitted_rows
from passerelle.messages import LANGUAGES, message
from passerelle.namespaces import Minting
from passerelle.records.place import Place
from passerelle.records.review import Review
from passerelle.records.tally import Reject, Tally

MINTING = Minting("https://example.org/r")
B = MINTING.base
SKILL = "http://data.europa.eu/esco/skill/"
UNIT = B + "/id/rncp/90001/bloc/BC01"
DATA = f"""
@prefix esco: <http://data.europa.eu/esco/model#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix psl: <https://w3id.org/passerelle/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix s: <{SKILL}> . @prefix g: <{B}/graph/> .
g:esco {{ s:weld a esco:Skill ; skos:prefLabel "weld"@en . s:cable a esco:Skill . s:old dcterms:isReplacedBy s:weld . }}
g:rncp {{
  <{UNIT}/outcome/1> a psl:LearningOutcome ; dcterms:title "Souder"@fr .
  <{UNIT}/outcome/2> a psl:LearningOutcome ; dcterms:title "Poser un câble"@fr .
}}
"""
DEFAULTS = Defaults("A. Person", "2026-03-01", "1.2.0", {"rncp": "2026-01-01"})


def row(line: int, decision: str, outcome: str = "1", skill: str = "weld", **given: str) -> SubmittedRow:
    relation = given.pop("relation", "skos:closeMatch" if decision else "")
    corrected = given.pop("corrected", "")
    return SubmittedRow(
        Place("r.xlsx", line), f"{UNIT}/outcome/{outcome}", SKILL + skill, decision, relation,
        corrected and SKILL + corrected, **given,
    )  # fmt: skip


def standing(date: str, *, accepted: bool = True, relation: str = "skos:closeMatch", text: str = "") -> Review:
    return Review(f"{UNIT}/outcome/1", SKILL + "weld", relation, accepted, date, text, Place("log.tsv", 7))


def judge(rows: list[SubmittedRow], *log: Review, waiting: set[tuple[str, str]] = frozenset(), defaults=DEFAULTS):
    store = ox.Store()
    store.load(DATA, ox.RdfFormat.TRIG)
    rejects: list[Reject] = []
    tally = Tally(on_reject=rejects.append)
    importing = ReviewImport(LinkGraph(store, MINTING), ReviewableLinks(store, MINTING), defaults, waiting)
    judged = importing.judge(rows, log, tally)
    refused = sum(tally.rejected.values())
    assert tally.read["row"] == len(rows) == judged.appended + judged.unchanged + judged.undecided + refused
    assert judged.conflicting == tally.notices["review-import-conflict"] == len(rejects) - refused
    for each in rejects:
        for language in LANGUAGES:
            assert message(each.message_id).what(language, **each.parameters)
            assert message(each.message_id).remedy(language, **each.parameters)
    return judged, [(each.message_id, each.place.line) for each in rejects]


def said(judged: Judged) -> list[tuple[str, str, str, bool, str]]:
    return [
        (each.outcome[-1], each.skill.removeprefix(SKILL), each.relation[5:], each.accepted, each.date)
        for each in judged.decisions
    ]


def test_accepted_rejected_corrected_and_undecided():
    judged, rejects = judge(
        [
            row(2, "accept", date="2026-02-02"),
            row(3, "reject", "2"),
            row(4, "correct", "2", "cable", corrected="weld", relation="skos:broadMatch", comment="steel"),
            row(5, ""),
        ]
    )
    # the last two contradict each other about outcome 2 and weld: rejected there, accepted as a correction
    assert rejects == [("review-import-contradiction", 3), ("review-import-contradiction", 4)]
    assert said(judged) == [("1", "weld", "closeMatch", True, "2026-02-02")]
    judged, rejects = judge([row(4, "correct", "2", "cable", corrected="weld", relation="skos:broadMatch")])
    assert rejects == []
    assert said(judged) == [
        ("2", "cable", "broadMatch", False, "2026-03-01"),
        ("2", "weld", "broadMatch", True, "2026-03-01"),
    ]
    first = judged.decisions[0]
    assert (first.reviewer, first.text, first.outcome_version, first.skill_version) == (
        "A. Person", "Poser un câble", "2026-01-01", "1.2.0",
    )  # fmt: skip
    assert judged.decisions[1].skill_label == "weld"


@pytest.mark.parametrize(
    ("given", "log", "result"),
    [
        ("accept", [], "appended"),
        ("accept", [standing("2026-01-01")], "unchanged"),
        ("accept", [standing("2026-03-01")], "unchanged"),
        ("accept", [standing("2026-04-01")], "unchanged"),
        ("accept", [standing("2026-01-01", text="Soudure")], "appended"),  # about another wording
        ("reject", [standing("2026-03-01", text="Soudure")], "appended"),  # no conflict with another wording
        ("accept", [standing("2026-04-01", text="Soudure")], "appended"),
        ("accept", [standing("2026-01-01", relation="skos:broadMatch")], "appended"),
        ("accept", [standing("2026-03-01", relation="skos:broadMatch")], "conflicting"),
        ("accept", [standing("2026-04-01", accepted=False)], "review-import-older"),
        ("reject", [standing("2026-01-01")], "appended"),
        ("reject", [standing("2026-03-01")], "conflicting"),
        ("reject", [standing("2026-03-01", accepted=False, relation="skos:exactMatch")], "unchanged"),
        ("accept", [standing("2026-02-01"), standing("2026-02-01", accepted=False)], "appended"),  # settles
        ("accept", [standing("2026-03-01"), standing("2026-03-01", accepted=False)], "unchanged"),  # both are known
        ("accept", [standing("2026-01-01", accepted=False), standing("2026-02-01")], "unchanged"),
    ],
)
def test_a_row_against_what_stands_already(given: str, log: list[Review], result: str):
    for order in (log, log[::-1]):
        judged, rejects = judge([row(2, given)], *order)
        if result.startswith("review-"):
            assert rejects == [(result, 2)]
            assert judged.decisions == []
        else:
            assert rejects == ([("review-import-conflict", 2)] if result == "conflicting" else [])
            assert getattr(judged, result) == 1
            assert len(judged.decisions) == (result != "unchanged")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (row(2, "accept", "9"), "review-import-unknown-outcome"),
        (row(2, "accept", skill="old"), "review-import-replaced-skill"),
        (row(2, "reject", skill="vanished"), "review-import-skill-not-loaded"),
        (row(2, "accept", skill="../../group/1"), "review-import-skill-not-loaded"),
        (row(2, "correct", corrected="vanished"), "review-import-skill-not-loaded"),
        (row(2, "correct", corrected="weld"), "review-import-same-skill"),
        (row(2, "accept", relation=""), "review-import-no-relation"),
        (row(2, "accept", text="Soudure"), "review-import-other-text"),
        (row(2, "accept", date="2026-02-30"), "review-import-date"),
    ],
)
def test_what_cannot_be_taken_is_named(given: SubmittedRow, reason: str):
    judged, rejects = judge([given, row(3, "accept")])
    assert rejects == [(reason, 2)]
    assert said(judged) == [("1", "weld", "closeMatch", True, "2026-03-01")]


@pytest.mark.parametrize(
    "later", [standing("2026-04-01", accepted=False), standing("2026-04-01", relation="skos:broadMatch")]
)
def test_no_half_of_a_correction_is_taken_where_a_later_decision_stands_against_the_other(later: Review):
    judged, rejects = judge([row(2, "correct", skill="cable", corrected="weld")], later)
    assert (judged.decisions, rejects) == ([], [("review-import-older", 2)])


def test_a_day_that_has_begun_nowhere_is_refused():
    until = Defaults("A. Person", "2026-03-01", latest="2026-03-02")
    judged, rejects = judge(
        [
            row(2, "accept", date="2026-03-02"),
            row(3, "reject", "2", date="2026-03-03"),
            row(4, "reject", date="2062-03-01"),
        ],
        defaults=until,
    )
    assert rejects == [("review-import-future", 3), ("review-import-future", 4)]
    assert [each[-1] for each in said(judged)] == ["2026-03-02"]


def test_a_decision_without_a_reviewer_is_refused():
    _, rejects = judge(
        [row(2, "accept"), row(3, "reject", "2", reviewer="B. Person")], defaults=Defaults("", "2026-03-01")
    )
    assert rejects == [("review-anonymous", 2)]


def test_what_was_sent_back_may_be_taken_back():
    gone, retired = (f"{UNIT}/outcome/9", SKILL + "weld"), (f"{UNIT}/outcome/1", SKILL + "vanished")
    judged, rejects = judge(
        [row(2, "reject", "9"), row(3, "correct", skill="vanished", corrected="weld")], waiting={gone, retired}
    )
    assert rejects == []
    assert [(each.pair, each.accepted) for each in judged.decisions] == [
        (gone, False), (retired, False), ((f"{UNIT}/outcome/1", SKILL + "weld"), True),
    ]  # fmt: skip


def test_equal_rows_are_one_decision_and_different_days_two():
    judged, rejects = judge([row(2, "accept"), row(3, "accept"), row(4, "reject", date="2026-03-02")])
    assert (judged.appended, judged.unchanged, rejects) == (2, 1, [])
    assert said(judged) == [
        ("1", "weld", "closeMatch", True, "2026-03-01"),
        ("1", "weld", "closeMatch", False, "2026-03-02"),
    ]


TABLE = (
    "#mapping_set_id: https://example.org/r\n#curie_map:\n#  o: " + UNIT + "/outcome/\n#  s: " + SKILL + "\n"
    "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\treviewer_label\tmapping_date"
    "\treview_corrected_skill\n"
)


@pytest.mark.parametrize(
    ("line", "decision", "reason"),
    [
        ("o:1\tSouder\tskos:exactMatch\t\ts:weld\tsemapv:LexicalMatching\t\t", "", None),
        ("o:1\tSouder\tskos:exactMatch\t\ts:weld\tsemapv:ManualMappingCuration\tX\t2026-01-01", "accept", None),
        ("o:1\tSouder\tskos:exactMatch\tNot\ts:weld\tsemapv:ManualMappingCuration\t\t", "reject", None),
        ("o:1\tSouder\tskos:exactMatch\tNot\ts:weld\tsemapv:LexicalMatching\t\t", "", "review-import-unjustified"),
        ("o:1\tSouder\tskos:exactMatch\t\ts:weld\tsemapv:LexicalMatching\tX\t", "", "review-import-unjustified"),
        ("o:1\tSouder\tskos:exactMatch\t\ts:weld\tsemapv:ManualMappingCuration\tX\t\ts:cable", "correct", None),
        ("o:1\tSouder\tskos:exactMatch\tNot\ts:weld\tsemapv:ManualMappingCuration\tX\t\ts:cable", "correct", None),
        ("o:1\tSouder\tskos:exactMatch\t\ts:weld\tsemapv:ManualMappingCuration\tX\t\tcable", "", "review-iri"),
        (
            "o:1\tSouder\tskos:exactMatch\t\ts:weld\tsemapv:LexicalMatching\t\t\ts:cable",
            "",
            "review-import-unjustified",
        ),
        ("o:1\tSouder\tskos:mappingRelation\t\ts:weld\tsemapv:ManualMappingCuration\tX\t", "accept", None),
        ("o:1\tSouder\towl:sameAs\t\ts:weld\tsemapv:ManualMappingCuration\tX\t", "", "review-relation"),
        ("o:1\tSouder\tskos:exactMatch\t\tnowhere:weld\tsemapv:LexicalMatching\t\t", "", "review-iri"),
    ],
)
def test_a_row_of_a_table_decides_by_its_justification(tmp_path: Path, line: str, decision: str, reason: str | None):
    path = tmp_path / "r.sssom.tsv"
    path.write_text(TABLE + line + "\n", encoding="utf-8")
    rejects: list[Reject] = []
    rows = list(submitted_rows(path, Tally(on_reject=rejects.append)))
    assert [each.decision for each in rows] == ([] if reason else [decision])
    assert [each.corrected for each in rows if each.corrected] == ([SKILL + "cable"] if decision == "correct" else [])
    # the relation that says nothing is none: an acceptance with it is refused (review-import-no-relation)
    chosen = "" if "mappingRelation" in line else "skos:exactMatch"
    assert [each.relation for each in rows if each.decision] == ([chosen] if decision else [])
    assert [each.message_id for each in rejects] == ([reason] if reason else [])


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-5", "@here", "'tis", "'=x", "''=x", "plain", "", "a\tb\nc"])
def test_what_a_spreadsheet_would_take_for_a_formula_comes_back_as_it_was(text: str):
    assert unguarded(guarded(text)) == " ".join(text.split())
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t"))
