"""`/sparql` and `/releases/{id}/sparql`: the SPARQL 1.1 Protocol over the current release, and over past ones."""

from __future__ import annotations

from flask import Blueprint, Response, request

from passerelle.errors import RequestError
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.settings import Settings
from passerelle.sparql.authorise import Authorised, authorise, check_graphs
from passerelle.sparql.media_types import PAGE, MediaType
from passerelle.sparql.negotiate import negotiate
from passerelle.sparql.parse import ProtocolRequest, asks_nothing, parse_request
from passerelle.web.credentials.uploads import BROKEN_BODY
from passerelle.web.http.slow_clients import broken, reading_a_body
from passerelle.web.linked.descriptions import service_description
from passerelle.web.questions.sparql_page import answer_page, fault_page, form_page, page_format
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.entity_tags import NOT_KEPT, REVALIDATED, UNCHANGING, tagged
from passerelle.web.responses.representations import representation
from passerelle.web.responses.streaming import answered

_METHODS = ("GET", "POST")


def sparql_endpoint(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of the endpoint."""
    blueprint = Blueprint("sparql", __name__)
    endpoints = frozenset(settings.service_endpoints.split())

    @blueprint.route("/sparql", methods=_METHODS)
    def current() -> Response:
        return answer(publication.current(), REVALIDATED)

    @blueprint.route("/releases/<identifier>/sparql", methods=_METHODS)
    def past(identifier: str) -> Response:
        return answer(publication.of(identifier), UNCHANGING)

    def answer(served: Served, cache_control: str) -> Response:
        try:
            asked = parse_request(
                request.method,
                request.query_string,
                request.headers.get("Content-Type"),
                _body(),
                request.headers.get("Content-Encoding"),
            )
        except RequestError:
            if request.method != "POST" and asks_nothing(request.query_string):
                return _description(served, settings)
            raise
        request.environ["passerelle.query"] = asked.query
        try:
            authorised = authorise(
                asked.query, served.graphs, size_limit=settings.query_bytes, service_endpoints=endpoints
            )
            check_graphs((*asked.default_graphs, *asked.named_graphs), served.graphs)
        except RequestError as error:
            if negotiate(request.headers.get("Accept"), "solutions", asked.format, page=True) is PAGE:
                return fault_page(served, asked.query, public_address(settings, request.path), error)
            raise
        media_type = negotiate(request.headers.get("Accept"), authorised.kind, asked.format, page=True)
        return _answer(served, asked, authorised, media_type, cache_control, settings)

    return blueprint


def _answer(
    served: Served,
    asked: ProtocolRequest,
    authorised: Authorised,
    media_type: MediaType,
    cache_control: str,
    settings: Settings,
) -> Response:
    page = media_type is PAGE
    limits = Limits.of(settings).lowered(asked.seconds, asked.rows)
    question = Question(
        asked.query,
        page_format(authorised.kind) if page else media_type.written,
        asked.default_graphs,
        asked.named_graphs,
        authorised.own_dataset,
        limits,
        network=bool(authorised.services),
        base_iri=public_address(settings, request.path),
        kind=authorised.kind,
    )
    if page:
        return tagged(answer_page(served, question, authorised.kind, limits), None, NOT_KEPT)
    return answered(served, question, media_type, deterministic=authorised.deterministic, cache_control=cache_control)


def _description(served: Served, settings: Settings) -> Response:
    """What the endpoint says of itself: in RDF, or as the page with the form."""
    if representation("last", "sparql-description-not-acceptable") is PAGE:
        return tagged(form_page(served, public_address(settings, request.path)), None, REVALIDATED)
    return service_description(served, public_address(settings, request.path), settings)


def _body() -> bytes:
    if request.method != "POST":
        return b""
    try:
        with reading_a_body(request):
            body = request.get_data(cache=False)
    except BROKEN_BODY as error:
        raise broken(request, error) from error
    if request.content_length is not None and len(body) != request.content_length:
        # a query that was cut may still be a query, another one
        raise broken(request)
    return body
