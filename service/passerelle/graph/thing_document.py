"""The RDF document about one thing: what a release states of it, and whose words these are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from passerelle.graph.descriptions.documents import written
from passerelle.graph.manifest import Manifest
from passerelle.graph.rights import Rights, attributions_of, rights_of, rights_of_source
from passerelle.messages import LANGUAGES, Language, message
from passerelle.namespaces import PREFIXES, Minting, expand

Row = Mapping[str, Mapping[str, Any]]
"""A solution in SPARQL Results JSON, with the variables `subject`, `property`, `value`, `graph` that are bound."""


@dataclass(frozen=True, slots=True)
class ThingDocument:
    """`address` is the document's own IRI, `thing` what it is about; `cut` says in each language what it leaves out."""

    address: str
    thing: str
    manifest: Manifest
    rights: Rights
    cut: Mapping[Language, str]

    def written(self, rows: Iterable[Row], media_type: str) -> bytes:
        """The statements of `rows` and those about the document, in the format of a media type of `TRIPLE_FORMATS`."""
        triples = [*_triples(rows), *self._about()]
        return written(_prefixed(triples), media_type, triples)

    def _about(self) -> Iterator[ox.Triple]:
        document = ox.NamedNode(self.address)
        dataset = ox.NamedNode(Minting(self.manifest.base).identifier("dataset"))

        def state(name: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
            return ox.Triple(document, _term(name), value)

        yield state("rdf:type", _term("foaf:Document"))
        yield state("foaf:primaryTopic", ox.NamedNode(self.thing))
        yield state("dcterms:isPartOf", dataset)
        # whichever of them speak here: ESCO asks to be named by the service
        yield from attributions_in(self.manifest)
        if self.manifest.created:
            yield state("dcterms:issued", ox.Literal(self.manifest.created, datatype=_term("xsd:dateTime")))
        yield state("dcterms:identifier", ox.Literal(self.manifest.identifier))
        for licence in self.rights.licences:
            yield state("dcterms:license", ox.NamedNode(licence))
        for entry in self.rights.sources:
            source = ox.NamedNode(Minting(self.manifest.base).identifier("source", entry.slug))
            rights = ox.NamedNode(f"{self.address}#rights-{entry.slug}")
            yield state("dcterms:source", source)
            yield state("dcterms:rights", rights)
            yield ox.Triple(rights, _term("rdf:type"), _term("dcterms:RightsStatement"))
            for text, language in entry.attributions:
                yield ox.Triple(rights, _term("rdfs:label"), ox.Literal(text, language=language))
            if entry.licence_name and not rights_of_source(entry).licences:
                # a licence without an address is told by its name
                yield ox.Triple(rights, _term("rdfs:label"), ox.Literal(entry.licence_name))
        if self.manifest.demo:
            for language in LANGUAGES:
                yield state("rdfs:comment", ox.Literal(message("page-demo").what(language), language=language))
        for language in LANGUAGES:
            text = message("page-not-recognition").what(language)
            yield state("rdfs:comment", ox.Literal(text, language=language))
            if self.cut:
                yield state("rdfs:comment", ox.Literal(self.cut[language], language=language))


def attributions_in(manifest: Manifest) -> Iterator[ox.Triple]:
    """The attributions of all sources of a release, stated of the dataset."""
    dataset = ox.NamedNode(Minting(manifest.base).identifier("dataset"))
    for text, language in attributions_of(manifest):
        yield ox.Triple(dataset, _term("psl:attribution"), ox.Literal(text, language=language))


def served_beside(manifest: Manifest, document: str) -> Iterator[ox.Triple]:
    """What a document (IRI) that is no part of the dataset says of it: that it relates to it, and whose data those are.

    Nothing where no source asks to be named.
    """
    attributions = tuple(attributions_in(manifest))
    if attributions:
        yield ox.Triple(ox.NamedNode(document), _term("dcterms:relation"), attributions[0].subject)
        yield from attributions


def facts_of_release(manifest: Manifest, iri: str) -> Sequence[Row]:
    """What the manifest says of the dataset or of a named graph; nothing for any other IRI."""
    minting = Minting(manifest.base)
    dataset = minting.identifier("dataset")
    void = expand("void:Dataset")
    if iri == dataset:
        title = message("dataset-demo-title" if manifest.demo else "dataset-title")
        facts = [("rdf:type", _iri(void)), ("rdf:type", _iri(expand("dcat:Dataset")))]
        facts += [("dcterms:title", _text(title.what(language), language)) for language in LANGUAGES]
        facts += [
            *([("dcterms:issued", _literal(manifest.created, "xsd:dateTime"))] if manifest.created else []),
            ("dcterms:identifier", _text(manifest.identifier)),
            ("void:triples", _literal(str(manifest.triples), "xsd:integer")),
            *(("void:subset", _iri(graph)) for graph in manifest.graphs),
        ]
    elif iri in manifest.graphs:
        facts = [
            ("rdf:type", _iri(void)),
            ("void:triples", _literal(str(manifest.graphs[iri]), "xsd:integer")),
            ("dcterms:isPartOf", _iri(dataset)),
        ]
        rights = rights_of(manifest, [iri])
        facts += [("dcterms:license", _iri(licence)) for licence in rights.licences]
        for entry in rights.sources:
            facts += [("psl:attribution", _text(text, tag)) for text, tag in entry.attributions]
    else:
        return ()
    return [{"subject": _iri(iri), "property": _iri(expand(name)), "value": value} for name, value in facts]


def _prefixed(triples: Iterable[ox.Triple]) -> Graph:
    """An empty graph with those of our prefixes that these triples need."""
    nodes = {node.value for triple in triples for node in triple if isinstance(node, ox.NamedNode)}
    graph = Graph(bind_namespaces="none")
    for prefix, start in PREFIXES.items():
        if any(node.startswith(start) for node in nodes):
            graph.bind(prefix, start)
    return graph


def _triples(rows: Iterable[Row]) -> Iterator[ox.Triple]:
    for row in rows:
        subject, value = _node(row["subject"]), _node(row["value"])
        if isinstance(subject, ox.NamedNode | ox.BlankNode) and value is not None:
            yield ox.Triple(subject, ox.NamedNode(row["property"]["value"]), value)


def _node(term: Mapping[str, Any]) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    """The term of SPARQL Results JSON; None for a quoted triple, which these formats cannot all write."""
    match term["type"]:
        case "uri":
            return ox.NamedNode(term["value"])
        case "bnode":
            return ox.BlankNode(term["value"])
        case "literal" | "typed-literal":
            if "xml:lang" in term:
                return ox.Literal(term["value"], language=term["xml:lang"])
            if "datatype" in term:
                return ox.Literal(term["value"], datatype=ox.NamedNode(term["datatype"]))
            return ox.Literal(term["value"])
    return None


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))


def _iri(value: str) -> Mapping[str, str]:
    return {"type": "uri", "value": value}


def _text(value: str, language: str = "") -> Mapping[str, str]:
    return {"type": "literal", "value": value} | ({"xml:lang": language} if language else {})


def _literal(value: str, datatype: str) -> Mapping[str, str]:
    return {"type": "literal", "value": value, "datatype": expand(datatype)}
