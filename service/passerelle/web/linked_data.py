"""Every IRI under the base dereferences: `/id/…`, `/graph/…`, skolem IRIs, ontology, vocabularies, shapes."""

from __future__ import annotations

from flask import Blueprint

from passerelle.settings import Settings
from passerelle.web.publication import Publication


def linked_data(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint."""
    del publication, settings
    return Blueprint("linked_data", __name__)
