"""Which statements of a store become facts of a unit, with the graph that states each, and what a bloc takes over."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from passerelle.graph.fact_paths import fact_path
from passerelle.graph.node_reader import NodeReader
from passerelle.graph.unit_facts import facts_of
from passerelle.namespaces import Minting
from passerelle.records.autonomy import autonomy_sentences
from passerelle.records.compared_unit import Fact
from passerelle.records.duration import hours, in_hours

MINTING = Minting("https://example.org/p")
FICHE, BLOC = MINTING.fiche("RNCP1"), MINTING.bloc("RNCP1", "RNCP1BC01")
DATA = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix psl: <https://w3id.org/passerelle/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix g: <https://example.org/p/graph/> .
@prefix unit: <https://example.org/p/id/rncp/1/> .
g:rncp {
  <https://example.org/p/id/rncp/1> a psl:ComparableSpecification ;
    elm:EQFLevel <http://data.europa.eu/snb/eqf/5> ;
    psl:certifiedBy <https://example.org/body> ;
    psl:specialityField <https://example.org/nsf> ;
    psl:assessmentMethods "Jury de la fiche"@fr ;
    psl:targetedActivities "Monter un mât.  Travailler en autonomie. Encadrer une équipe de deux personnes."@fr ;
    psl:authorisation [ psl:authorisedOrganisation [ skos:prefLabel "Camille Exemple"@fr ] ] ;
    psl:routeOpening unit:r1 , unit:r2 ;
    psl:registration unit:registration .
  unit:r1 psl:accessRoute <https://example.org/vae> ; psl:routeOpen true .
  unit:r2 psl:accessRoute <https://example.org/initial> ; psl:routeOpen false .
  unit:registration psl:effectDate "2020-01-01"^^xsd:date ; psl:endDate "2024-12-31"^^xsd:date ;
    psl:awardDeadline "2027-12-31"^^xsd:date .
  <https://example.org/nsf> skos:exactMatch <https://example.org/group> .
  <https://example.org/p/id/rncp/1/bloc/RNCP1BC01> a psl:ComparableSpecification ;
    psl:blocOf <https://example.org/p/id/rncp/1> ;
    psl:assessmentMethods "Jury du bloc"@fr ; psl:hasOutcome unit:o1 , unit:o2 .
  unit:o1 dcterms:title "Décider de façon autonome des réglages"@fr .
  unit:o2 a psl:AutonomyOutcome ; dcterms:title "Répondre de la sécurité"@fr .
}
g:vocabularies { <https://example.org/group> skos:closeMatch <http://data.europa.eu/snb/isced-f/0713> . }
g:provenance {
  g:rncp prov:wasDerivedFrom <https://example.org/source> .
  <https://example.org/source> dcterms:issued "2026-11-22"^^xsd:date .
}
g:stranger {
  <https://example.org/p/id/rncp/1> elm:EQFLevel <http://data.europa.eu/snb/eqf/8> .
  unit:r1 psl:accessRoute <https://example.org/other> .
}
g:italy {
  <https://example.org/it> a psl:ComparableSpecification ; elm:volumeOfLearning "P75D"^^xsd:duration ;
    elm:creditPoint <https://example.org/it/c1> , <https://example.org/it/c2> ;
    elm:isPartOf <https://example.org/it/whole> .
  <https://example.org/it/c1> elm:point "60" ; elm:framework <https://example.org/ects> .
  <https://example.org/it/c2> elm:point "20" ; elm:framework <https://example.org/national> .
  <https://example.org/it/whole> a psl:ComparableSpecification ; elm:EQFLevel <http://data.europa.eu/snb/eqf/6> .
}
"""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    return store


def named(facts: tuple[Fact, ...], name: str) -> list[tuple[str, str, str, str]]:
    return [
        (each.value, each.qualifier, each.source.rpartition("/")[2], each.inherited_from)
        for each in facts
        if each.name == name
    ]


def test_a_fact_names_the_graph_that_states_it_and_what_it_qualifies(store: ox.Store) -> None:
    facts = facts_of(NodeReader(store), MINTING, FICHE)
    assert named(facts, "certifier") == [("https://example.org/body", "", "rncp", "")]
    assert named(facts, "route") == [
        ("https://example.org/initial", "false", "rncp", ""),
        ("https://example.org/vae", "true", "rncp", ""),
    ]
    assert named(facts_of(NodeReader(store), MINTING, "https://example.org/it"), "credits") == [
        ("20", "https://example.org/national", "italy", ""),
        ("60", "https://example.org/ects", "italy", ""),
    ]


def test_a_graph_that_does_not_describe_a_unit_is_not_believed_about_it(store: ox.Store) -> None:
    assert named(facts_of(NodeReader(store), MINTING, FICHE), "eqf-level") == [
        ("http://data.europa.eu/snb/eqf/5", "", "rncp", "")
    ]


def test_a_crosswalk_of_ours_is_the_source_of_what_it_leads_to(store: ox.Store) -> None:
    found = named(facts_of(NodeReader(store), MINTING, FICHE), "field-of-education-by-crosswalk")
    assert found == [("http://data.europa.eu/snb/isced-f/0713", "", "vocabularies", "")]


def test_a_bloc_takes_over_what_its_certification_states_and_says_so_but_keeps_its_own(store: ox.Store) -> None:
    facts = facts_of(NodeReader(store), MINTING, BLOC, (FICHE,))
    assert named(facts, "eqf-level") == [("http://data.europa.eu/snb/eqf/5", "", "rncp", FICHE)]
    assert named(facts, "assessment-methods") == [("Jury du bloc", "", "rncp", "")]
    assert named(facts, "workload") == []


def test_a_component_of_another_country_takes_over_nothing(store: ox.Store) -> None:
    facts = facts_of(NodeReader(store), MINTING, "https://example.org/it", ("https://example.org/it/whole",))
    assert named(facts, "eqf-level") == []


def test_the_status_is_that_of_the_day_of_the_source(store: ox.Store) -> None:
    (status,) = named(facts_of(NodeReader(store), MINTING, FICHE), "registration-status")
    # ended on 31 December 2024, may be awarded until the end of 2027; the source is of 22 November 2026
    assert status == (
        "https://w3id.org/passerelle/vocabulary/registration-status/award-period",
        "2026-11-22",
        "rncp",
        "",
    )


def test_a_workload_is_given_in_hours_as_its_source_wrote_it(store: ox.Store) -> None:
    # the store writes PT1800H as P75D; 75 · 24 = 1800
    facts = facts_of(NodeReader(store), MINTING, "https://example.org/it")
    assert named(facts, "volume-of-learning") == [("PT1800H", "", "italy", "")]
    assert named(facts_of(NodeReader(store), MINTING, FICHE), "volume-of-learning") == []


def test_autonomy_stands_in_rows_of_source_text(store: ox.Store) -> None:
    facts = facts_of(NodeReader(store), MINTING, BLOC, (FICHE,))
    outcome = f"{FICHE}/o1"
    assert named(facts, "autonomy-in-outcomes") == [("Décider de façon autonome des réglages", outcome, "rncp", "")]
    assert named(facts, "autonomy-outcome") == [("Répondre de la sécurité", f"{FICHE}/o2", "rncp", "")]
    assert named(facts, "autonomy-in-activities") == [
        ("Encadrer une équipe de deux personnes.", FICHE, "rncp", FICHE),
        ("Travailler en autonomie.", FICHE, "rncp", FICHE),
    ]


def test_who_may_be_a_natural_person_is_in_no_fact(store: ox.Store) -> None:
    assert "Camille" not in str(facts_of(NodeReader(store), MINTING, FICHE))


def test_a_path_goes_backwards_and_has_alternatives(store: ox.Store) -> None:
    reader, graphs = NodeReader(store), {ox.NamedNode(MINTING.graph("rncp"))}
    path = fact_path("dcterms:hasPart|^psl:blocOf/psl:hasOutcome/dcterms:title")
    found = {each.value.value for each in path.stated(reader, ox.NamedNode(FICHE), graphs)}
    assert found == {"Décider de façon autonome des réglages", "Répondre de la sécurité"}
    with pytest.raises(KeyError):
        fact_path("nowhere:property")


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fr", "Rendre compte à l’équipe. Poser un câble.", ["Rendre compte à l’équipe."]),
        # both apostrophes
        ("fr", "Agir sous l’autorité du chef", ["Agir sous l’autorité du chef"]),
        ("fr-FR", "Travailler EN AUTONOMIE", ["Travailler EN AUTONOMIE"]),
        ("fr", "Établir le bilan d'autonomie d'une batterie", []),
        ("de", "Arbeitsabläufe selbständig planen", ["Arbeitsabläufe selbständig planen"]),
        ("de", "einfache Bauteile unter Anleitung schalen", ["einfache Bauteile unter Anleitung schalen"]),
        # instructions for use are no guidance
        ("de", "Betriebsanleitungen anwenden", []),
        ("et", "rakendab juhendamisel lihtsamaid töövõtteid", ["rakendab juhendamisel lihtsamaid töövõtteid"]),
        ("en", "Works independently", ["Works independently"]),
        # no phrases in this language: nothing is claimed
        ("fi", "itsenäisesti", []),
    ],
)
def test_sentences_on_autonomy_are_found_by_phrase_and_shown_as_they_stand(
    language: str, text: str, found: list[str]
) -> None:
    assert list(autonomy_sentences(text, language)) == found


@pytest.mark.parametrize(
    ("written", "expected"),
    [("P75D", "PT1800H"), ("P3DT3H", "PT75H"), ("PT7H30M", "PT7H30M"), ("P1M", None), ("P1Y", None), ("x", None)],
)
def test_durations_have_hours_unless_they_count_in_months(written: str, expected: str | None) -> None:
    assert in_hours(written) == expected
    assert (hours(written) is None) == (expected is None)
