"""Turns terms of pyoxigraph and rdflib into ours, and ours into an rdflib graph."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import rdflib

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Term, Triple

_STRING = expand("xsd:string")

# rdflib writes values that it cannot convert into its log, and what is validated can be someone's credential
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


def term_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    """A term of pyoxigraph. Raises TypeError for a triple term."""
    if isinstance(term, ox.Literal):
        plain = term.language is not None or term.datatype.value == _STRING
        return Term(LITERAL, term.value, None if plain else term.datatype.value, term.language)
    if isinstance(term, ox.Triple):
        raise TypeError("no triple terms")
    return Term(BLANK if isinstance(term, ox.BlankNode) else IRI, term.value)


def triple_of(quad: ox.Quad) -> Triple:
    """The triple of a quad. Raises TypeError for a triple term."""
    return term_of(quad.subject), term_of(quad.predicate), term_of(quad.object)


def triples_of(quads: Iterable[ox.Quad]) -> Iterator[Triple]:
    """The triples of quads, whatever their graph. Raises TypeError for a triple term."""
    return map(triple_of, quads)


def graph_of(triples: Iterable[Triple]) -> rdflib.Graph:
    """These triples as an rdflib graph, lexical forms and labels as they are."""
    graph = rdflib.Graph(bind_namespaces="none")
    for subject, predicate, value in triples:
        graph.add((_to_rdflib(subject), _to_rdflib(predicate), _to_rdflib(value)))
    return graph


def of_rdflib(graph: rdflib.Graph) -> Iterator[Triple]:
    """The triples of an rdflib graph."""
    for subject, predicate, value in graph:
        yield _from_rdflib(subject), _from_rdflib(predicate), _from_rdflib(value)


def _to_rdflib(term: Term) -> rdflib.term.Node:
    if term.kind == IRI:
        return rdflib.URIRef(term.value)
    if term.kind == BLANK:
        return rdflib.BNode(term.value)
    datatype = None if term.datatype is None else rdflib.URIRef(term.datatype)
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def _from_rdflib(node: rdflib.term.Node) -> Term:
    if isinstance(node, rdflib.Literal):
        datatype = None if node.datatype is None or str(node.datatype) == _STRING else str(node.datatype)
        return Term(LITERAL, str(node), None if node.language else datatype, node.language)
    return Term(BLANK if isinstance(node, rdflib.BNode) else IRI, str(node))
