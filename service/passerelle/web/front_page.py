"""`/`: what is served, where it comes from, and how to ask."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from passerelle.messages import message
from passerelle.queries import catalogue
from passerelle.web.language import language_of
from passerelle.web.publication import Publication

SAMPLE_QUERY = "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"


def front_page(publication: Publication) -> Blueprint:
    """The blueprint of the front page."""
    blueprint = Blueprint("front", __name__)

    @blueprint.route("/")
    def front() -> str:
        served = publication.current()
        return render_template(
            "front_page.html",
            release=served.release,
            manifest=served.release.manifest,
            queries=catalogue().values(),
            sample=SAMPLE_QUERY,
            sparql_address=request.url_root + "sparql",
            title=message("page-front-title").what(language_of(request)),
        )

    return blueprint
