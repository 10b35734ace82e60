"""The closure of broader: on hand-made hierarchies, and on all of ESCO."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.graph.closure import closure_quads
from passerelle.graph.crosswalks import RetiredTarget, retired_targets
from passerelle.graph.statements.dispatch import write_record
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting, expand
from passerelle.records.concept import (
    Concept,
    ConceptTexts,
    OccupationSkillRelation,
    SkillSkillRelation,
)
from passerelle.records.crosswalk import CrosswalkMapping, RomeAppellation, RomeConcept, RomeThreeCode
from passerelle.records.tally import Tally
from passerelle.sources.esco import EscoDataset
from passerelle.sources.rome_esco import RomeEscoCrosswalk

SKILL = "http://data.europa.eu/esco/skill/"
MINTING = Minting("https://example.org/x")
VOCABULARIES = MINTING.graph("vocabularies")
BROADER = ox.NamedNode(expand("skos:broader"))


def hierarchy(*steps: str) -> ox.Store:
    """A store with steps such as "a<b": b is broader than a. Each step stands in a graph of its own."""
    store = ox.Store()
    for number, step in enumerate(steps):
        narrow, broad = (ox.NamedNode("https://example.org/" + name) for name in step.split("<"))
        store.add(ox.Quad(narrow, BROADER, broad, ox.NamedNode(f"https://example.org/graph/{number}")))
    return store


def pairs(store: ox.Store) -> list[str]:
    quads = list(closure_quads(store, VOCABULARIES))
    assert {quad.predicate.value for quad in quads} <= {expand("skos:broaderTransitive")}
    assert {str(quad.graph_name) for quad in quads} <= {f"<{VOCABULARIES}>"}
    return [f"{quad.subject.value[-1]}<{quad.object.value[-1]}" for quad in quads]


def test_a_chain_and_two_parents() -> None:
    # d is below b and c, both below a: each pair once
    assert pairs(hierarchy("d<b", "d<c", "b<a", "c<a")) == ["b<a", "c<a", "d<a", "d<b", "d<c"]


def test_a_cycle_ends_and_nobody_is_above_itself() -> None:
    # a, b, c go round; d hangs below
    assert pairs(hierarchy("a<b", "b<c", "c<a", "d<a")) == [
        "a<b", "a<c",
        "b<a", "b<c",
        "c<a", "c<b",
        "d<a", "d<b", "d<c",
    ]  # fmt: skip
    assert pairs(hierarchy("a<a")) == []


def test_the_same_step_of_two_sources_counts_once() -> None:
    assert pairs(hierarchy("a<b", "a<b", "b<c")) == ["a<b", "a<c", "b<c"]


def test_a_parent_that_nobody_describes_is_an_ancestor_as_well() -> None:
    assert pairs(hierarchy("a<z")) == ["a<z"]


def test_no_hierarchy_no_closure() -> None:
    assert pairs(ox.Store()) == []


def written(*records: object) -> set[str]:
    """The statements as N-Triples with short names."""
    writer = GraphWriter(MINTING.graph("x"), MINTING)
    for record in records:
        write_record(writer, record)
    return {f"{quad.subject.value} {quad.predicate.value} {quad.object}" for quad in writer.drain()}


@pytest.fixture(scope="module")
def esco(reference: Path) -> ox.Store:
    store = ox.Store()
    crosswalk = RomeEscoCrosswalk(reference / "rome" / "FR_20230607_mapping_esco_rome.csv")
    for source in (EscoDataset(sorted((reference / "esco").glob("*- en -*.zip"))), crosswalk):
        writer = GraphWriter(MINTING.graph(source.slug), MINTING)
        for record in source.read(Tally()):
            write_record(writer, record)
        store.bulk_extend(writer.drain())
    return store


def test_ancestors_of_two_real_concepts(esco: ox.Store) -> None:
    ancestors: dict[str, list[str]] = {}
    for quad in closure_quads(esco, VOCABULARIES):
        ancestors.setdefault(quad.subject.value, []).append(quad.object.value)
    # inspect wind turbines: building and repairing structures, constructing, skills, installing components
    assert ancestors[SKILL + "52242966-692f-4a4f-8279-cadbc7874183"] == [
        SKILL + "18da3b88-1cd5-4ef3-83d6-664e52afdaba",
        SKILL + "2ae39fc8-0f1b-4284-9e73-3f2739471f63",
        SKILL + "335228d2-297d-4e0e-a6ee-bc6a8dc110d9",
        SKILL + "6d0cad66-82dd-4854-a03a-68232942c68d",
    ]
    # electromagnetism: natural sciences, physical sciences, physics (fields of ISCED-F), knowledge
    assert ancestors[SKILL + "3edd4853-a8d2-4791-a5f0-af3a92f18245"] == [
        "http://data.europa.eu/esco/isced-f/05",
        "http://data.europa.eu/esco/isced-f/053",
        "http://data.europa.eu/esco/isced-f/0533",
        SKILL + "c46fcb45-5c14-4ffa-abed-5a43f104bb22",
    ]


def test_everything_below_skills_hangs_below_its_four_roots(esco: ox.Store) -> None:
    closure = ox.Store()
    closure.bulk_extend(closure_quads(esco, VOCABULARIES))
    assert len(closure) == 99_177
    roots = {SKILL + code for code in (
        "335228d2-297d-4e0e-a6ee-bc6a8dc110d9",  # skills
        "c46fcb45-5c14-4ffa-abed-5a43f104bb22",  # knowledge
        "04a13491-b58c-4d33-8b59-8fad0d55fe9e",  # transversal
        "e35a5936-091d-4e87-bafe-f264e55bd656",  # language
    )}  # fmt: skip
    below = set()
    for root in roots:
        found = closure.quads_for_pattern(None, None, ox.NamedNode(root), None)
        below |= {quad.subject.value for quad in found}
    with_parent = {quad.subject.value for quad in esco.quads_for_pattern(None, BROADER, None, None)}
    pillar = {iri for iri in with_parent if iri.startswith((SKILL, "http://data.europa.eu/esco/isced-f/"))}
    assert len(pillar) == 14_575
    # two skills stand below one that our copy of ESCO does not have, and that has a parent of its own
    assert pillar <= below


def test_retired_targets_of_the_crosswalk(esco: ox.Store) -> None:
    occupation = "http://data.europa.eu/esco/occupation/"
    assert retired_targets(esco, MINTING.graph("rome-esco")) == (
        # home carers in residences; wind turbine maintenance technicians; radiotherapy technicians
        RetiredTarget(occupation + "81309031-dad2-4a7a-bde6-7f6e518f89ff", 1),
        RetiredTarget(occupation + "98562ce3-9632-4226-b129-c67eb9c54f0f", 2),
        RetiredTarget(occupation + "a9e54177-a185-404d-b6e6-15663d31137e", 3),
    )


def test_without_esco_nothing_is_called_retired() -> None:
    writer = GraphWriter(MINTING.graph("rome-esco"), MINTING)
    write_record(
        writer, CrosswalkMapping("1", "Un", "skos:exactMatch", "http://data.europa.eu/esco/occupation/1", "one")
    )
    store = ox.Store()
    store.bulk_extend(writer.drain())
    assert retired_targets(store, MINTING.graph("rome-esco")) == ()
    write_record(writer, Concept("http://data.europa.eu/esco/occupation/2", "occupation"))
    store.bulk_extend(writer.drain())
    assert retired_targets(store, MINTING.graph("rome-esco")) == (
        RetiredTarget("http://data.europa.eu/esco/occupation/1", 1),
    )


SKOS = "http://www.w3.org/2004/02/skos/core#"
ESCO_MODEL = "http://data.europa.eu/esco/model#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def test_a_skill_in_the_terms_of_esco() -> None:
    skill = Concept(SKILL + "a", "skill", skill_type="http://data.europa.eu/esco/skill-type/knowledge")
    texts = ConceptTexts(SKILL + "a", "en", "wind", ("wind", "breeze"), ("breeze", "gale"))
    assert written(skill, texts) == {
        f"{SKILL}a {TYPE} <{ESCO_MODEL}Skill>",
        f"{SKILL}a {TYPE} <{SKOS}Concept>",
        f"{SKILL}a {ESCO_MODEL}skillType <http://data.europa.eu/esco/skill-type/knowledge>",
        f'{SKILL}a {SKOS}prefLabel "wind"@en',
        # SKOS S13: one label is not preferred and alternative, nor alternative and hidden
        f'{SKILL}a {SKOS}altLabel "breeze"@en',
        f'{SKILL}a {SKOS}hiddenLabel "gale"@en',
    }


def test_relations_of_occupations_and_of_skills() -> None:
    occupation = "http://data.europa.eu/esco/occupation/o"
    assert written(
        OccupationSkillRelation(occupation, SKILL + "a", "essential"),
        OccupationSkillRelation(occupation, SKILL + "a", "optional"),
        SkillSkillRelation(SKILL + "b", SKILL + "a", "optional"),
    ) == {
        f"{occupation} {ESCO_MODEL}relatedEssentialSkill <{SKILL}a>",
        f"{occupation} {ESCO_MODEL}relatedOptionalSkill <{SKILL}a>",
        f"{SKILL}a {expand('psl:optionalForSkill')} <{SKILL}b>",
    }


def test_rome_in_our_terms() -> None:
    rome = "https://example.org/x/id/rome"
    assert written(
        RomeAppellation("15244", "Gemmologue", "B1607"),
        RomeThreeCode("appellation", "15244", "B1603"),
        RomeThreeCode("occupation", "A1102", "A1101"),
        RomeThreeCode("occupation", "A1101", "A1101"),
    ) == {
        f"{rome}/appellation/15244 {TYPE} <{expand('psl:RomeAppellation')}>",
        f"{rome}/appellation/15244 {TYPE} <{SKOS}Concept>",
        f'{rome}/appellation/15244 {SKOS}notation "15244"',
        f'{rome}/appellation/15244 {SKOS}prefLabel "Gemmologue"@fr',
        f"{rome}/appellation/15244 {SKOS}inScheme <{rome}>",
        f"{rome}/appellation/15244 {SKOS}broader <{rome}/B1607>",
        f"{rome}/appellation/15244 {expand('psl:rome4Code')} <{rome}/B1607>",
        f"{rome}/appellation/15244 {expand('psl:rome3Code')} <{rome}/B1603>",
        f"{rome}/A1102 {expand('prov:wasDerivedFrom')} <{rome}/A1101>",
    }
    occupation = RomeConcept("A1101", "occupation", "Conducteur", "6", "A11")
    assert f"{rome}/A1101 {TYPE} <{expand('psl:RomeOccupation')}>" in written(occupation)
    assert f"{rome}/A1101 {SKOS}broader <{rome}/A11>" in written(occupation)
    assert f"{rome} {SKOS}hasTopConcept <{rome}/A>" in written(RomeConcept("A", "major-domain", "Agriculture"))
