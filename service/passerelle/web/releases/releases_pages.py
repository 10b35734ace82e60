"""`/releases` and `/releases/{id}`: which releases can be asked, and the manifest of each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from passerelle.errors import NotAcceptable
from passerelle.graph.manifest import Manifest
from passerelle.settings import Settings
from passerelle.sparql.negotiate import best
from passerelle.web.releases.publication import Publication
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.entity_tags import REVALIDATED, entity_tag, not_modified, tagged
from passerelle.web.responses.headers import RELEASE

_JSON, _HTML = "application/json", "text/html"
_FORMATS = {"json": _JSON, "html": _HTML}


def releases_pages(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of the releases."""
    blueprint = Blueprint("releases", __name__)

    @blueprint.route("/releases")
    def listing() -> Response:
        current = publication.current()
        manifests = publication.manifests()
        if _asked() == _HTML:
            newest_first = manifests[::-1]
            page = render_template("releases.html", releases=newest_first, release=current, manifest=current.manifest)
            return tagged(make_response(page), None, REVALIDATED)
        listed = [_described(each, each.identifier == current.identifier, settings) for each in manifests]
        return tagged(jsonify(listed), None, REVALIDATED)

    @blueprint.route("/releases/<identifier>")
    def manifest(identifier: str) -> Response:
        found = publication.manifest(identifier)
        tag = entity_tag(identifier, "manifest")
        response = not_modified(request, tag, REVALIDATED) or tagged(jsonify(asdict(found)), tag, REVALIDATED)
        response.headers[RELEASE] = identifier
        return response

    return blueprint


def _asked() -> str:
    """The media type that `format=` or the Accept header asks for. Raises NotAcceptable."""
    name = request.args.get("format")
    found = _FORMATS.get(name) if name is not None else best(request.headers.get("Accept"), [_JSON, _HTML])
    if found is None:
        raise NotAcceptable("linked-not-acceptable", offered=f"{_JSON}, {_HTML}")
    return found


def _described(manifest: Manifest, current: bool, settings: Settings) -> dict[str, Any]:
    identifier = manifest.identifier
    return {
        "identifier": identifier,
        "created": manifest.created,
        "base": manifest.base,
        "triples": manifest.triples,
        "demo": manifest.demo,
        "software": manifest.software,
        "derivedFrom": manifest.derived_from or None,
        "current": current,
        "manifest": public_address(settings, url_for("releases.manifest", identifier=identifier)),
        "endpoint": public_address(settings, url_for("sparql.past", identifier=identifier)),
    }
