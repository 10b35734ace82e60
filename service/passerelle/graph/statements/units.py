"""What a unit of another country says in the graph."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from passerelle.graph.statements.outcomes import write_outcome
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import EQF, VOCABULARY, expand, short_hash
from passerelle.records.unit import Unit
from passerelle.records.unit_tables import credit_frameworks, unit_kinds

ISCED_F = "http://data.europa.eu/snb/isced-f/"
_DURATION = ox.NamedNode(expand("xsd:duration"))


def write_unit(writer: GraphWriter, unit: Unit) -> None:
    """State a unit, its outcomes and what the source says about level, size, field, body and licence."""
    node = ox.NamedNode(unit.iri)
    writer.a(node, "psl:ComparableSpecification", *unit_kinds()[unit.kind].classes)
    writer.add(node, "psl:unitKind", concept(f"unit-kind/{unit.kind}"))
    writer.add(node, "dcterms:spatial", ox.NamedNode(unit.country_iri))
    if unit.identifier != unit.iri:
        writer.add(node, "dcterms:identifier", ox.Literal(unit.identifier))
    for title in unit.titles:
        writer.text(node, "dcterms:title", title.text, title.language)
    if unit.whole:
        writer.add(node, "elm:isPartOf", ox.NamedNode(unit.whole))
    if unit.page:
        writer.add(node, "foaf:page", ox.NamedNode(unit.page))
    _write_levels(writer, node, unit)
    _write_size(writer, node, unit)
    for code in unit.isced_f:
        writer.add(node, "elm:ISCEDFCode", ox.NamedNode(ISCED_F + code))
    if unit.awarding_body:
        body = _named(writer, unit.awarding_body, "organisation", "name", short_hash(unit.country, unit.awarding_body))
        writer.a(body, "psl:CertifyingBody")
        writer.add(node, "psl:certifiedBy", body)
    if unit.licence.startswith(("http://", "https://")):
        writer.add(node, "dcterms:license", ox.NamedNode(unit.licence))
    elif unit.licence:
        rights = ox.NamedNode(writer.minting.identifier("rights", short_hash(unit.licence)))
        writer.a(rights, "dcterms:RightsStatement")
        writer.add(rights, "rdfs:label", ox.Literal(unit.licence))
        writer.add(node, "dcterms:rights", rights)
    for outcome in unit.outcomes:
        write_outcome(writer, node, outcome)


@cache
def concept(path: str) -> ox.NamedNode:
    """A concept of our vocabularies, such as `unit-kind/component`."""
    return ox.NamedNode(VOCABULARY + path)


def write_eqf_level(writer: GraphWriter, node: ox.NamedNode, level: int | None) -> None:
    """State the EQF level as IRI and number, and on what it rests; without a level, that it is not stated."""
    if level is None:
        writer.add(node, "psl:levelBasis", concept("level-basis/not-stated"))
        return
    writer.add(node, "elm:EQFLevel", ox.NamedNode(f"{EQF}{level}"))
    writer.add(node, "psl:eqfLevelNumber", ox.Literal(level))
    writer.add(node, "psl:levelBasis", concept("level-basis/stated"))


def _write_levels(writer: GraphWriter, node: ox.NamedNode, unit: Unit) -> None:
    write_eqf_level(writer, node, unit.eqf_level)
    if unit.nqf_level.startswith(("http://", "https://")):
        writer.add(node, "elm:NQFLevel", ox.NamedNode(unit.nqf_level))
    elif unit.nqf_level:
        level = _named(writer, unit.nqf_level, "national-level", unit.country, unit.nqf_level)
        writer.a(level, "skos:Concept")
        writer.add(node, "elm:NQFLevel", level)


def _write_size(writer: GraphWriter, node: ox.NamedNode, unit: Unit) -> None:
    if unit.hours is not None:
        writer.add(node, "elm:volumeOfLearning", ox.Literal(duration(unit.hours), datatype=_DURATION))
    if unit.credits is None:
        return
    stated = f"{unit.credits.points} {unit.credits.framework}"
    points = ox.NamedNode(writer.minting.identifier("credit", short_hash(unit.iri, stated)))
    writer.a(points, "elm:CreditPoint")
    writer.add(points, "elm:point", ox.Literal(unit.credits.points))
    writer.add(node, "elm:creditPoint", points)
    name = unit.credits.framework
    known = credit_frameworks().get(name.upper())
    if known:
        writer.add(points, "elm:framework", ox.NamedNode(known))
    elif name:
        framework = _named(writer, name, "credit-framework", unit.country, name)
        writer.a(framework, "skos:Concept")
        writer.add(points, "elm:framework", framework)


def _named(writer: GraphWriter, label: str, *segments: str) -> ox.NamedNode:
    node = ox.NamedNode(writer.minting.identifier(*segments))
    writer.add(node, "skos:prefLabel", ox.Literal(label))
    return node


def duration(hours: Decimal) -> str:
    """Hours as an xsd:duration.

    >>> duration(Decimal("7.5"))
    'PT7H30M'
    """
    minutes = int((hours * 60).to_integral_value())
    whole, rest = divmod(minutes, 60)
    return f"PT{whole}H{rest}M" if rest else f"PT{whole}H"
