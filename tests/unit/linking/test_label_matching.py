"""The first linker: which wordings meet which labels."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from passerelle.graph.links import LinkGraph
from passerelle.linking.labels import exact_key, near_key
from passerelle.linking.matching import LabelLinker, methods
from passerelle.namespaces import Minting
from passerelle.records.link import OutcomeText
from passerelle.records.text import LanguageText

ESCO = """
@prefix esco: <http://data.europa.eu/esco/model#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix s: <http://data.europa.eu/esco/skill/> .
s:blades a esco:Skill ; skos:prefLabel "inspect wind turbines"@en, "inspecter les éoliennes"@fr,
    "επιθεωρώ ανεμογεννήτριες"@el ; skos:altLabel "examine wind turbine"@en, "contrôler des éoliennes"@fr .
s:cables a esco:Skill ; skos:prefLabel "splice cable"@en, "raccorder des câbles"@fr .
s:cables2 a esco:Skill ; skos:prefLabel "join cables"@en ; skos:altLabel "splice cable"@en .
s:installer a esco:Occupation ; skos:prefLabel "install panels"@en .
s:solder skos:prefLabel "not a skill"@en .
"""
SKILL = "http://data.europa.eu/esco/skill/"


@pytest.fixture(scope="module")
def linker() -> LabelLinker:
    store = ox.Store()
    store.load(ESCO, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("https://example.org/graph/esco"))
    return LabelLinker(LinkGraph(store, Minting()))


def outcome(*texts: tuple[str, str]) -> OutcomeText:
    return OutcomeText("https://example.org/o", tuple(LanguageText(text, tag) for tag, text in texts))


def found(linker: LabelLinker, language: str, text: str) -> list[tuple[str, str]]:
    return [(each.skill.removeprefix(SKILL), each.method) for each in linker.candidates(outcome((language, text)))]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Inspecter les éoliennes", [("blades", "exact-preferred-label")]),
        ("fr", "• C1.2 : Inspecter les éoliennes ;", [("blades", "exact-preferred-label")]),
        ("fr-BE", "contrôler des ÉOLIENNES.", [("blades", "exact-alternative-label")]),
        ("fr", "Inspecter une éolienne", [("blades", "near-preferred-label")]),
        ("fr", "INSPECTER LES EOLIENNES", [("blades", "near-preferred-label")]),
        ("fr", "Raccorder le câble", [("cables", "near-preferred-label")]),
        ("en", "To inspect the wind turbines", [("blades", "near-preferred-label")]),
        ("en", "examining wind turbines", [("blades", "near-alternative-label")]),
        ("el", "Επιθεωρώ ανεμογεννήτριες", [("blades", "exact-preferred-label")]),
        ("el", "ΕΠΙΘΕΩΡΩ ΤΙΣ ΑΝΕΜΟΓΕΝΝΗΤΡΙΕΣ", [("blades", "near-preferred-label")]),
        ("en", "splice cable", [("cables", "exact-preferred-label"), ("cables2", "exact-alternative-label")]),
        ("en", "not inspect wind turbines", []),
        ("en", "install panels", []),
        ("en", "not a skill", []),
        ("de", "inspecter les éoliennes", []),
        ("et", "inspect wind turbines", []),
        ("fr", "de la", []),
        ("fr", "…", []),
    ],
)
def test_an_outcome_meets_the_labels_worded_like_it(linker, language, text, expected):
    assert found(linker, language, text) == expected


def test_a_candidate_carries_its_method_and_an_uncalibrated_confidence(linker):
    exact = linker.candidates(outcome(("fr", "Inspecter les éoliennes")))[0]
    near = linker.candidates(outcome(("fr", "Inspecter une éolienne")))[0]
    assert (exact.relation, exact.justification, exact.confidence, exact.status) == (
        "skos:exactMatch",
        "semapv:LexicalMatching",
        "0.9",
        "uncalibrated",
    )
    assert (near.relation, near.justification) == ("skos:closeMatch", "semapv:LexicalSimilarityThresholdMatching")


def test_a_skill_is_proposed_once_by_the_best_method_over_all_languages(linker):
    both = outcome(("en", "To inspect the wind turbines"), ("fr", "Inspecter les éoliennes"))
    assert [each.method for each in linker.candidates(both)] == ["exact-preferred-label"]


@pytest.mark.parametrize("text", ["splice cable", "to splice cables", "join a cable", "weld", ""])
def test_asking_for_one_pair_agrees_with_asking_for_all(linker, text):
    asked = outcome(("en", text))
    every = {each.skill: each for each in linker.candidates(asked)}
    for name in ("blades", "cables", "cables2", "installer", "solder"):
        assert linker.candidate(asked, SKILL + name) == every.get(SKILL + name)


def test_accents_count_exactly_and_not_nearly():
    assert exact_key("la côte") != exact_key("la cote")
    assert near_key(exact_key("la côte"), "fr") == near_key(exact_key("la cote"), "fr")


def test_signs_that_make_a_name_are_kept():
    assert exact_key("C++") != exact_key("C") != exact_key("C#")


def test_confidences_fall_with_the_rank_of_the_method():
    confidences = [float(method.confidence) for method in sorted(methods().values(), key=lambda each: each.rank)]
    assert len(confidences) == 4
    assert confidences == sorted(confidences, reverse=True)
