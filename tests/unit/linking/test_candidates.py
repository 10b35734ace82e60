"""Candidates: each text is ranked once, what was ranked is carried over, and few are chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from passerelle.errors import DamagedRelease
from passerelle.linking.candidate_memory import FILE_NAME, CandidateMemory, key_of
from passerelle.linking.candidates import LEAST_CONFIDENCE, MAXIMUM, RANKED, RankedLinker
from passerelle.linking.ranking import RankedSkill
from passerelle.records.link import OutcomeText
from passerelle.records.text import LanguageText

SKILL = "http://data.europa.eu/esco/skill/"


def ranked(name: str, confidence: float, *, calibrated: bool = False) -> RankedSkill:
    way = ("skos:closeMatch", "semapv:LexicalMatching", "ranked-lexical")
    return RankedSkill(SKILL + name, confidence, confidence, calibrated, *way)


class CountingRanker:
    """Proposes one skill named after the text, and remembers what it was asked for."""

    version = "counting-1"

    def __init__(self, known: dict[str, list[RankedSkill]] | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self._known = known or {}

    def rank(self, texts, language, top=10):
        assert top == RANKED
        self.asked += [(language, text) for text in texts]
        if language == "et":
            return [[] for _ in texts]
        return [self._known.get(text, [ranked(text, 0.5)]) for text in texts]


def outcome(number: int, *texts: tuple[str, str]) -> OutcomeText:
    return OutcomeText(f"https://example.org/o/{number}", tuple(LanguageText(text, tag) for tag, text in texts))


def linker(folder: Path, ranker: CountingRanker, earlier: CandidateMemory | None = None) -> RankedLinker:
    folder.mkdir(exist_ok=True)
    return RankedLinker(CandidateMemory.create(folder, ranker.version, "esco-a"), ranker, earlier)


def test_a_repeated_text_is_ranked_once(tmp_path):
    ranker = CountingRanker()
    outcomes = [
        outcome(1, ("fr", "Souder")),
        outcome(2, ("fr", "  • C1.2 : Souder")),
        outcome(3, ("fr-BE", "Souder")),
        outcome(4, ("nl", "Souder")),
    ]
    linking = linker(tmp_path, ranker)
    found = linking.candidates(outcomes)
    assert linking.candidates(outcomes[:1]) == found[:1]
    # bullets, numbering and the region make no other text; another language does
    assert ranker.asked == [("fr", "Souder"), ("nl", "Souder")]
    assert [[each.skill for each in candidates] for candidates in found] == [[SKILL + "Souder"]] * 4


def test_a_rebuild_ranks_only_what_is_new(tmp_path):
    first = linker(tmp_path / "first", CountingRanker())
    before = first.candidates([outcome(1, ("fr", "Souder")), outcome(2, ("fr", "Poser"))])
    first.close()
    ranker = CountingRanker()
    second = linker(tmp_path / "second", ranker, CandidateMemory.open(tmp_path / "first"))
    after = second.candidates([outcome(1, ("fr", "Souder")), outcome(2, ("fr", "Poser")), outcome(3, ("fr", "Régler"))])
    assert ranker.asked == [("fr", "Régler")]
    assert after[:2] == before
    assert second.counts.ranked == {"fr": 1}
    assert second.counts.distinct == {"fr": 3}


def test_a_derived_release_needs_no_ranker(tmp_path):
    built = linker(tmp_path, CountingRanker())
    before = built.candidates([outcome(1, ("fr", "Souder"))])
    built.close()
    kept = CandidateMemory.open(tmp_path)
    assert kept is not None
    assert len(kept) == 1
    derived = RankedLinker(kept)
    assert derived.version == built.version
    assert derived.candidates([outcome(1, ("fr", "Souder"))]) == before
    with pytest.raises(DamagedRelease):
        derived.candidates([outcome(2, ("fr", "Unknown to it"))])


def test_no_match_is_an_answer_and_is_remembered_and_counted(tmp_path):
    ranker = CountingRanker()
    linking = linker(tmp_path, ranker)
    texts = [outcome(1, ("et", "Keevitab")), outcome(2, ("et", "Keevitab"))]
    assert linking.candidates(texts) == [[], []]
    assert linking.candidates(texts[:1]) == [[]]
    assert ranker.asked == [("et", "Keevitab")]
    assert linking.counts.without == {"et": 3}
    assert linking.counts.texts == {"et": 3}


def test_few_candidates_are_chosen_and_none_below_the_least_confidence(tmp_path):
    # eight sure ones, of which the best five stay, and one that is not sure enough
    sure = [ranked(f"s{number}", 0.9 - number / 100) for number in range(8)]
    unsure = [ranked("s", 0.4), ranked("t", LEAST_CONFIDENCE), ranked("u", LEAST_CONFIDENCE - 0.001)]
    linking = linker(tmp_path, CountingRanker({"Many": sure, "Few": unsure}))
    many, few = linking.candidates([outcome(1, ("en", "Many")), outcome(2, ("en", "Few"))])
    assert [each.skill for each in many] == [SKILL + f"s{number}" for number in range(MAXIMUM)]
    assert [each.skill for each in few] == [SKILL + "s", SKILL + "t"]


def test_an_outcome_in_two_languages_has_each_skill_once_at_its_surest(tmp_path):
    known = {"Souder": [ranked("weld", 0.6), ranked("glue", 0.3)], "Weld": [ranked("weld", 0.8, calibrated=True)]}
    found = linker(tmp_path, CountingRanker(known)).candidates([outcome(1, ("en", "Weld"), ("fr", "Souder"))])[0]
    assert [(each.skill, each.confidence, each.status) for each in found] == [
        (SKILL + "weld", "0.8", "calibrated"),
        (SKILL + "glue", "0.3", "uncalibrated"),
    ]


def test_context_may_change_the_order_but_not_what_is_proposed(tmp_path):
    known = {"Souder": [ranked("weld", 0.6), ranked("glue", 0.3), ranked("unsure", 0.01)]}
    linking = linker(tmp_path, CountingRanker(known))
    linking.order = lambda outcome, found: list(reversed(found))
    found = linking.candidates([outcome(1, ("fr", "Souder"))], ordered=True)[0]
    assert [(each.skill, each.confidence) for each in found] == [(SKILL + "glue", "0.3"), (SKILL + "weld", "0.6")]
    assert {each.skill for each in linking.candidates([outcome(1, ("fr", "Souder"))])[0]} == {
        SKILL + "weld",
        SKILL + "glue",
    }


def test_context_chooses_where_there_are_more_than_enough(tmp_path):
    sure = [ranked(f"s{number}", 0.9 - number / 100) for number in range(8)]
    linking = linker(tmp_path, CountingRanker({"Many": sure}))
    linking.order = lambda outcome, found: list(reversed(found))
    found = linking.candidates([outcome(1, ("en", "Many"))])[0]
    assert [each.skill for each in found] == [SKILL + f"s{number}" for number in (7, 6, 5, 4, 3)]


def test_a_release_without_candidates_and_a_file_that_is_none(tmp_path):
    assert CandidateMemory.open(tmp_path) is None
    (tmp_path / FILE_NAME).parent.mkdir()
    (tmp_path / FILE_NAME).write_text("not a database", encoding="utf-8")
    with pytest.raises(DamagedRelease):
        CandidateMemory.open(tmp_path)


def test_more_texts_than_one_question_takes(tmp_path):
    linking = linker(tmp_path, CountingRanker())
    outcomes = [outcome(number, ("en", f"Text {number}")) for number in range(1_200)]
    linking.candidates(outcomes)
    linking.close()
    memory = CandidateMemory.open(tmp_path)
    assert memory is not None
    keys = [key_of(f"Text {number}", "en") for number in range(1_200)]
    found = memory.get(keys)
    assert [found[key][0].skill for key in keys] == [f"{SKILL}Text {number}" for number in range(1_200)]


def test_a_language_without_labels_gets_no_proposal_and_no_ranking(tmp_path):
    ranker = CountingRanker()
    linking = RankedLinker(CandidateMemory.create(tmp_path, ranker.version, "esco-a"), ranker, None, {"fr", "en"})
    found = linking.candidates([outcome(1, ("de", "Installation")), outcome(2, ("fr", "Installation"))])
    assert [len(each) for each in found] == [0, 1]
    assert ranker.asked == [("fr", "Installation")]
    assert linking.counts.without == {"de": 1, "fr": 0}
    assert linking.counts.ranked == {"de": 0, "fr": 1}
