"""`/`: what is served, where it comes from, and how to ask."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for

from passerelle.messages import message
from passerelle.queries import catalogue
from passerelle.settings import Settings
from passerelle.web.releases.publication import Publication
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.language import language_of

SAMPLE_QUERY = "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"


def front_page(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of the front page."""
    blueprint = Blueprint("front", __name__)

    @blueprint.route("/")
    def front() -> Response:
        served = publication.current()
        page = render_template(
            "front_page.html",
            release=served,
            manifest=served.manifest,
            queries=catalogue().values(),
            sample=SAMPLE_QUERY,
            sparql_address=public_address(settings, url_for("sparql.current")),
            validate_address=public_address(settings, url_for("validation.form")),
            title=message("page-front-title").what(language_of(request)),
        )
        response = make_response(page)
        # RFC 8631: where a program finds the description of the interface
        response.headers["Link"] = f'<{url_for("openapi.description")}>; rel="service-desc"; type="application/json"'
        return response

    return blueprint
