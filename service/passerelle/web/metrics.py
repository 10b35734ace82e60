"""`/metrics` in the format of Prometheus: queries by outcome, latency, kills, queue, age of the release."""

from __future__ import annotations

from flask import Blueprint

from passerelle.web.credential_checks import CredentialChecks
from passerelle.web.publication import Publication


class Metrics:
    """What is counted while the service runs. Thread-safe."""


def metrics_page(metrics: Metrics, publication: Publication, credentials: CredentialChecks) -> Blueprint:
    """The blueprint of the page."""
    del metrics, publication, credentials
    return Blueprint("metrics", __name__)
