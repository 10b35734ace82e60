"""Which function states which record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from passerelle.graph.statements.concepts import (
    write_broader,
    write_concept,
    write_concept_scheme,
    write_concept_texts,
    write_occupation_skill,
    write_scheme_membership,
    write_skill_skill,
)
from passerelle.graph.statements.fiches import write_fiche
from passerelle.graph.statements.foreign import write_foreign, write_rdf_unit
from passerelle.graph.statements.rome import (
    write_crosswalk_mapping,
    write_mapping_set,
    write_rome_appellation,
    write_rome_concept,
    write_rome_three_code,
)
from passerelle.graph.statements.units import write_unit
from passerelle.graph.statements.writer import GraphWriter
from passerelle.records.concept import (
    BroaderRelation,
    Concept,
    ConceptScheme,
    ConceptTexts,
    OccupationSkillRelation,
    SchemeMembership,
    SkillSkillRelation,
)
from passerelle.records.crosswalk import CrosswalkMapping, MappingSet, RomeAppellation, RomeConcept, RomeThreeCode
from passerelle.records.fiche import Fiche
from passerelle.records.statements import ForeignStatements, RdfUnit
from passerelle.records.unit import Unit

_WRITERS: dict[type, Callable[[GraphWriter, Any], None]] = {
    BroaderRelation: write_broader,
    Concept: write_concept,
    ConceptScheme: write_concept_scheme,
    ConceptTexts: write_concept_texts,
    CrosswalkMapping: write_crosswalk_mapping,
    Fiche: write_fiche,
    ForeignStatements: write_foreign,
    MappingSet: write_mapping_set,
    OccupationSkillRelation: write_occupation_skill,
    RdfUnit: write_rdf_unit,
    RomeAppellation: write_rome_appellation,
    RomeConcept: write_rome_concept,
    RomeThreeCode: write_rome_three_code,
    SchemeMembership: write_scheme_membership,
    SkillSkillRelation: write_skill_skill,
    Unit: write_unit,
}


def write_record(writer: GraphWriter, record: object) -> None:
    """State a record of any source. Raises KeyError for a kind of record that nobody states: a defect of ours."""
    _WRITERS[type(record)](writer, record)
