"""The catalogue of what a service publishes: DCAT-AP 3.0 (SEMIC, 2024), with code lists of the Publications Office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef

from passerelle.graph.descriptions.addresses import Addresses
from passerelle.graph.descriptions.words import (
    add_rights,
    add_rights_of_each,
    add_text,
    dataset_iri,
    described,
    graph_title,
    release_iri,
    slug_of,
    sources_by_graph,
)
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.rights import OURS, Rights, rights_of, rights_of_source
from passerelle.messages import LANGUAGES, message
from passerelle.namespaces import PREFIXES, Minting

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
DCAT = Namespace(PREFIXES["dcat"])
"""Of version 3: rdflib knows version 2."""
_DCATAP = Namespace("http://data.europa.eu/r5r/")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
LANGUAGE_CODES = ("ENG", "FRA")
THEME = f"{_AUTHORITY}data-theme/EDUC"
DOWNLOADS = (
    ("turtle", "text/turtle", "RDF_TURTLE"),
    ("ntriples", "application/n-triples", "RDF_N_TRIPLES"),
    ("rdfxml", "application/rdf+xml", "RDF_XML"),
    ("jsonld", "application/ld+json", "JSON_LD"),
)
"""Formats of a download: our name, IANA's media type, code in the EU's list of file types."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the catalogue; empty: the demonstration. `contact` is a page or `mailto:`, empty for none."""

    name: str
    contact: str = ""


def catalogue_graph(
    current: Manifest, releases: Sequence[Manifest], publisher: Publisher, at: Addresses, places: Sequence[str] = ()
) -> Graph:
    """The catalogue: the data whatever the release, each release (oldest first) as a version, each graph of `current`.

    `places` are the countries that the data are about (IRIs), which the release itself knows (its `dcat.ttl`).
    """
    graph = described(dcatap=str(_DCATAP))
    described_ = _Catalogue(graph, current, publisher, at)
    described_.catalogue(releases)
    for place in places:
        for about in (described_.node, URIRef(dataset_iri(current)), URIRef(release_iri(current))):
            graph.add((about, DCTERMS.spatial, URIRef(place)))
    previous: Manifest | None = None
    for manifest in releases:
        described_.release(manifest, previous)
        previous = manifest
    for name in current.graphs:
        described_.named_graph(name)
    return graph


class _Catalogue:
    def __init__(self, graph: Graph, current: Manifest, publisher: Publisher, at: Addresses) -> None:
        self.graph = graph
        self.current = current
        self.at = at
        minting = Minting(current.base)
        self.node = URIRef(minting.identifier("catalogue"))
        self.agent = URIRef(minting.identifier("publisher"))
        self.contact = publisher.contact
        self._add(self.agent, RDF.type, FOAF.Agent)
        if publisher.name:
            self._add(self.agent, FOAF.name, Literal(publisher.name))
        else:
            add_text(graph, self.agent, FOAF.name, "publisher-unnamed")

    def catalogue(self, releases: Sequence[Manifest]) -> None:
        node, current = self.node, self.current
        self._add(node, RDF.type, DCAT.Catalog)
        add_text(self.graph, node, DCTERMS.title, "catalogue-demo-title" if current.demo else "catalogue-title")
        add_text(self.graph, node, DCTERMS.description, "catalogue-description")
        self._add(node, DCTERMS.publisher, self.agent)
        self._add(node, FOAF.homepage, URIRef(f"{self.at.root}/"))
        self._add(node, DCAT.themeTaxonomy, URIRef(f"{_AUTHORITY}data-theme"))
        self._languages(node)
        add_rights(self.graph, node, OURS)
        self._add_date(node, DCTERMS.issued, releases[0] if releases else current)
        self._add_date(node, DCTERMS.modified, current)
        whole = self._dataset(dataset_iri(current))
        add_text(self.graph, whole, DCTERMS.title, "dataset-demo-title" if current.demo else "dataset-title")
        add_text(self.graph, whole, DCTERMS.description, "dcat-dataset-description")
        self._add(whole, DCAT.hasCurrentVersion, URIRef(release_iri(current)))
        self._add_date(whole, DCTERMS.modified, current)
        self._distribution(whole, "sparql", self.at.endpoint)
        service = self._service(self.at.endpoint, "dcat-service-title", {})
        self._add(service, DCAT.servesDataset, whole)

    def release(self, manifest: Manifest, previous: Manifest | None) -> None:
        node = self._dataset(release_iri(manifest))
        values = {"release": manifest.identifier, "triples": manifest.triples}
        add_text(self.graph, node, DCTERMS.title, "dcat-release-title", **values)
        add_text(self.graph, node, DCTERMS.description, "dcat-release-description", **values)
        self._add(node, DCAT.version, Literal(manifest.identifier))
        self._add_date(node, DCTERMS.issued, manifest)
        self._add(node, DCTERMS.identifier, Literal(manifest.identifier))
        whole = URIRef(dataset_iri(self.current))
        self._add(whole, DCAT.hasVersion, node)
        self._add(node, DCAT.isVersionOf, whole)
        if previous is not None:
            self._add(node, DCAT.previousVersion, URIRef(release_iri(previous)))
        endpoint = self.at.endpoint_of(manifest.identifier)
        self._distribution(node, "sparql", endpoint)
        service = self._service(endpoint, "dcat-release-service-title", values)
        self._add(service, DCAT.servesDataset, node)
        self._add(node, RDFS.seeAlso, URIRef(self.at.void_of(manifest.identifier)))
        for source in manifest.sources:
            self._source(node, source)

    def named_graph(self, name: str) -> None:
        """A named graph of the current release as a dataset of its own, with a download in each format."""
        node, slug = self._dataset(name), slug_of(self.current, name)
        source = sources_by_graph(self.current).get(name)
        for language, title in graph_title(self.current, name).items():
            self._add(node, DCTERMS.title, Literal(title, lang=language))
        if source is None:
            add_text(self.graph, node, DCTERMS.description, "dcat-own-graph-description")
        else:
            attributions = {"en": source.attribution_en, "fr": source.attribution_fr}
            add_text(self.graph, node, DCTERMS.description, "dcat-graph-description", attribution=attributions)
            self._source(node, source)
        rights = rights_of(self.current, [name])
        add_rights(self.graph, node, rights)
        self._add_date(node, DCTERMS.modified, self.current)
        release = URIRef(release_iri(self.current))
        self._add(release, DCTERMS.hasPart, node)
        self._add(node, DCTERMS.isPartOf, release)
        if slug == name:
            return  # a graph of a foreign store: it has no address of ours
        for format_name, media_type, file_type in DOWNLOADS:
            address = self.at.graph_of(self.current.identifier, slug, format_name)
            distribution = self._distribution(node, format_name, address, rights)
            self._add(distribution, DCAT.downloadURL, URIRef(address))
            self._add(distribution, DCAT.mediaType, URIRef(_MEDIA_TYPES + media_type))
            self._add(distribution, DCTERMS["format"], URIRef(f"{_AUTHORITY}file-type/{file_type}"))

    def _dataset(self, iri: str) -> URIRef:
        node = URIRef(iri)
        self._add(self.node, DCAT.dataset, node)
        self._add(node, RDF.type, DCAT.Dataset)
        self._add(node, DCTERMS.publisher, self.agent)
        self._add(node, DCTERMS.accessRights, URIRef(f"{_AUTHORITY}access-right/PUBLIC"))
        self._add(node, DCAT.theme, URIRef(THEME))
        for language in LANGUAGES:
            for keyword in message("dcat-keywords").what(language).split(", "):
                self._add(node, DCAT.keyword, Literal(keyword, lang=language))
        if self.contact:
            self._add(node, DCAT.contactPoint, self._contact())
        return node

    def _contact(self) -> URIRef:
        vcard = Namespace("http://www.w3.org/2006/vcard/ns#")
        node = URIRef(f"{self.agent}#contact")
        self._add(node, RDF.type, vcard.Kind)
        self._add(node, vcard.hasEmail if self.contact.startswith("mailto:") else vcard.hasURL, URIRef(self.contact))
        return node

    def _distribution(self, dataset: URIRef, name: str, address: str, rights: Rights | None = None) -> URIRef:
        """A distribution; that of all graphs together (no `rights`) says where licences stand."""
        node = URIRef(f"{dataset}#distribution-{name}")
        self._add(dataset, DCAT.distribution, node)
        self._add(node, RDF.type, DCAT.Distribution)
        self._add(node, DCAT.accessURL, URIRef(address))
        state = "EXPERIMENTAL" if self.current.demo else "AVAILABLE"
        self._add(node, _DCATAP.availability, URIRef(f"{_AUTHORITY}planned-availability/{state}"))
        if rights is not None:
            add_text(self.graph, node, DCTERMS.title, "dcat-download-title", format=name)
            add_rights(self.graph, node, rights, is_dataset=False)
            return node
        add_text(self.graph, node, DCTERMS.title, "dcat-access-title")
        add_rights_of_each(self.graph, node)
        self._add(node, DCAT.accessService, URIRef(f"{address}#service"))
        return node

    def _service(self, endpoint: str, title: str, values: dict[str, object]) -> URIRef:
        node = URIRef(f"{endpoint}#service")
        self._add(self.node, DCAT.service, node)
        self._add(node, RDF.type, DCAT.DataService)
        add_text(self.graph, node, DCTERMS.title, title, **values)
        self._add(node, DCAT.endpointURL, URIRef(endpoint))
        # a GET without a query answers with the SPARQL service description
        self._add(node, DCAT.endpointDescription, URIRef(endpoint))
        self._add(node, DCAT.endpointDescription, URIRef(self.at.interface))
        self._add(node, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/"))
        self._add(node, DCTERMS.publisher, self.agent)
        self._add(node, DCTERMS.accessRights, URIRef(f"{_AUTHORITY}access-right/PUBLIC"))
        return node

    def _source(self, derived: URIRef, source: SourceEntry) -> None:
        node = URIRef(Minting(self.current.base).identifier("source", source.slug))
        self._add(derived, PROV.wasDerivedFrom, node)
        self._add(node, RDF.type, PROV.Entity)
        for language, title in (("en", source.title_en), ("fr", source.title_fr)):
            self._add(node, DCTERMS.title, Literal(title, lang=language))
        if source.publisher:
            agent = URIRef(f"{node}/publisher")
            self._add(node, DCTERMS.publisher, agent)
            self._add(agent, RDF.type, FOAF.Agent)
            self._add(agent, FOAF.name, Literal(source.publisher))
        if source.edition:
            self._add(node, DCAT.version, Literal(source.edition))
        add_rights(self.graph, node, rights_of_source(source))

    def _languages(self, node: URIRef) -> None:
        for code in LANGUAGE_CODES:
            self._add(node, DCTERMS.language, URIRef(f"{_AUTHORITY}language/{code}"))

    def _add_date(self, subject: URIRef, predicate: URIRef, manifest: Manifest) -> None:
        if manifest.created:  # of a store that we did not publish into it is not known
            self._add(subject, predicate, Literal(manifest.created, datatype=XSD.dateTime, normalize=False))

    def _add(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        self.graph.add((subject, predicate, value))
