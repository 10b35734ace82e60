"""Judged links: what is read, how agreement is counted, and what a report says of a linker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from passerelle.linking.agreement import agreement, cohen_kappa
from passerelle.linking.judgement_report import judgement_report, ranked
from passerelle.linking.judgements import JudgedOutcome, Judgement, Relation, read_judgements
from passerelle.linking.resampling import estimate, ratio
from passerelle.records.link import OutcomeText
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
    found = agreement([JudgedOutcome("aa", "fr", "bloc", "rncp", "5", "", (*judgements, added))])
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


def test_a_report_counts_unjudged_proposals_as_unjudged():
    judged = {
        "aa": outcome("aa", ("s1", "exact"), ("s2", "narrow"), ("s3", "none")),
        "bb": outcome("bb", ("s1", "related"), ("s4", "broad"), language="de", level=""),
        "cc": outcome("cc", ("s5", "none")),
        "dd": outcome("dd", ("s1", "exact")),
    }
    proposals = {
        "aa": [Offer("s1", 0.9), Offer("s9", 0.8), Offer("s3", 0.6)],
        "bb": [Offer("s8", 0.7), Offer("s1", 0.5)],
        "cc": [],
    }
    report = judgement_report(judged, proposals)
    quality = report["all"]["all"]
    assert (quality.outcomes, quality.with_correct, quality.no_proposal) == (3, 2, 1)  # dd was not asked for
    # first proposals: s1 of aa is right; s8 of bb was not judged; cc has none
    assert (quality.precision_at_1.value, quality.precision_at_1.n, quality.first_unjudged) == (1.0, 1, 1)
    # correct pairs: aa-s1, aa-s2, bb-s4; found at 1 and at 5: aa-s1
    assert {depth: (each.value, each.n) for depth, each in quality.recall.items()} == dict.fromkeys(
        (1, 5, 10), (round(1 / 3, 4), 3)
    )
    assert (quality.judged, quality.unjudged) == (3, 2)
    # judged: 0.9 right, 0.6 wrong, 0.5 wrong, each in a bin of its own: (0.1 + 0.6 + 0.5) / 3
    assert quality.error.value == 0.4
    # (0.01 + 0.36 + 0.25) / 3
    assert quality.brier.value == round(0.62 / 3, 4)
    filled = [(each.lower, each.n, each.mean_confidence, each.share_correct) for each in quality.bins if each.n]
    assert filled == [(0.5, 1, 0.5, 0.0), (0.6, 1, 0.6, 0.0), (0.9, 1, 0.9, 1.0)]
    assert {name: sorted(groups) for name, groups in report.items()} == {
        "all": ["all"],
        "language": ["de", "fr"],
        "level": ["5", "not stated"],
        "sector": ["326"],
        "origin": ["rncp"],
    }
    german = report["language"]["de"]
    assert (german.outcomes, german.precision_at_1.value, german.precision_at_1.n) == (1, None, 0)


def test_full_confidence_falls_into_the_last_bin():
    quality = judgement_report({"aa": outcome("aa", ("s1", "exact"))}, {"aa": [Offer("s1", 1.0)]})["all"]["all"]
    assert [each.n for each in quality.bins] == [0] * 9 + [1]
    assert quality.error.value == 0.0


def test_a_ranker_is_asked_for_judged_texts_alone_and_language_by_language():
    asked: list[tuple[list[str], str]] = []

    class Ranker:
        def rank(self, texts, language, top=10):
            asked.append((list(texts), language))
            return [[Offer(text, 0.5)] for text in texts]

    french, german = outcome_hash("Souder", "fr"), outcome_hash("löten", "de")
    judged = {french: outcome(french), german: outcome(german, language="de")}
    texts = (LanguageText("• Souder", "fr"), LanguageText("löten", "de"), LanguageText("Peindre", "fr"))
    found = ranked(Ranker(), judged, [OutcomeText("https://example.org/1", texts)])
    assert asked == [(["löten"], "de"), (["• Souder"], "fr")]
    assert {key: [each.skill for each in offers] for key, offers in found.items()} == {
        german: ["löten"],
        french: ["• Souder"],
    }
