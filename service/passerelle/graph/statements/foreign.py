"""What a foreign RDF file says in the graph: its statements, its claims about our things, our reading of its units."""

from __future__ import annotations

import pyoxigraph as ox

from passerelle.graph.statements.outcomes import without_bullet
from passerelle.graph.statements.units import concept, write_eqf_level
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import short_hash
from passerelle.records.statements import ForeignStatements, RdfOutcome, RdfUnit
from passerelle.records.text import outcome_hash
from passerelle.records.unit_tables import unit_kinds


def write_foreign(writer: GraphWriter, record: ForeignStatements) -> None:
    """State what the file states; a statement about one of our things becomes a claim of that source."""
    for quad in record.quads:
        graph = writer.graph if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
        writer.quad(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
    source = ox.NamedNode(writer.minting.identifier("source", record.source))
    for quad in record.claims:
        statement = (str(quad.subject), str(quad.predicate), str(quad.object))
        claim = ox.NamedNode(writer.minting.identifier("claim", short_hash(record.source, *statement)))
        writer.a(claim, "psl:Claim")
        for predicate, value in (("subject", quad.subject), ("predicate", quad.predicate), ("object", quad.object)):
            if isinstance(value, ox.NamedNode | ox.Literal):
                writer.add(claim, f"rdf:{predicate}", value)
        writer.add(claim, "prov:wasAttributedTo", source)


def write_rdf_unit(writer: GraphWriter, unit: RdfUnit) -> None:
    """State our reading of a foreign qualification beside the file's own statements."""
    node = ox.NamedNode(unit.iri)
    writer.a(node, "psl:ComparableSpecification", *unit_kinds()[unit.kind].classes)
    writer.add(node, "psl:unitKind", concept(f"unit-kind/{unit.kind}"))
    write_eqf_level(writer, node, unit.eqf_level)
    writer.add(node, "dcterms:spatial", *(ox.NamedNode(country) for country in unit.countries))
    for part in unit.parts:
        writer.add(ox.NamedNode(part), "elm:isPartOf", node)
    for body in unit.bodies:
        writer.add(node, "psl:certifiedBy", ox.NamedNode(body))
        writer.a(ox.NamedNode(body), "psl:CertifyingBody")
    for outcome in unit.outcomes:
        _write_outcome(writer, node, outcome)


def _write_outcome(writer: GraphWriter, unit: ox.NamedNode, outcome: RdfOutcome) -> None:
    hashes = [outcome_hash(text, language) for language, text in outcome.texts]
    local = not outcome.iri
    # a name of its own document changes with every edition; unit and text do not, and reviews rest on them
    stable = writer.minting.outcome(unit.value, hashes[0]) if hashes else outcome.node
    iri = stable if local else outcome.iri
    node = ox.NamedNode(iri)
    writer.add(unit, "psl:hasOutcome", node)
    if writer.minting.is_ours(iri) and not local:
        return
    writer.a(node, "psl:LearningOutcome")
    for (language, text), text_hash in zip(outcome.texts, hashes, strict=True):
        writer.add(node, "psl:outcomeHash", ox.Literal(text_hash))
        if iri != outcome.node or not outcome.titled:
            writer.text(node, "dcterms:title", without_bullet(text), language)
    if iri != outcome.node:
        writer.add(node, "prov:wasDerivedFrom", ox.NamedNode(outcome.node))
        writer.add(node, "elm:relatedESCOSkill", *(ox.NamedNode(skill) for skill in outcome.skills))
