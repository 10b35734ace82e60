"""A release as VoID (W3C note of 2011): sizes, partitions by class and by property, links between its graphs.

The node of a partition is a fragment of what it is a part of (`{base}/graph/rncp#class-psl-Bloc`), so that a
description holds no blank node and equal releases have equal descriptions.
"""

from __future__ import annotations

from rdflib import DCTERMS, FOAF, RDF, RDFS, VOID, Graph, Literal, URIRef

from passerelle.graph.descriptions.addresses import Addresses
from passerelle.graph.descriptions.service import FORMATS
from passerelle.graph.descriptions.statistics import Counts, Linkset, Statistics, vocabularies_of
from passerelle.graph.descriptions.words import (
    ATTRIBUTION,
    add_dataset,
    add_rights,
    add_rights_of_each,
    add_text,
    described,
    graph_title,
    release_iri,
    slug_of,
)
from passerelle.graph.manifest import Manifest
from passerelle.graph.rights import OURS, rights_of
from passerelle.namespaces import PREFIXES, segment, short_hash

_FEATURES = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
_HASH_DIGITS = 12


def void_graph(manifest: Manifest, statistics: Statistics | None) -> Graph:
    """The release as a void:Dataset with each named graph as a subset.

    Without statistics (a store that we have not counted) the numbers of triples of the manifest are all there is. The
    addresses of endpoint and dumps are added by whoever serves the release.
    """
    graph = described()
    dataset = URIRef(release_iri(manifest))
    graph.add((dataset, RDF.type, VOID.Dataset))
    add_dataset(graph, dataset, manifest)
    graph.add((dataset, VOID.uriSpace, Literal(manifest.base + "/id/")))
    for name in _FEATURES:
        graph.add((dataset, VOID.feature, FORMATS[name]))
    add_rights_of_each(graph, dataset)
    for source in manifest.sources:
        for text, tag in source.attributions:
            graph.add((dataset, ATTRIBUTION, Literal(text, lang=tag)))
    for name, triples in manifest.graphs.items():
        subset = URIRef(name)
        graph.add((dataset, VOID.subset, subset))
        graph.add((subset, RDF.type, VOID.Dataset))
        for language, title in graph_title(manifest, name).items():
            graph.add((subset, DCTERMS.title, Literal(title, lang=language)))
        add_rights(graph, subset, rights_of(manifest, [name]))
        if statistics is None:
            graph.add((subset, VOID.triples, Literal(triples)))
    if statistics is not None:
        add_text(graph, dataset, RDFS.comment, "void-counts", quads=manifest.triples)
        _counts(graph, dataset, statistics.whole)
        for name, counts in statistics.graphs.items():
            _counts(graph, URIRef(name), counts)
        for linkset in statistics.linksets:
            _linkset(graph, dataset, linkset)
    return graph


def _counts(graph: Graph, dataset: URIRef, counts: Counts) -> None:
    numbers = (
        (VOID.triples, counts.triples),
        (VOID.entities, counts.entities),
        (VOID.distinctSubjects, counts.subjects),
        (VOID.distinctObjects, counts.objects),
        (VOID.classes, len(counts.classes)),
        (VOID.properties, len(counts.properties)),
    )
    for property_, number in numbers:
        graph.add((dataset, property_, Literal(number)))
    for name, number in counts.classes.items():
        partition = URIRef(f"{dataset}#class-{_local(name)}")
        graph.add((dataset, VOID.classPartition, partition))
        graph.add((partition, VOID["class"], URIRef(name)))
        graph.add((partition, VOID.entities, Literal(number)))
    for name, number in counts.properties.items():
        partition = URIRef(f"{dataset}#property-{_local(name)}")
        graph.add((dataset, VOID.propertyPartition, partition))
        graph.add((partition, VOID.property, URIRef(name)))
        graph.add((partition, VOID.triples, Literal(number)))
    for vocabulary in vocabularies_of(counts):
        graph.add((dataset, VOID.vocabulary, URIRef(vocabulary)))
    if counts.example:
        graph.add((dataset, VOID.exampleResource, URIRef(counts.example)))


def _linkset(graph: Graph, dataset: URIRef, linkset: Linkset) -> None:
    target, part = segment(linkset.target.rpartition("/")[2]), linkset.part.rpartition("/")[2]
    name = "-".join(filter(None, (_local(linkset.property), target, segment(part))))
    node = URIRef(f"{linkset.stated}#linkset-{name}")
    graph.add((dataset, VOID.subset, node))
    graph.add((node, RDF.type, VOID.Linkset))
    graph.add((node, VOID.linkPredicate, URIRef(linkset.property)))
    graph.add((node, VOID.subjectsTarget, URIRef(linkset.source) if linkset.source else dataset))
    graph.add((node, VOID.objectsTarget, URIRef(linkset.target)))
    graph.add((node, VOID.triples, Literal(linkset.triples)))
    for language, title in (("en", linkset.title_en), ("fr", linkset.title_fr)):
        text = f"{title} ({part})" if part else title
        graph.add((node, DCTERMS.title, Literal(text, lang=language)))
    if linkset.part:
        graph.add((node, DCTERMS.subject, URIRef(linkset.part)))


def _local(iri: str) -> str:
    """A term as a fragment: `psl-Bloc`; a hash for what has no prefix of ours."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and segment(iri[len(namespace) :]) == iri[len(namespace) :]:
            return f"{prefix}-{iri[len(namespace) :]}"
    return short_hash(iri)[:_HASH_DIGITS]


def served_void(manifest: Manifest, at: Addresses, document: str) -> Graph:
    """What whoever serves a release adds to its VoID: endpoint, dumps, and the description itself at `document`."""
    graph = described()
    dataset = URIRef(release_iri(manifest))
    graph.add((URIRef(document), RDF.type, VOID.DatasetDescription))
    graph.add((URIRef(document), FOAF.primaryTopic, dataset))
    add_rights(graph, URIRef(document), OURS)
    graph.add((dataset, FOAF.homepage, URIRef(f"{at.root}/")))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(at.endpoint_of(manifest.identifier))))
    for name in manifest.graphs:
        slug = slug_of(manifest, name)
        if slug != name:
            graph.add((URIRef(name), VOID.dataDump, URIRef(at.graph_of(manifest.identifier, slug))))
            graph.add((URIRef(name), VOID.sparqlEndpoint, URIRef(at.endpoint_of(manifest.identifier))))
    return graph
