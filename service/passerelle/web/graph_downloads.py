"""One named graph of a release as a file, streamed by a query process."""

from __future__ import annotations

from flask import Response, request

from passerelle.errors import UnknownName
from passerelle.graph.descriptions.words import licence_of, sources_by_graph
from passerelle.graph.limits import Limits
from passerelle.graph.question import Question
from passerelle.namespaces import Minting
from passerelle.settings import Settings
from passerelle.sparql.media_types import content_type
from passerelle.sparql.negotiate import negotiate
from passerelle.web.entity_tags import REVALIDATED, UNCHANGING, entity_tag, not_modified, tagged
from passerelle.web.publication import Served
from passerelle.web.rdf_responses import with_licences
from passerelle.web.streaming import describe, streamed

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
    media_type = negotiate(request.headers.get("Accept"), "triples", asked)
    cache_control = UNCHANGING if served.backend.immutable else REVALIDATED
    tag = entity_tag(served.identifier, name, content_type(media_type)) if served.backend.immutable else None
    response = not_modified(request, tag, cache_control) if tag else None
    if response is None and request.method == "HEAD":
        response = Response(content_type=content_type(media_type))
    if response is None:
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        answer = served.backend.run(Question(query, media_type.written, limits=Limits.of(settings)))
        response = streamed(answer, media_type, served)
    if asked is not None:
        file = f"{slug}-{served.identifier}.{_SUFFIXES[media_type.name]}"
        response.headers.set("Content-Disposition", "attachment", filename=file)
    licence = licence_of(sources_by_graph(served.manifest).get(name))
    with_licences(response, [licence] if licence else [])
    return describe(tagged(response, tag, cache_control), served)
