"""ESCO 1.2.0 as published, English and French: every count that the project relies on."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from passerelle.records.concept import (
    BroaderRelation,
    Concept,
    ConceptScheme,
    ConceptTexts,
    OccupationSkillRelation,
    SchemeMembership,
    SkillSkillRelation,
)
from passerelle.records.tally import Reject, Tally
from passerelle.sources.csv_tables import column_tables
from passerelle.sources.esco import EscoDataset

ESCO = "http://data.europa.eu/esco/"


@dataclass
class Loaded:
    """Everything read from both packages."""

    records: dict[type, list[Any]] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    notices: list[Reject] = field(default_factory=list)
    source: EscoDataset | None = None


@pytest.fixture(scope="module")
def esco(reference: Path) -> Loaded:
    loaded = Loaded()
    # the French package first: the order of the command line must not matter
    loaded.source = EscoDataset(sorted((reference / "esco").glob("*.zip"), reverse=True))
    loaded.tally = Tally(loaded.notices.append)
    for record in loaded.source.read(loaded.tally):
        loaded.records.setdefault(type(record), []).append(record)
    return loaded


def test_concepts_of_each_kind(esco: Loaded) -> None:
    kinds = Counter(concept.kind for concept in esco.records[Concept])
    assert kinds == {"occupation": 3039, "skill": 13936, "skill-group": 640, "isco-group": 619}


def test_labels_of_each_language(esco: Loaded) -> None:
    skills = {concept.iri for concept in esco.records[Concept] if concept.kind == "skill"}
    labels = Counter(text.language for text in esco.records[ConceptTexts] if text.iri in skills and text.preferred)
    assert labels == {"en": 13936, "fr": 13191}


def test_broader_links(esco: Loaded) -> None:
    skill_pillar = [
        relation
        for relation in esco.records[BroaderRelation]
        if not relation.concept.startswith((ESCO + "occupation/", ESCO + "isco/"))
    ]
    assert len(skill_pillar) == 20822
    assert len(esco.records[BroaderRelation]) == 20822 + 3652


def test_occupation_skill_relations_and_the_pairs_that_are_both(esco: Loaded) -> None:
    # ESCO 1.2.0 has 67,622 + 61,382; our copy of the table lacks eleven of them
    needs = Counter(relation.need for relation in esco.records[OccupationSkillRelation])
    assert needs == {"essential": 67614, "optional": 61379}
    pairs = Counter((relation.occupation, relation.skill) for relation in esco.records[OccupationSkillRelation])
    assert sum(count == 2 for count in pairs.values()) == 17
    assert len(esco.records[SkillSkillRelation]) == 5818


def test_relations_to_groups_resolve_and_the_rest_is_counted(esco: Loaded) -> None:
    skills = {concept.iri for concept in esco.records[Concept] if concept.kind == "skill"}
    groups = {concept.iri for concept in esco.records[Concept] if concept.kind == "skill-group"}
    elsewhere = [relation for relation in esco.records[OccupationSkillRelation] if relation.skill not in skills]
    assert len(elsewhere) == 746
    assert len({relation.skill for relation in elsewhere}) == 13
    fields = [relation for relation in elsewhere if relation.skill.startswith(ESCO + "isced-f/")]
    assert len(fields) == 690
    assert {relation.skill for relation in fields} <= groups
    # four IRIs are in no table at all
    assert sum(relation.skill not in groups for relation in elsewhere) == 48


def test_unresolved_references_are_noticed_one_by_one(esco: Loaded) -> None:
    missing = Counter(each.parameters["iri"] for each in esco.notices if each.message_id == "esco-unresolved")
    hierarchy = {
        ESCO + "skill/e1479957-1606-4dbd-90f7-4c46c615936c": 3,
        ESCO + "skill/16c2b3fb-3a41-4b0e-bb35-06e659917b02": 1,
        ESCO + "skill/8b2e3dac-8acc-4ef9-a3a1-4defb0cf1273": 1,
    }
    assert {iri: missing.pop(iri) for iri in hierarchy} == hierarchy
    assert sum(missing.values()) == 48


def test_collections_fill_types_and_reuse_levels(esco: Loaded) -> None:
    # 750 skills have neither in the table of skills; the collections know 435 of them
    skills = [concept for concept in esco.records[Concept] if concept.kind == "skill"]
    assert sum(not skill.skill_type for skill in skills) == 750 - 435
    assert sum(not skill.reuse_level for skill in skills) == 750 - 435
    assert Counter(each.message_id for each in esco.notices)["esco-differs"] == 68


def test_collections_are_memberships(esco: Loaded) -> None:
    members = Counter(each.scheme.rsplit("/", 1)[1] for each in esco.records[SchemeMembership])
    assert members == {
        "digcomp": 25,
        "6c930acd-c104-4ece-acf7-f44fd7333036": 1284,
        "green": 591,
        "skill-language-groups": 359,
        "8ae4b9f3-507e-4057-a145-2f96f0132613": 122,
        "research": 40,
        "skill-transversal-groups": 95,
    }
    assert {each.scheme for each in esco.records[SchemeMembership]} <= {
        each.iri for each in esco.records[ConceptScheme]
    }


def test_collections_give_alternative_labels_that_the_skills_lack(esco: Loaded) -> None:
    (advise,) = [
        text
        for text in esco.records[ConceptTexts]
        if text.iri == ESCO + "skill/045f71e6-0699-4169-8a54-9c6b96f3174d" and text.language == "en"
    ]
    assert advise.preferred == "give advice to others"
    assert "advise others" in advise.alternative  # the label of the collection
    assert "provide advisory services" in advise.alternative


def test_counts_add_up(esco: Loaded) -> None:
    assert not esco.tally.rejected
    assert esco.tally.read == {
        "concept": 3039 + 13936 + 640 + 619,
        "label": 3039 + 13191,
        "relation": 20822 + 3652 + 128993 + 5818,
        "hierarchy row": 640,
        "membership": 2516,
        "scheme": 19,
    }


def test_occupation_facts(esco: Loaded) -> None:
    (director,) = [each for each in esco.records[Concept] if each.iri.endswith("00030d09-2b3a-4efd-87cc-c4ea39d27c34")]
    assert director == Concept(
        ESCO + "occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34",
        "occupation",
        notation="2654.1.7",
        schemes=(ESCO + "concept-scheme/member-occupations", ESCO + "concept-scheme/occupations"),
        isco_group=ESCO + "isco/C2654",
        regulation=ESCO + "regulated-professions/unregulated",
        modified="2024-01-25T11:28:50.295Z",
    )


def test_isco_group_is_an_ancestor_of_every_occupation(esco: Loaded) -> None:
    parents: dict[str, list[str]] = {}
    for relation in esco.records[BroaderRelation]:
        parents.setdefault(relation.concept, []).append(relation.broader)

    def ancestors(iri: str) -> set[str]:
        return {up for parent in parents.get(iri, ()) for up in (parent, *ancestors(parent))}

    occupations = [concept for concept in esco.records[Concept] if concept.kind == "occupation"]
    assert all(concept.isco_group in ancestors(concept.iri) for concept in occupations)


def test_provenance_ties_counts_to_the_version(esco: Loaded) -> None:
    assert esco.source is not None
    provenance = esco.source.provenance()
    assert provenance.edition == "1.2.0"
    assert provenance.licence.attribution_en == "This service uses the ESCO classification of the European Commission."
    assert [file.size for file in provenance.files] == [6_705_936, 1_236_609]


def test_every_column_of_the_real_files_is_in_the_field_table(reference: Path) -> None:
    tables = column_tables("esco-csv.fields.tsv")
    for path in (reference / "esco").glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as stream:
                    header = next(csv.reader(io.TextIOWrapper(stream, "utf-8", newline="")))
                known = tables[name.rsplit("_", 1)[0]]
                assert set(header) <= set(known), name


def test_every_column_is_mapped_or_says_why_not() -> None:
    for name in ("esco-csv.fields.tsv", "rome.fields.tsv"):
        for table in column_tables(name).values():
            for column in table.values():
                assert bool(column.target) != bool(column.reason), column
                assert column.cardinality in {"1", "0..1", "0..n", "1..n"}, column
