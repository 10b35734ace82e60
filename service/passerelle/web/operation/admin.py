"""`/admin/releases/…`: administrators publish, roll back and remove releases, by bearer token (RFC 6750).

Without a token set there is no such address. A missing token and a wrong one get the same answer; the admission counts
wrong ones.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict
from hashlib import sha256

from flask import Blueprint, Response, jsonify, request

from passerelle.errors import (
    DamagedRelease,
    PasserelleError,
    ReleaseError,
    ReleaseInUse,
    ReleaseSwitched,
    SettingsError,
    Unauthorised,
)
from passerelle.graph.release import Release, Releases
from passerelle.records.place import Place
from passerelle.settings import Settings
from passerelle.web.releases.local_publication import LocalPublication

SHORTEST_TOKEN = 32
"""Characters: 128 bits as hexadecimal digits, beyond any guessing."""


def check_token(settings: Settings) -> None:
    """Refuse a token that could be guessed, and any before an engine elsewhere. Raises SettingsError."""
    token = settings.admin_token
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise SettingsError("setting-admin-token", shortest=SHORTEST_TOKEN)
    if token and settings.backend:
        raise SettingsError("setting-admin-backend")


def admin(publication: LocalPublication, settings: Settings) -> Blueprint:
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
        before = releases.activate(identifier)
        if not _is_served(publication, identifier):
            raise _taken_back(releases, identifier, before)
        return jsonify(current=releases.current_identifier(), served=_served(publication), before=before)

    @blueprint.route("/<identifier>", methods=["DELETE"])
    def remove(identifier: str) -> Response:
        served = publication.latest
        if served is not None and served.identifier == identifier and publication.current(wait=True) is served:
            # the one that `current` points at cannot be opened, so this one still answers
            raise ReleaseInUse("release-in-use", identifier=identifier)
        releases.remove(identifier)
        return Response(status=204)

    return blueprint


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def _is_served(publication: LocalPublication, identifier: str) -> bool:
    try:
        return publication.serve(identifier)
    except PasserelleError:  # the first that is opened at all
        return False


def _taken_back(releases: Releases, identifier: str, before: str | None) -> ReleaseError:
    """The error about a release that cannot be opened, after `current` was pointed back from it.

    Left so, the service would not start again. Where somebody else has pointed it elsewhere meanwhile, it stays there.
    """
    place = Place(file=identifier)
    if before is None or before == identifier:
        return DamagedRelease("admin-not-served-left", place=place)
    try:
        releases.activate(before, instead_of=identifier)
    except ReleaseSwitched as error:
        return error
    except ReleaseError:  # removed meanwhile, as it was not the current one
        return DamagedRelease("admin-not-served-left", place=place)
    return DamagedRelease("admin-not-served", place=place, before=before)


def _served(publication: LocalPublication) -> str | None:
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
