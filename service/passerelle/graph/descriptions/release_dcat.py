"""A release as a dcat:Dataset (DCAT 3), with the sources that it was made of, as Turtle beside the store."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef

from passerelle.graph.descriptions.statistics import Statistics
from passerelle.graph.descriptions.words import add_dataset, dataset_iri, described, release_iri
from passerelle.graph.manifest import Manifest
from passerelle.namespaces import Minting, expand


def release_graph(manifest: Manifest, store: ox.Store, statistics: Statistics) -> Graph:
    """What holds of the release wherever it is served, and what its provenance graph says of its sources."""
    graph = described()
    minting = Minting(manifest.base)
    dataset = URIRef(release_iri(manifest))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    add_dataset(graph, dataset, manifest)
    graph.add((dataset, URIRef(expand("dcat:version")), Literal(manifest.identifier)))
    graph.add((dataset, URIRef(expand("dcat:isVersionOf")), URIRef(dataset_iri(manifest))))
    for country in statistics.whole.countries:
        graph.add((dataset, DCTERMS.spatial, URIRef(country)))
    for name, counts in statistics.graphs.items():
        for country in counts.countries:
            graph.add((URIRef(name), DCTERMS.spatial, URIRef(country)))
    for entry in manifest.sources:
        graph.add((dataset, URIRef(expand("prov:wasDerivedFrom")), URIRef(minting.identifier("source", entry.slug))))
    sources = minting.identifier("source") + "/"
    provenance = store.quads_for_pattern(None, None, None, ox.NamedNode(minting.graph("provenance")))
    stated = (quad.triple for quad in provenance if str(quad.subject).startswith(f"<{sources}"))
    graph.parse(data=ox.serialize(stated, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return graph
