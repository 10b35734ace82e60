"""What the service and its data say of themselves: service description, VoID, DCAT, for machines that look around."""

from __future__ import annotations

from flask import Blueprint, Response

from passerelle.settings import Settings
from passerelle.web.publication import Publication, Served


def descriptions(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of `/.well-known/void` and `/catalogue`."""
    del publication, settings
    return Blueprint("descriptions", __name__)


def service_description(served: Served, endpoint: str, settings: Settings) -> Response:
    """The description of the endpoint at that address, in the RDF format that the Accept header asks for."""
    raise NotImplementedError(served, endpoint, settings)
