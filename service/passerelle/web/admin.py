"""`/admin/releases/…`: administrators publish, roll back and remove releases, by bearer token."""

from __future__ import annotations

from flask import Blueprint

from passerelle.settings import Settings
from passerelle.web.publication import Publication


def admin(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint; registered only where a token is set."""
    del publication, settings
    return Blueprint("admin", __name__)
