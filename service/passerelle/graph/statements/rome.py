"""ROME codes and appellations, and the crosswalk from appellations to ESCO occupations."""

from __future__ import annotations

import pyoxigraph as ox

from passerelle.graph.statements.writer import GraphWriter, date
from passerelle.records.crosswalk import CrosswalkMapping, MappingSet, RomeAppellation, RomeConcept, RomeThreeCode


def _code(writer: GraphWriter, code: str) -> ox.NamedNode:
    return ox.NamedNode(writer.minting.identifier("rome", code))


def _appellation(writer: GraphWriter, ogr: str) -> ox.NamedNode:
    return ox.NamedNode(writer.minting.identifier("rome", "appellation", ogr))


def write_rome_concept(writer: GraphWriter, record: RomeConcept) -> None:
    """A domain or an occupation of ROME 4, one step below its broader code; a major domain is a top concept."""
    node = _code(writer, record.code)
    scheme = ox.NamedNode(writer.minting.identifier("rome"))
    writer.a(node, "skos:Concept")
    if record.kind == "occupation":
        writer.a(node, "psl:RomeOccupation")
    writer.add(node, "skos:notation", ox.Literal(record.code))
    writer.text(node, "skos:prefLabel", record.label, "fr")
    writer.add(node, "skos:inScheme", scheme)
    if record.ogr:
        writer.add(node, "psl:sourceIdentifier", ox.Literal(record.ogr))
    if record.broader:
        writer.add(node, "skos:broader", _code(writer, record.broader))
    else:
        writer.a(scheme, "skos:ConceptScheme")
        writer.text(scheme, "dcterms:title", "Répertoire opérationnel des métiers et des emplois (ROME)", "fr")
        writer.text(scheme, "dcterms:title", "French operational directory of occupations and jobs (ROME)", "en")
        writer.add(scheme, "skos:hasTopConcept", node)


def write_rome_appellation(writer: GraphWriter, record: RomeAppellation) -> None:
    """A job title under its ROME 4 code."""
    node = _appellation(writer, record.ogr)
    writer.a(node, "psl:RomeAppellation", "skos:Concept")
    writer.add(node, "skos:notation", ox.Literal(record.ogr))
    writer.text(node, "skos:prefLabel", record.label, "fr")
    writer.add(node, "skos:inScheme", ox.NamedNode(writer.minting.identifier("rome")))
    writer.add(node, "skos:broader", _code(writer, record.rome4))
    writer.add(node, "psl:rome4Code", _code(writer, record.rome4))


def write_rome_three_code(writer: GraphWriter, record: RomeThreeCode) -> None:
    """The ROME 3 code of an appellation, or the one that a new ROME 4 code was split off from."""
    rome3 = _code(writer, record.rome3)
    if record.of == "appellation":
        writer.add(_appellation(writer, record.code), "psl:rome3Code", rome3)
    elif record.code != record.rome3:
        writer.add(_code(writer, record.code), "prov:wasDerivedFrom", rome3)


def write_mapping_set(writer: GraphWriter, record: MappingSet) -> None:
    """What a crosswalk says about itself: version, day, author and the two versions that it joins."""
    node = ox.NamedNode(writer.minting.identifier("mapping-set", record.identifier))
    writer.a(node, "sssom:MappingSet", "prov:Entity")
    writer.text(node, "dcterms:title", record.title, record.language or "fr")
    for predicate, value in (
        ("sssom:mapping_set_version", record.version),
        ("sssom:author_label", record.author),
        ("sssom:subject_source_version", record.subject_version),
        ("sssom:object_source_version", record.object_version),
    ):
        if value:
            writer.add(node, predicate, ox.Literal(value))
    if record.published:
        writer.add(node, "dcterms:issued", date(record.published))
    if record.licence:
        writer.add(node, "dcterms:license", ox.NamedNode(record.licence))


def write_crosswalk_mapping(writer: GraphWriter, record: CrosswalkMapping) -> None:
    """The relation, read from the ROME appellation.

    The crosswalk's label is an `rdfs:label`: it is ROME 3's wording, and ROME 4 may prefer another (1,549 of 11,118).
    """
    node = _appellation(writer, record.ogr)
    writer.a(node, "psl:RomeAppellation", "skos:Concept")
    writer.add(node, "skos:notation", ox.Literal(record.ogr))
    writer.text(node, "rdfs:label", record.label, "fr")
    writer.add(node, record.relation, ox.NamedNode(record.occupation))
