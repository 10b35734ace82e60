"""What the provenance graph says of sources, their files and licences, and of our own vocabularies."""

from __future__ import annotations

import re

import pyoxigraph as ox

from passerelle.graph.statements.writer import GraphWriter, date
from passerelle.namespaces import expand
from passerelle.records.provenance import Provenance

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""An edition that is a day: facts of such a source, as ACTIF, are judged as of it."""
_HEX = ox.NamedNode(expand("xsd:hexBinary"))
_DATE_TIME = ox.NamedNode(expand("xsd:dateTime"))
_SHA256 = ox.NamedNode("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")


def write_provenance(writer: GraphWriter, slug: str, provenance: Provenance) -> None:
    """Describe one source as a dcat:Dataset with its files as distributions (DCAT 3, PROV-O)."""
    minting = writer.minting
    source = ox.NamedNode(minting.identifier("source", slug))
    writer.a(source, "dcat:Dataset", "prov:Entity")
    writer.text(source, "dcterms:title", provenance.title_en, "en")
    writer.text(source, "dcterms:title", provenance.title_fr, "fr")
    if provenance.publisher:
        publisher = ox.NamedNode(minting.identifier("source", slug, "publisher"))
        writer.add(source, "dcterms:publisher", publisher)
        writer.a(publisher, "foaf:Agent")
        writer.add(publisher, "foaf:name", ox.Literal(provenance.publisher))
    licence = provenance.licence
    if licence.iri:
        writer.add(source, "dcterms:license", ox.NamedNode(licence.iri))
    writer.text(source, "psl:attribution", licence.attribution_en, "en")
    writer.text(source, "psl:attribution", licence.attribution_fr, "fr")
    if provenance.edition:
        writer.add(source, "dcat:version", ox.Literal(provenance.edition))
    if _DAY.fullmatch(provenance.edition):
        writer.add(source, "dcterms:issued", date(provenance.edition))
    for file in provenance.files:
        distribution = ox.NamedNode(minting.identifier("source", slug, "file", file.sha256[:16]))
        checksum = ox.NamedNode(distribution.value + "/checksum")
        writer.add(source, "dcat:distribution", distribution)
        writer.a(distribution, "dcat:Distribution")
        writer.add(distribution, "dcterms:title", ox.Literal(file.name))
        writer.add(distribution, "dcat:byteSize", ox.Literal(file.size))
        writer.add(distribution, "dcterms:modified", ox.Literal(file.modified, datatype=_DATE_TIME))
        writer.add(distribution, "spdx:checksum", checksum)
        writer.a(checksum, "spdx:Checksum")
        writer.add(checksum, "spdx:algorithm", _SHA256)
        writer.add(checksum, "spdx:checksumValue", ox.Literal(file.sha256, datatype=_HEX))
    writer.add(ox.NamedNode(minting.graph(slug)), "prov:wasDerivedFrom", source)
