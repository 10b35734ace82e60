"""Correspondences as their fiche declares them, and successions step by step."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest

from passerelle.comparability.related import related
from passerelle.graph.official_relations import OfficialRelations
from passerelle.records.comparison import Related
from small_units import unit

DATA = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix psl: <https://w3id.org/passerelle/ontology#> .
@prefix : <https://example.org/> .
:g {
  :c1 a psl:OfficialCorrespondence ; psl:declaredBy :recordA ; psl:correspondenceSourceQualification :A ;
    psl:correspondenceSource :A1 , :A2 ; psl:correspondenceTargetQualification :B ; psl:correspondenceTarget :B1 ;
    psl:correspondenceExtent <https://w3id.org/passerelle/vocabulary/correspondence-extent/not-stated> .
  :c2 a psl:OfficialCorrespondence ; psl:declaredBy :recordB ; psl:correspondenceSourceQualification :B ;
    psl:correspondenceSource :B1 ; psl:correspondenceTargetQualification :C .
  :A dcterms:isReplacedBy :B . :C dcterms:replaces :B . :D dcterms:replaces :C . :C dcterms:isReplacedBy :A .
  :A a psl:ComparableSpecification . :C a psl:ComparableSpecification .
}
:alien {
  :F a psl:ComparableSpecification . :D dcterms:isReplacedBy :E . :E dcterms:isReplacedBy :F .
  :c3 a psl:OfficialCorrespondence ; psl:declaredBy :recordF ;
    psl:correspondenceSource :A1 ; psl:correspondenceTarget :D .
}
"""
HERE = "https://example.org/"
A, A1, A2, A3, B, B1, C, D = (HERE + name for name in ("A", "A1", "A2", "A3", "B", "B1", "C", "D"))
FIRST = Related("correspondence", HERE + "recordA", (A1, A2), (B1,))
SECOND = Related("correspondence", HERE + "recordB", (B1,), (C,))


@pytest.fixture(scope="module")
def relations() -> OfficialRelations:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    return OfficialRelations(store)


def test_a_correspondence_keeps_its_sets_its_direction_and_who_declares_it(relations: OfficialRelations) -> None:
    part = replace(unit(A1), wholes=(A,))
    target = replace(unit(B1), wholes=(B,))
    correspondences = [each for each in related(part, target, relations) if each.kind == "correspondence"]
    assert correspondences == [FIRST]
    # asked the other way round it is still declared from A to B
    assert [each for each in related(target, part, relations) if each.kind == "correspondence"] == [FIRST]


def test_a_correspondence_of_a_sibling_says_nothing_of_this_bloc(relations: OfficialRelations) -> None:
    sibling, target = replace(unit(A3), wholes=(A,)), replace(unit(B1), wholes=(B,))
    assert [each for each in related(sibling, target, relations) if each.kind == "correspondence"] == []


def test_a_correspondence_of_parts_is_shown_for_the_wholes_as_not_about_them(relations: OfficialRelations) -> None:
    first, second = replace(unit(A), parts=(A1, A2)), replace(unit(B), parts=(B1,))
    found = [each for each in related(first, second, relations) if each.kind == "correspondence"]
    assert found == [replace(FIRST, direct=False)]


def test_correspondences_are_never_chained(relations: OfficialRelations) -> None:
    # A1 corresponds to B1 and B1 to C; nobody declared that A1 corresponds to C
    assert [
        each for each in related(replace(unit(A1), wholes=(A,)), unit(C), relations) if each.kind != "succession"
    ] == []
    assert SECOND in related(replace(unit(B1), wholes=(B,)), unit(C), relations)


def test_a_succession_is_shown_step_by_step_whichever_fiche_states_it(relations: OfficialRelations) -> None:
    steps = list(relations.succession(A, D))
    assert {(each.sources, each.targets) for each in steps} >= {((A,), (B,)), ((B,), (C,)), ((C,), (D,))}
    assert list(relations.succession(D, A)) == []
    assert list(relations.succession(A, A)) == []


def test_a_graph_is_believed_about_units_that_it_describes_only(relations: OfficialRelations) -> None:
    assert list(relations.succession(D, HERE + "E")) == []
    assert [each.sources for each in relations.succession(HERE + "E", HERE + "F")] == [(HERE + "E",)]
    assert {each.declared_by for each in relations.correspondences(A1)} == {HERE + "recordA"}


def test_a_part_and_its_whole_are_said_to_be_that(relations: OfficialRelations) -> None:
    part, whole = replace(unit(A1), wholes=(A,)), replace(unit(A), parts=(A1,))
    expected = Related("part-of", "", (A1,), (A,))
    assert related(part, whole, relations)[0] == expected
    assert related(whole, part, relations)[0] == expected
