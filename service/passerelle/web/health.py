"""`/healthz`: whether the service answers, and from what. For monitoring, so it is JSON alone and never cached."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from passerelle.web.credential_checks import CredentialChecks
from passerelle.web.publication import Publication


def health(publication: Publication, credentials: CredentialChecks) -> Blueprint:
    """The blueprint of the health check; without a release it answers 503 with a problem."""
    blueprint = Blueprint("health", __name__)

    @blueprint.route("/healthz")
    def healthz() -> Response:
        served = publication.current()
        response = jsonify(
            status="ok",
            release=served.identifier,
            created=served.manifest.created,
            software=served.manifest.software,
            triples=served.manifest.triples,
            demo=served.manifest.demo,
            queries=asdict(served.backend.statistics),
            validations=asdict(credentials.statistics),
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint
