"""`/sparql`: the SPARQL 1.1 Protocol over the release that is served."""

from __future__ import annotations

from flask import Blueprint, Response, request

from passerelle.graph.question import Question
from passerelle.settings import Settings
from passerelle.sparql.authorise import authorise, check_graphs
from passerelle.sparql.media_types import content_type
from passerelle.sparql.negotiate import negotiate
from passerelle.sparql.parse import parse_request
from passerelle.web.publication import Publication
from passerelle.web.slow_clients import broken, reading_a_body
from passerelle.web.streaming import describe, streamed
from passerelle.web.uploads import BROKEN_BODY


def sparql_endpoint(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of the endpoint."""
    blueprint = Blueprint("sparql", __name__)

    @blueprint.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        asked = parse_request(request.method, request.query_string, request.headers.get("Content-Type"), _body())
        served = publication.current()
        authorised = authorise(asked.query, served.graphs, size_limit=settings.query_bytes)
        check_graphs((*asked.default_graphs, *asked.named_graphs), served.graphs)
        media_type = negotiate(request.headers.get("Accept"), authorised.kind)
        if request.method == "HEAD":
            # what a GET would say before its body, without a query process
            return describe(Response(content_type=content_type(media_type)), served)
        question = Question(
            asked.query, media_type.written, asked.default_graphs, asked.named_graphs, authorised.own_dataset
        )
        answer = served.backend.run(question)
        return streamed(answer, content_type(media_type), served)

    return blueprint


def _body() -> bytes:
    if request.method != "POST":
        return b""
    try:
        with reading_a_body(request):
            body = request.get_data(cache=False)
    except BROKEN_BODY as error:
        raise broken(request) from error
    if request.content_length is not None and len(body) != request.content_length:
        # a query that was cut may still be a query, another one
        raise broken(request)
    return body
