"""Context puts candidates into another order: occupations through ROME, and the unit's other outcomes."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from passerelle.graph.surroundings import Surrounding, Surroundings
from passerelle.linking.candidate_memory import key_of
from passerelle.linking.context import ContextOrder, weights
from passerelle.linking.ranking import RankedSkill
from passerelle.records.link import OutcomeText
from passerelle.records.mapping_table import rows
from passerelle.records.text import LanguageText

B = "https://example.org/r/id/"
DATA = f"""
@prefix psl: <https://w3id.org/passerelle/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix esco: <http://data.europa.eu/esco/model#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix b: <{B}> .
b:q a psl:ComparableSpecification ; psl:targetOccupation b:I1321 .
b:bloc a psl:ComparableSpecification ; psl:blocOf b:q ; psl:hasOutcome b:one, b:two .
b:one dcterms:title "Souder"@fr . b:two dcterms:title "Poser un câble"@fr .
b:title a psl:RomeAppellation ; psl:rome4Code b:I1321 ; skos:closeMatch b:welder ; skos:relatedMatch b:clerk .
b:welder a esco:Occupation ; esco:relatedEssentialSkill b:essential .
b:welder esco:relatedOptionalSkill b:optional, b:essential .
b:clerk a esco:Occupation ; esco:relatedEssentialSkill b:plain .
b:foreign a psl:ComparableSpecification ; psl:targetOccupation b:welder ; psl:hasOutcome b:three .
b:alone a psl:ComparableSpecification ; psl:hasOutcome b:four .
"""


@pytest.fixture(scope="module")
def surroundings() -> Surroundings:
    store = ox.Store()
    store.load(DATA, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("https://example.org/r/graph/rncp"))
    return Surroundings(store)


def test_the_skills_of_the_occupations_of_the_whole_surround_a_bloc(surroundings):
    around = surroundings.of(B + "one")
    assert around.essential == {B + "essential"}
    assert around.optional == {B + "optional"}, "what is both counts as essential; related occupations do not count"
    assert around.neighbours == (LanguageText("Poser un câble", "fr"),)


def test_an_esco_occupation_may_be_named_itself(surroundings):
    assert surroundings.of(B + "three").essential == {B + "essential"}


def test_nothing_surrounds_a_unit_that_names_no_occupation(surroundings):
    around = surroundings.of(B + "four")
    assert around == Surrounding()
    assert surroundings.of("") == Surrounding(), "a text of the command line stands in no unit"


def ranked(name: str, confidence: float) -> RankedSkill:
    return RankedSkill(B + name, confidence, confidence, False, "skos:closeMatch", "semapv:LexicalMatching", "m")


WEIGHTS = {"occupation-essential": 1.4, "occupation-optional": 0.5, "neighbours": 1.0}


def order(surroundings, outcome: str, found: list[RankedSkill], near: list[RankedSkill] = (), counted=WEIGHTS):
    ranking = lambda texts: {key_of(text.text, "fr"): list(near) for text in texts}  # noqa: E731
    placed = ContextOrder(surroundings, ranking, counted)(OutcomeText(B + outcome, ()), found)
    assert sorted(each.skill for each in placed) == sorted(each.skill for each in found)
    return [each.skill.removeprefix(B) for each in placed]


def test_an_occupation_moves_near_candidates_and_no_far_ones(surroundings):
    # ln(0.4/0.6) = -0.41, ln(0.2/0.8) = -1.39: 0.98 apart, less than the 1.4 of an essential skill
    assert order(surroundings, "one", [ranked("plain", 0.4), ranked("essential", 0.2)]) == ["essential", "plain"]
    # ln(0.9/0.1) = 2.20: 3.58 apart
    assert order(surroundings, "one", [ranked("plain", 0.9), ranked("essential", 0.2)]) == ["plain", "essential"]
    assert order(surroundings, "four", [ranked("plain", 0.4), ranked("essential", 0.2)]) == ["plain", "essential"]


def test_neighbours_tip_the_balance(surroundings):
    found = [ranked("plain", 0.40), ranked("other", 0.35)]
    # ln(0.35/0.65) = -0.62, 0.21 behind; a neighbour at 0.5 adds 1 × 0.5
    assert order(surroundings, "one", found) == ["plain", "other"]
    assert order(surroundings, "one", found, [ranked("other", 0.5)]) == ["other", "plain"]
    assert order(surroundings, "one", found, [ranked("other", 0.5)], {**WEIGHTS, "neighbours": 0}) == ["plain", "other"]


def test_weights_have_reasons_and_none_pushes_down(surroundings):
    assert set(weights()) == {"occupation-essential", "occupation-optional", "neighbours"}
    assert all(weight >= 0 for weight in weights().values())
    assert all(row["reason_en"] and row["reason_fr"] for row in rows("link-context.tsv"))
    # ln(0.4/0.6) = -0.41, ln(0.35/0.65) = -0.62: what an occupation needs comes first by the weights of the table
    found = [ranked("plain", 0.40), ranked("essential", 0.35)]
    assert order(surroundings, "one", found, counted=None) == ["essential", "plain"]
