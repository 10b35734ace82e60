"""The ranking on a handful of skills: what comes first, what it claims, and what it does not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from passerelle.linking.language_index import best_columns
from passerelle.linking.ranking import SkillRanker
from passerelle.linking.ranking_weights import RankingModel, RankingWeights, shipped_weights
from passerelle.linking.skill_texts import SkillTexts

SKILL = "http://data.europa.eu/esco/skill/"
LABELS = {
    "weld": ("souder des métaux", "weld metal", "Join pieces of metal by means of heat."),
    "cable": ("poser des câbles électriques", "lay electric cables", "Put cables into ducts."),
    "wind": ("entretenir des éoliennes", "maintain wind turbines", "Keep wind turbines running, inspect blades."),
    "solar": ("monter des panneaux photovoltaïques", "mount photovoltaic panels", "Fix solar modules on roofs."),
    "team": ("gérer une équipe", "manage a team", "Lead the members of a team."),
    "law": ("droit du travail", "employment law", "The rules between employers and workers."),
}


def skills(languages: Sequence[str] = ("fr", "en")) -> list[SkillTexts]:
    return [
        SkillTexts(
            SKILL + name,
            language,
            text,
            description=description if language == "en" else "",
        )
        for name, (french, english, description) in LABELS.items()
        for language, text in (("fr", french), ("en", english))
        if language in languages
    ]


@pytest.fixture(scope="module")
def ranker() -> SkillRanker:
    return SkillRanker(skills())


def first(ranker: SkillRanker, text: str, language: str = "fr") -> str:
    return ranker.rank([text], language)[0][0].skill.removeprefix(SKILL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Souder des métaux", "weld"),  # the same wording
        ("soudage du métal", "weld"),  # another word of the family
        ("pose d'un câble électrique", "cable"),
        ("panneau photovoltaique", "solar"),  # without accents, in the singular
        ("DROIT DU TRAVAIL", "law"),
    ],
)
def test_the_nearest_wording_comes_first(ranker: SkillRanker, text: str, expected: str) -> None:
    assert first(ranker, text) == expected


def test_the_same_wording_is_the_only_exact_match(ranker: SkillRanker) -> None:
    same, *others = ranker.rank(["Gérer une équipe"], "fr")[0]
    assert (same.skill, same.method, same.relation) == (SKILL + "team", "same-wording", "skos:exactMatch")
    assert same.justification == "semapv:LexicalMatching"
    assert all(each.relation != "skos:exactMatch" for each in others)


def test_a_label_with_less_is_broader_and_one_with_more_narrower(ranker: SkillRanker) -> None:
    holding = ranker.rank(["gérer une équipe de maçons"], "fr")[0][0]
    held = ranker.rank(["panneaux photovoltaïques"], "fr")[0][0]
    assert (holding.skill, holding.relation) == (SKILL + "team", "skos:broadMatch")
    assert (held.skill, held.relation) == (SKILL + "solar", "skos:narrowMatch")


def test_nothing_in_common_is_no_match(ranker: SkillRanker) -> None:
    assert ranker.rank(["xyzzy"], "fr") == [[]]
    assert ranker.rank([""], "fr") == [[]]


def test_confidences_are_no_probabilities_where_nothing_was_measured(ranker: SkillRanker) -> None:
    # six skills are not ESCO: among so few each one is more easily the best
    assert not any(each.calibrated for each in ranker.rank(["souder"], "fr")[0])
    assert all(0 <= each.confidence <= 1 for each in ranker.rank(["souder"], "fr")[0])


def test_another_language_is_ranked_by_what_languages_share(ranker: SkillRanker) -> None:
    found = ranker.rank(["Photovoltaik"], "de")[0]
    assert found[0].skill == SKILL + "solar"
    assert not found[0].calibrated


def test_a_skill_without_a_label_is_found_by_the_words_of_another_language() -> None:
    """ESCO's newest skills have no French label. "maintain" and "wind" are taught by the labels of other skills."""
    french = {
        "a": "entretenir des machines",
        "b": "entretenir des capteurs",
        "c": "inspecter des éoliennes",
        "e": "concevoir des éoliennes",
    }
    english = {
        "a": "maintain machines",
        "b": "maintain sensors",
        "c": "inspect wind turbines",
        "e": "design wind turbines",
        "d": "maintain wind turbines",
    }
    said = [SkillTexts(SKILL + name, "fr", label) for name, label in french.items()]
    found = SkillRanker([*said, *(SkillTexts(SKILL + name, "en", label) for name, label in english.items())])
    best = found.rank(["Entretenir une éolienne"], "fr")[0][0]
    # all words of the machine-made label are there, and still no wording of ESCO is claimed
    assert (best.skill, best.method, best.relation) == (SKILL + "d", "ranked-by-words", "skos:closeMatch")


def test_long_texts_have_an_order_of_their_own() -> None:
    one = RankingModel(("letters/value",), (0.0,), (1.0,), (1.0,), (0.0,) * 7, 0.0)
    turned = RankingModel(("letters/value",), (0.0,), (1.0,), (-1.0,), (0.0,) * 7, 0.0)
    assert RankingWeights("r", "fr", 2, 9, 6, "", {"own": one}).model(abroad=False, encoder="", long=True) is one
    weights = RankingWeights("r", "fr", 2, 9, 6, "", {"own": one, "own-long": turned})
    assert weights.model(abroad=False, encoder="", long=True) is turned
    assert weights.model(abroad=False, encoder="") is one


def test_what_surrounds_a_text_changes_nothing(ranker: SkillRanker) -> None:
    texts = ["souder", "gérer une équipe", "souder", "câbles"]
    together = ranker.rank(texts, "fr")
    assert together == [ranker.rank([text], "fr")[0] for text in texts]


def test_the_order_of_skills_changes_nothing(ranker: SkillRanker) -> None:
    turned = SkillRanker(reversed(skills()))
    assert turned.rank(["souder", "équipe"], "fr") == ranker.rank(["souder", "équipe"], "fr")


def test_at_most_as_many_as_asked_for(ranker: SkillRanker) -> None:
    assert len(ranker.rank(["souder des câbles"], "fr", top=1)[0]) == 1


def test_without_skills_there_is_no_proposal() -> None:
    assert SkillRanker(()).rank(["souder"], "fr") == [[]]


def test_a_main_clause_counts_more_than_its_purpose(ranker: SkillRanker) -> None:
    text = (
        "Entretenir les éoliennes du parc terrestre et maritime selon le planning annuel de l’exploitant national"
        " afin de gérer une équipe"
    )
    found = ranker.rank([text], "fr")[0]
    confidence = {each.skill.removeprefix(SKILL): each.confidence for each in found}
    assert found[0].skill == SKILL + "wind"
    alone = ranker.rank(["afin de gérer une équipe"], "fr")[0][0]
    # a circumstance counts 0.7 of what it would alone
    assert confidence["team"] <= round(0.7 * alone.confidence, 4) + 1e-9 or confidence["team"] < confidence["wind"]


def test_best_columns_take_ties_in_their_order() -> None:
    scores = np.array([[1.0, 3.0, 2.0, 3.0, 2.0]], np.float32)
    assert best_columns(scores, 4).tolist() == [[1, 3, 2, 4]]
    assert best_columns(scores, 9).tolist() == [[1, 3, 2, 4, 0]]


def test_the_version_names_the_encoder() -> None:
    class Nothing:
        name, version = "nothing", "1"
        parts = (slice(None), slice(None))

        def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> np.ndarray:
            return np.zeros((len(texts), 2), np.float32)

    assert SkillRanker(()).version == shipped_weights().version
    assert SkillRanker((), Nothing()).version == f"{shipped_weights().version}-nothing"


def test_weights_come_back_as_they_were_written(tmp_path) -> None:  # type: ignore[no-untyped-def]
    model = RankingModel(("a", "b"), (0.5, 1.0), (1.0, 2.0), (0.25, -1.5), (1.0,), -0.5)
    weights = RankingWeights("rank-9", "fr", 4, 9, 6, "", {"own": model}, frozenset(("0a1b2c3d",)), {"by": "hand"})
    weights.write(tmp_path / "weights.json")
    assert RankingWeights.read(tmp_path / "weights.json") == weights


def test_a_linear_score_is_what_it_says() -> None:
    # (3 - 1) / 2 * 0.5 + (4 - 0) / 1 * -1 = 0.5 - 4
    model = RankingModel(("a", "b"), (1.0, 0.0), (2.0, 1.0), (0.5, -1.0))
    assert model.scores(np.array([[[3.0, 4.0]]], np.float32)).tolist() == [[-3.5]]
