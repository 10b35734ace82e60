"""Concepts, texts, hierarchies and relations of ESCO in ESCO's own RDF terms."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import expand
from passerelle.records.concept import (
    BroaderRelation,
    Concept,
    ConceptKind,
    ConceptScheme,
    ConceptTexts,
    OccupationSkillRelation,
    SchemeMembership,
    SkillSkillRelation,
)

_CLASSES: dict[ConceptKind, tuple[str, ...]] = {
    "skill": ("esco:Skill", "skos:Concept"),
    "occupation": ("esco:Occupation", "skos:Concept"),
    "skill-group": ("skos:Concept",),
    "isco-group": ("skos:Concept",),
}
_OCCUPATION_NEEDS = {"essential": "esco:relatedEssentialSkill", "optional": "esco:relatedOptionalSkill"}
_SKILL_NEEDS = {"essential": "psl:essentialForSkill", "optional": "psl:optionalForSkill"}
_MOMENT = ox.NamedNode(expand("xsd:dateTime"))


@lru_cache(maxsize=32_768)
def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def write_concept(writer: GraphWriter, record: Concept) -> None:
    """The facts of a concept; skill groups and ISCO groups are plain concepts, as ESCO has them."""
    node = _node(record.iri)
    writer.a(node, *_CLASSES[record.kind])
    if record.notation:
        writer.add(node, "skos:notation", ox.Literal(record.notation))
    writer.add(node, "skos:inScheme", *map(_node, record.schemes))
    for predicate, iri in (
        ("esco:skillType", record.skill_type),
        ("esco:skillReuseLevel", record.reuse_level),
        ("esco:memberOfISCOGroup", record.isco_group),
        ("esco:regulatedProfessionNote", record.regulation),
    ):
        if iri:
            writer.add(node, predicate, _node(iri))
    if record.modified:
        writer.add(node, "dcterms:modified", ox.Literal(record.modified, datatype=_MOMENT))


def write_concept_texts(writer: GraphWriter, record: ConceptTexts) -> None:
    """Labels, notes and description in one language; an alternative label like the preferred one is left out."""
    node = _node(record.iri)
    writer.text(node, "skos:prefLabel", record.preferred, record.language)
    for label in record.alternative:
        # SKOS S13: preferred, alternative and hidden labels are disjoint
        if label != record.preferred:
            writer.text(node, "skos:altLabel", label, record.language)
    for label in record.hidden:
        if label != record.preferred and label not in record.alternative:
            writer.text(node, "skos:hiddenLabel", label, record.language)
    writer.text(node, "dcterms:description", record.description, record.language)
    writer.text(node, "skos:definition", record.definition, record.language)
    writer.text(node, "skos:scopeNote", record.scope_note, record.language)


def write_concept_scheme(writer: GraphWriter, record: ConceptScheme) -> None:
    """A concept scheme, its title, and its top concepts."""
    node = _node(record.iri)
    writer.a(node, "skos:ConceptScheme")
    writer.text(node, "dcterms:title", record.label, record.language)
    writer.text(node, "dcterms:description", record.description, record.language)
    writer.add(node, "skos:hasTopConcept", *map(_node, record.top_concepts))


def write_scheme_membership(writer: GraphWriter, record: SchemeMembership) -> None:
    """A concept in a collection."""
    writer.add(_node(record.concept), "skos:inScheme", _node(record.scheme))


def write_broader(writer: GraphWriter, record: BroaderRelation) -> None:
    """One stated step of a hierarchy."""
    writer.add(_node(record.concept), "skos:broader", _node(record.broader))


def write_occupation_skill(writer: GraphWriter, record: OccupationSkillRelation) -> None:
    """An occupation and a skill that it needs."""
    writer.add(_node(record.occupation), _OCCUPATION_NEEDS[record.need], _node(record.skill))


def write_skill_skill(writer: GraphWriter, record: SkillSkillRelation) -> None:
    """A skill that another one needs, read from the needed one."""
    writer.add(_node(record.needed), _SKILL_NEEDS[record.need], _node(record.skill))
