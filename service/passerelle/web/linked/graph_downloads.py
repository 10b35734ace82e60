"""One named graph of a release as a file, streamed by a query process, and its address."""

from __future__ import annotations

from flask import Response, request

from passerelle.errors import UnknownName
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.graph.descriptions.addresses import Addresses
from passerelle.graph.descriptions.words import slug_of
from passerelle.graph.rights import rights_of
from passerelle.namespaces import Minting
from passerelle.settings import Settings
from passerelle.web.releases.publication import Served
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.entity_tags import UNCHANGING
from passerelle.web.responses.representations import representation, with_licences
from passerelle.web.responses.streaming import answered

_SUFFIXES = {"turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf", "jsonld": "jsonld"}


def graph_download(served: Served, slug: str, settings: Settings) -> Response:
    """The graph `{base}/graph/{slug}` in the format that is asked for, with the licence of its source in a header.

    Raises UnknownName, NotAcceptable, and what `Backend.run` raises.
    """
    minting = Minting(served.manifest.base)
    name = minting.graph(slug)
    if name not in served.manifest.graphs:
        known = (each.removeprefix(minting.graph("")) for each in served.manifest.graphs)
        raise UnknownName("graph-unknown", slug=slug[:100], known=", ".join(known))
    asked = request.args.get("format")
    media_type = representation("none")
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    question = Question(query, media_type.written, limits=Limits.of(settings), kind="triples")
    response = answered(served, question, media_type, deterministic=True, cache_control=UNCHANGING)
    if asked is not None:
        file = f"{slug}-{served.identifier}.{_SUFFIXES[media_type.name]}"
        response.headers.set("Content-Disposition", "attachment", filename=file)
    return with_licences(response, rights_of(served.manifest, [name]).licences)


def download_address(served: Served, iri: str, settings: Settings) -> str:
    """Where the named graph of that IRI is downloaded; empty for anything else, and for a graph of a foreign store."""
    if iri not in served.manifest.graphs or (slug := slug_of(served.manifest, iri)) == iri:
        return ""
    return Addresses(public_address(settings, "").rstrip("/")).graph_of(served.identifier, slug)
