"""`/admin/releases/…`: administrators publish, roll back and remove releases, by bearer token (RFC 6750).

Without a token set there is no such address. A missing token and a wrong one get the same answer; the admission counts
wrong ones.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import asdict
from hashlib import sha256

from flask import Blueprint, Response, jsonify, request

from passerelle.errors import DamagedRelease, SettingsError, Unauthorised
from passerelle.graph.release import Release, Releases
from passerelle.records.place import Place
from passerelle.settings import Settings
from passerelle.web.publication import Publication

SHORTEST_TOKEN = 32
"""Characters: 128 bits as hexadecimal digits, beyond any guessing."""
_OPENING_SECONDS = 60.0
_LOOK_SECONDS = 0.05


def check_token(settings: Settings) -> None:
    """Refuse a token that could be guessed. Raises SettingsError."""
    token = settings.admin_token
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise SettingsError("setting-admin-token", shortest=SHORTEST_TOKEN)


def admin(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint; registered only where a token is set. Raises SettingsError for one that is weak."""
    check_token(settings)
    blueprint = Blueprint("admin", __name__, url_prefix="/admin/releases")
    releases = Releases(settings.releases)
    expected = _digest(settings.admin_token)

    @blueprint.before_request
    def authorise() -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        # both sides have the same length, so the comparison tells nothing about the one that was set
        right = hmac.compare_digest(_digest(token.strip(" ")), expected)
        if not (right and scheme.lower() == "bearer"):
            raise Unauthorised("admin-token")

    @blueprint.after_request
    def never_kept(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.route("")
    def listing() -> Response:
        current = releases.current_identifier()
        return jsonify(
            current=current, served=_served(publication), releases=[_entry(each, current) for each in releases.list()]
        )

    @blueprint.route("/<identifier>")
    def one(identifier: str) -> Response:
        release = releases.get(identifier)
        return jsonify(**_entry(release, releases.current_identifier()), manifest=asdict(release.manifest))

    @blueprint.route("/<identifier>/activate", methods=["POST"])
    def activate(identifier: str) -> Response:
        before = releases.current_identifier()
        releases.activate(identifier)
        if not _is_served(publication, identifier) and before is not None:
            # it cannot be opened; left so, the service would not start again
            releases.activate(before)
            raise DamagedRelease("admin-not-served", place=Place(file=identifier), before=before)
        return jsonify(current=releases.current_identifier(), served=_served(publication), before=before)

    @blueprint.route("/<identifier>", methods=["DELETE"])
    def remove(identifier: str) -> Response:
        releases.remove(identifier)
        return Response(status=204)

    return blueprint


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def _is_served(publication: Publication, identifier: str) -> bool:
    """Whether the release is what is served from now on; waits while another request opens it."""
    deadline = time.monotonic() + _OPENING_SECONDS
    while publication.current().identifier != identifier:
        if publication.current_identifier != identifier or time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _served(publication: Publication) -> str | None:
    served = publication.latest
    return None if served is None else served.identifier


def _entry(release: Release, current: str | None) -> dict[str, object]:
    manifest = release.manifest
    return {
        "identifier": release.identifier,
        "current": release.identifier == current,
        "created": manifest.created,
        "software": manifest.software,
        "triples": manifest.triples,
        "demo": manifest.demo,
    }
