"""Texts, rights and names that every description uses."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import DCTERMS, RDF, RDFS, XSD, Graph, Literal, URIRef

from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.rights import Rights, rights_of_source
from passerelle.messages import LANGUAGES, message
from passerelle.namespaces import PREFIXES, Minting, expand

ATTRIBUTION = URIRef(expand("psl:attribution"))
_BOUND = ("psl", "elm", "esco", "skos", "dcterms", "dcat", "foaf", "prov", "void", "sh", "owl", "rdfs", "xsd")


def dataset_iri(manifest: Manifest) -> str:
    """The data whatever the release."""
    return Minting(manifest.base).identifier("dataset")


def release_iri(manifest: Manifest) -> str:
    """The data of one release."""
    return Minting(manifest.base).identifier("release", manifest.identifier)


def described(**more: str) -> Graph:
    """An empty graph with our prefixes, and `more` (prefix=IRI)."""
    graph = Graph(bind_namespaces="none")
    for prefix, iri in (*((name, PREFIXES[name]) for name in _BOUND), *more.items()):
        graph.bind(prefix, iri)
    return graph


def add_text(graph: Graph, subject: URIRef, predicate: URIRef, identifier: str, **values: object) -> None:
    """State a message in each language; a value may be a mapping from language to text."""
    for language in LANGUAGES:
        filled = {name: value[language] if isinstance(value, Mapping) else value for name, value in values.items()}
        graph.add((subject, predicate, Literal(message(identifier).what(language, **filled), lang=language)))


def add_dataset(graph: Graph, dataset: URIRef, manifest: Manifest) -> None:
    """State what every description says of the data of a release: title, identifier, and when it was issued."""
    add_text(graph, dataset, DCTERMS.title, "dataset-demo-title" if manifest.demo else "dataset-title")
    graph.add((dataset, DCTERMS.identifier, Literal(manifest.identifier)))
    if manifest.created:  # of a store that we did not publish into it is not known
        graph.add((dataset, DCTERMS.issued, Literal(manifest.created, datatype=XSD.dateTime, normalize=False)))


def sources_by_graph(manifest: Manifest) -> dict[str, SourceEntry]:
    """The source of each named graph that has one; ours (ontology, links …) have none."""
    minting = Minting(manifest.base)
    return {
        minting.graph(entry.slug): entry for entry in manifest.sources if minting.graph(entry.slug) in manifest.graphs
    }


def add_rights(graph: Graph, subject: URIRef, rights: Rights, *, is_dataset: bool = True) -> None:
    """State licences and attributions; those of a file or a document are rights statements."""
    for licence in rights.licences:
        graph.add((subject, DCTERMS.license, URIRef(licence)))
    for source in rights.sources:
        if source.licence_name and not rights_of_source(source).licences:
            # a licence without an address is told by its name
            graph.add((_rights(graph, subject), RDFS.label, Literal(source.licence_name)))
        for text, language in source.attributions:
            about, predicate = (subject, ATTRIBUTION) if is_dataset else (_rights(graph, subject), RDFS.label)
            graph.add((about, predicate, Literal(text, lang=language)))


def add_rights_of_each(graph: Graph, subject: URIRef) -> None:
    """State of what many sources share that each of its named graphs has a licence of its own."""
    add_text(graph, _rights(graph, subject), RDFS.label, "dcat-rights")


def _rights(graph: Graph, subject: URIRef) -> URIRef:
    rights = URIRef(f"{subject}-rights" if "#" in subject else f"{subject}#rights")
    graph.add((subject, DCTERMS.rights, rights))
    graph.add((rights, RDF.type, DCTERMS.RightsStatement))
    return rights


def slug_of(manifest: Manifest, name: str) -> str:
    """The last part of the IRI of a named graph of ours; the whole IRI of any other."""
    return name.removeprefix(Minting(manifest.base).graph(""))


def graph_title(manifest: Manifest, name: str) -> dict[str, str]:
    """What a named graph is called, by language: the title of its source, or of our own graph."""
    source = sources_by_graph(manifest).get(name)
    if source is not None:
        return {"en": source.title_en, "fr": source.title_fr}
    slug = slug_of(manifest, name)
    own = _OWN_GRAPHS.get(slug)
    return {language: slug if own is None else message(own).what(language) for language in LANGUAGES}


_OWN_GRAPHS = {
    "ontology": "graph-ontology",
    "vocabularies": "graph-vocabularies",
    "links": "graph-links",
    "provenance": "graph-provenance",
    "queries": "graph-queries",
}
