"""`/healthz`: the process answers. `/readyz`: it answers queries. For monitoring: JSON alone, never cached.

A balancer sends nobody to a service that is not ready; whoever restarts services looks at the first alone.
"""

from __future__ import annotations

import threading
import time
from dataclasses import asdict
from http import HTTPStatus

from flask import Blueprint, Response, current_app, jsonify

from passerelle.errors import PasserelleError
from passerelle.graph.processes.process_pool import PoolStatistics
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.credentials.credential_checks import CredentialChecks
from passerelle.web.http.connections import STOPPING
from passerelle.web.releases.publication import Publication

_LATELY_SECONDS = 60.0
"""Without an idle process, an answer within this time shows that the busy ones get through."""


class _Progress:
    """When the number of answers was last seen to have grown. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered = -1
        self._moment = time.monotonic()

    def lately(self, statistics: PoolStatistics) -> bool:
        with self._lock:
            now = time.monotonic()
            if statistics.answered != self._answered:
                self._answered, self._moment = statistics.answered, now
            return now - self._moment < _LATELY_SECONDS


def health(publication: Publication, credentials: CredentialChecks, comparisons: ComparisonAnswers) -> Blueprint:
    """The blueprint of both.

    `/healthz` opens nothing and asks nobody, and answers 200 whatever is wrong behind it: who restarts a service for
    what an engine elsewhere does, repairs nothing.
    """
    blueprint = Blueprint("health", __name__)
    progress = _Progress()

    @blueprint.route("/healthz")
    def healthz() -> Response:
        served, statistics = publication.latest, publication.statistics
        manifest = None if served is None else served.manifest
        return _uncached(
            jsonify(
                status="ok",
                release=publication.current_identifier if manifest is None else manifest.identifier,
                created=(manifest and manifest.created) or None,
                software=manifest and manifest.software,
                triples=manifest and manifest.triples,
                demo=manifest and manifest.demo,
                queries=None if served is None or statistics is None else asdict(statistics),
                validations=asdict(credentials.statistics),
                comparisons=asdict(comparisons.statistics),
            )
        )

    @blueprint.route("/readyz")
    def readyz() -> Response:
        release = processes = False
        try:
            served = publication.current()
        except PasserelleError:
            pass
        else:
            release = True
            statistics = served.backend.statistics
            processes = publication.reachable and (statistics.idle > 0 or progress.lately(statistics))
        stopping: threading.Event | None = current_app.extensions.get(STOPPING)
        parts = {
            "release": release,
            "processes": processes,
            "serving": stopping is None or not stopping.is_set(),
        }
        ready = all(parts.values())
        response = jsonify(status="ready" if ready else "not ready", **parts)
        response.status_code = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return _uncached(response)

    return blueprint


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
