"""Judged links: what is read, how agreement is counted, and what a report says of a linker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from passerelle.linking.agreement import agreement, cohen_kappa
from passerelle.linking.judgement_report import Share, judged_texts, judgement_report, ranked, unjudged
from passerelle.linking.judgements import JudgedOutcome, Judgement, Relation, read_judgements
from passerelle.linking.resampling import estimate, ratio
from passerelle.records.text import LanguageText, outcome_hash

HEADER = (
    "#mapping_set_id: https://example.org/judgements\n"
    "#license: https://creativecommons.org/licenses/by/4.0/\n"
    "#curie_map:\n"
    "#  esco: http://data.europa.eu/esco/\n"
    "#  outcome: https://w3id.org/passerelle/outcome-hash/\n"
    "#extension_definitions:\n"
    + "".join(
        f"#- slot_name: {name}\n"
        for name in (
            "outcome_language",
            "unit_kind",
            "outcome_origin",
            "eqf_level",
            "first_pass",
            "second_pass",
            "adjudicated",
            "pooled",
        )
    )
    + "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification"
    "\toutcome_language\tunit_kind\toutcome_origin\teqf_level\tfirst_pass\tsecond_pass\tadjudicated\tpooled\n"
)


def row(outcome: str, predicate: str, modifier: str, skill: str, *passes: str) -> str:
    facts = ("semapv:ManualMappingCuration", "fr", "bloc", "rncp", "5", *passes)
    return "\t".join((f"outcome:{outcome}", predicate, modifier, skill, *facts)) + "\n"


def outcome(key: str, *judgements: tuple[str, Relation], language: str = "fr", level: str = "5") -> JudgedOutcome:
    judged = tuple(Judgement(skill, relation, relation, relation, adjudicated=False) for skill, relation in judgements)
    return JudgedOutcome(key, language, "bloc", "rncp", level, "326", judged)


@dataclass(frozen=True)
class Offer:
    skill: str
    confidence: float
    calibrated: bool = False


def test_a_file_is_read_by_outcome_hash(tmp_path):
    path = tmp_path / "set.sssom.tsv"
    path.write_text(
        HEADER
        + row("aa", "skos:broadMatch", "", "esco:skill/1", "broad", "close", "true", "false")
        + row("aa", "skos:mappingRelation", "Not", "esco:skill/2", "none", "none", "false", "true")
        + row("bb", "skos:exactMatch", "", "sssom:NoTermFound", "", "", "false", "true"),
        encoding="utf-8",
    )
    judged = read_judgements(path)
    assert list(judged) == ["aa", "bb"]
    first, skill = judged["aa"], "http://data.europa.eu/esco/skill/1"
    assert (first.language, first.unit_kind, first.origin, first.level, first.sector) == ("fr", "bloc", "rncp", "5", "")
    assert first.judgements[0] == Judgement(skill, "broad", "broad", "close", adjudicated=True, pooled=False)
    assert first.correct == {skill}
    assert first.relation("http://data.europa.eu/esco/skill/2") == "none"
    assert first.relation("http://data.europa.eu/esco/skill/3") is None
    assert (judged["bb"].judgements, judged["bb"].correct) == ((), frozenset())


@pytest.mark.parametrize(
    "bad",
    [
        row("aa", "skos:exactMatch", "Not", "esco:skill/1", "none", "none", "false", "true"),
        row("aa", "skos:mappingRelation", "", "esco:skill/1", "none", "none", "false", "true"),
        row("aa", "skos:exactMatch", "", "esco:skill/1", "same", "exact", "false", "true"),
    ],
)
def test_a_row_that_is_no_judgement_is_refused(tmp_path, bad):
    path = tmp_path / "set.sssom.tsv"
    path.write_text(HEADER + bad, encoding="utf-8")
    with pytest.raises(ValueError, match=r"no (judgement|relation)"):
        read_judgements(path)


def test_agreement_is_worked_out_by_hand():
    passes: list[tuple[Relation, Relation | None]] = [
        ("exact", "close"),  # differs in the relation, agrees on "correct"
        ("broad", "broad"),
        ("related", "narrow"),  # differs in both
        ("none", "none"),
        ("close", None),  # added by the first pass: no pair of judgements
    ]
    judgements = tuple(Judgement(str(n), "none", a, b, adjudicated=False) for n, (a, b) in enumerate(passes))
    added = Judgement("both", "close", "close", "close", adjudicated=False, pooled=False)
    later = Judgement("later", "none", "none", "close", adjudicated=True, round=2)
    judged = [JudgedOutcome("aa", "fr", "bloc", "rncp", "5", "", (*judgements, added, later))]
    assert agreement(judged, 2).pairs == 1
    found = agreement(judged, 1)
    assert (found.outcomes, found.pairs) == (1, 4)
    # correct or not: 3 of 4 agree; by chance 2/4 · 3/4 + 2/4 · 1/4 = 1/2; kappa = (3/4 - 1/2) / (1 - 1/2) = 1/2
    assert (found.on_correct.value, found.kappa_on_correct.value) == (0.75, 0.5)
    # six relations: 2 of 4 agree; by chance broad 1/16 + none 1/16 = 1/8; kappa = (1/2 - 1/8) / (7/8) = 3/7
    assert (found.on_relation.value, found.kappa_on_relation.value) == (0.5, round(3 / 7, 4))


def test_kappa_is_not_defined_where_all_say_the_same():
    assert np.isnan(cohen_kappa(np.array([[4.0, 0.0, 0.0, 0.0]]))[0])


def test_an_interval_is_repeatable_and_holds_the_value():
    clusters = np.array([[1.0, 1.0], [0.0, 1.0], [2.0, 3.0], [1.0, 4.0]])
    found = estimate(clusters, ratio, 9)
    assert found == estimate(clusters, ratio, 9)
    assert found.value == round(4 / 9, 4)
    assert found.lower is not None and found.upper is not None
    assert 0 <= found.lower < found.value < found.upper <= 1
    assert estimate(np.zeros((0, 2)), ratio, 0).value is None
    assert estimate(np.zeros((3, 2)), ratio, 0).value is None


def test_a_report_gives_the_range_that_unjudged_proposals_leave():
    judged = {
        "aa": outcome("aa", ("s1", "exact"), ("s2", "narrow"), ("s3", "none")),
        "bb": outcome("bb", ("s1", "related"), ("s4", "broad"), language="de", level=""),
        "cc": outcome("cc", ("s5", "none")),
        "dd": outcome("dd", ("s1", "exact")),
    }
    proposals = {
        "aa": [Offer("s1", 0.9, calibrated=True), Offer("s9", 0.8), Offer("s3", 0.6), Offer("s2", 0.1)],
        "bb": [Offer("s8", 0.7), Offer("s1", 0.5), Offer("s7", 0.4), Offer("s4", 0.3)],
        "cc": [],
    }
    report = judgement_report(judged, proposals)
    quality = report["all"]["all"]
    assert (quality.outcomes, quality.with_correct, quality.without_proposal) == (3, 2, 1)  # dd was not asked for
    assert quality.calibrated == 1
    # first: s1 of aa is right; s8 of bb was not judged; cc has none. So 1/2, or 2/2 if s8 is right
    assert (quality.first.right, quality.first.unjudged, quality.first.of) == (1, 1, 2)
    assert (quality.first.lowest, quality.first.highest) == (0.5, 1.0)
    # first three: s1 right, s9 unjudged, s3 not; s8 unjudged, s1 not, s7 unjudged. 1/6, or 4/6
    assert (quality.shown.right, quality.shown.unjudged, quality.shown.of) == (1, 3, 6)
    assert (quality.shown.lowest, quality.shown.highest) == (round(1 / 6, 4), round(4 / 6, 4))
    # outcomes with a right one among three: aa; bb perhaps; cc not
    assert (quality.any_shown.right, quality.any_shown.unjudged, quality.any_shown.of) == (1, 1, 3)
    # outcomes with a correct skill: aa (s1 is found), bb (s4 is found, fourth)
    assert (quality.found.value, quality.found.n) == (1.0, 2)
    # judged among the first three: 0.9 right, 0.6 wrong, 0.5 wrong, each in a bin of its own: (0.1 + 0.6 + 0.5) / 3
    assert quality.first_confidence is not None and quality.shown_confidence is not None
    assert quality.shown_confidence.ece == pytest.approx(0.4)
    assert [(each.low, each.count, each.right) for each in quality.shown_confidence.bins] == [
        (0.5, 1, 0.0),
        (0.6, 1, 0.0),
        (0.9, 1, 1.0),
    ]
    # the one judged first proposal: 0.9, right
    assert quality.first_confidence.ece == pytest.approx(0.1)
    assert [(each.answered, each.right) for each in quality.no_match] == [(1.0, 1.0)] * 4
    assert {name: sorted(groups) for name, groups in report.items()} == {
        "all": ["all"],
        "language": ["de", "fr"],
        "level": ["5", "not stated"],
        "sector": ["32"],
        "origin": ["rncp"],
    }
    german = report["language"]["de"]
    assert (german.outcomes, german.first.right, german.first.unjudged, german.first_confidence) == (1, 0, 1, None)
    assert judgement_report(judged, {"cc": []})["all"]["all"].first == Share(0, 0, 0, None, None, None, None)
    assert unjudged(judged, proposals) == [("aa", "s9"), ("bb", "s7"), ("bb", "s8")]


def test_a_ranker_is_asked_for_judged_texts_alone_and_only_in_languages_that_it_speaks():
    asked: list[tuple[list[str], str]] = []

    class Ranker:
        def rank(self, texts, language, top=10):
            asked.append((list(texts), language))
            return [[Offer(text, 0.5)] for text in texts]

    french, german = outcome_hash("Souder", "fr"), outcome_hash("löten", "de")
    judged = {french: outcome(french), german: outcome(german, language="de")}
    # the paragraph of a file has no language: it is looked for in all of them
    texts = judged_texts(
        judged, [LanguageText("• Souder", "fr"), LanguageText("löten", ""), LanguageText("Peindre", "fr")]
    )
    assert texts == dict(sorted({french: "• Souder", german: "löten"}.items()))
    found = ranked(Ranker(), judged, texts, 10)
    assert asked == [(["löten"], "de"), (["• Souder"], "fr")]
    assert {key: [each.skill for each in offers] for key, offers in found.items()} == {
        german: ["löten"],
        french: ["• Souder"],
    }
    assert ranked(Ranker(), judged, texts, 10, spoken=("fr",))[german] == ()
