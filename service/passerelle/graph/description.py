"""What a release says about itself to machines: VoID (W3C note of 2011) and DCAT 3, as Turtle beside the store."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from rdflib import DCAT, DCTERMS, RDF, VOID, XSD, Graph, Literal, URIRef

from passerelle.graph.manifest import Manifest
from passerelle.messages import message
from passerelle.namespaces import PREFIXES, Minting, expand

VOID_FILE = "void.ttl"
DCAT_FILE = "dcat.ttl"


def write_descriptions(folder: Path, manifest: Manifest, store: ox.Store) -> None:
    """Write `void.ttl` and `dcat.ttl` of a staged store; rdflib writes equal graphs as equal files."""
    _void(manifest).serialize(folder / VOID_FILE, format="turtle", encoding="utf-8")
    _dcat(manifest, store).serialize(folder / DCAT_FILE, format="turtle", encoding="utf-8")


def _dataset(manifest: Manifest) -> URIRef:
    return URIRef(Minting(manifest.base).identifier("dataset"))


def _titled(graph: Graph, subject: URIRef, message_id: str, **parameters: object) -> None:
    graph.add((subject, DCTERMS.title, Literal(message(message_id).what("en", **parameters), lang="en")))
    graph.add((subject, DCTERMS.title, Literal(message(message_id).what("fr", **parameters), lang="fr")))


def _void(manifest: Manifest) -> Graph:
    """The release as a void:Dataset, each named graph as a subset with its number of triples."""
    graph = Graph()
    dataset = _dataset(manifest)
    graph.add((dataset, RDF.type, VOID.Dataset))
    _titled(graph, dataset, "dataset-demo-title" if manifest.demo else "dataset-title")
    graph.add((dataset, DCTERMS.created, Literal(manifest.created, datatype=XSD.dateTime)))
    graph.add((dataset, DCTERMS.identifier, Literal(manifest.identifier)))
    graph.add((dataset, VOID.uriSpace, Literal(manifest.base + "/id/")))
    graph.add((dataset, VOID.triples, Literal(manifest.triples)))
    vocabularies = ("psl", "elm", "esco", "skos", "dcterms", "dcat", "prov")
    for prefix in vocabularies:
        graph.add((dataset, VOID.vocabulary, URIRef(PREFIXES[prefix])))
    licences = {Minting(manifest.base).graph(entry.slug): entry for entry in manifest.sources}
    for name, triples in manifest.graphs.items():
        subset = URIRef(name)
        graph.add((dataset, VOID.subset, subset))
        graph.add((subset, RDF.type, VOID.Dataset))
        graph.add((subset, VOID.triples, Literal(triples)))
        if name in licences and licences[name].licence_iri:
            graph.add((subset, DCTERMS.license, URIRef(licences[name].licence_iri)))
    return graph


def _dcat(manifest: Manifest, store: ox.Store) -> Graph:
    """The release as a dcat:Dataset, and what its provenance graph says of the sources that it was made of."""
    graph = Graph()
    minting = Minting(manifest.base)
    dataset = _dataset(manifest)
    graph.add((dataset, RDF.type, DCAT.Dataset))
    _titled(graph, dataset, "dataset-demo-title" if manifest.demo else "dataset-title")
    graph.add((dataset, DCTERMS.issued, Literal(manifest.created, datatype=XSD.dateTime)))
    graph.add((dataset, URIRef(expand("dcat:version")), Literal(manifest.identifier)))
    for entry in manifest.sources:
        graph.add((dataset, URIRef(expand("prov:wasDerivedFrom")), URIRef(minting.identifier("source", entry.slug))))
    sources = minting.identifier("source") + "/"
    provenance = store.quads_for_pattern(None, None, None, ox.NamedNode(minting.graph("provenance")))
    stated = (quad.triple for quad in provenance if str(quad.subject).startswith(f"<{sources}"))
    graph.parse(data=ox.serialize(stated, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return graph
