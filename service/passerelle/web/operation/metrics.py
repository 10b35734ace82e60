"""`/metrics` in the format of Prometheus: queries by outcome, latency, kills, queue, age of the release.

No label holds anything that a client chose: routes are patterns, methods and outcomes are words of ours.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric

import passerelle
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.credentials.credential_checks import CredentialChecks
from passerelle.web.operation.pool_metrics import pool_metrics, release_metrics
from passerelle.web.releases.publication import Publication

# a second series for each counter, which nobody asks for
disable_created_metrics()  # type: ignore[no-untyped-call]

# from a cached answer to the time limit of a long stream
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60, 120)


@dataclass(frozen=True, slots=True)
class Request:
    """A request that has ended; `seconds` in all and `first_seconds` to the first byte of the body."""

    method: str
    route: str
    status: int
    outcome: str
    seconds: float
    first_seconds: float
    is_query: bool


class Metrics:
    """What is counted while the service runs. Thread-safe; a registry for each application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "passerelle_requests", "Requests", ("method", "route", "status", "outcome"), registry=self.registry
        )
        self._queries = Counter(
            "passerelle_queries", "Queries, cached answers with them", ("outcome",), registry=self.registry
        )
        self._throttled = Counter("passerelle_throttled_requests", "Answered 429", registry=self.registry)
        self._hits = Counter("passerelle_cache_hits", "Answered from the cache of answers", registry=self.registry)
        self._unreadable = Counter(
            "passerelle_unreadable_requests", "What came that is no request", ("status",), registry=self.registry
        )
        self._first = Histogram(
            "passerelle_first_byte_seconds", "Until the first byte of the body", ("route",), buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._all = Histogram(
            "passerelle_request_seconds", "Until the end of the body", ("route",), buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        # to find a series by its labels takes as long as to count in all of them; there are few, as no client names one
        self._series = lru_cache(maxsize=1024)(self._find)

    def _find(self, method: str, route: str, status: str, outcome: str) -> tuple[Counter, Histogram, Histogram]:
        requests = self._requests.labels(method, route, status, outcome)
        return requests, self._first.labels(route), self._all.labels(route)

    def count(self, request: Request) -> None:
        """Count a request that has ended."""
        kind = f"{request.status // 100}xx"
        requests, first, whole = self._series(request.method, request.route, kind, request.outcome)
        requests.inc()
        if request.is_query:
            self._queries.labels(request.outcome).inc()
        if request.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._throttled.inc()
        if request.outcome == "cached":
            self._hits.inc()
        first.observe(request.first_seconds)
        whole.observe(request.seconds)

    def unreadable(self, status: HTTPStatus) -> None:
        """Count what could not be read as a request."""
        self._unreadable.labels(str(status.value)).inc()


class _State:
    """A collector of what is the case when it is asked."""

    def __init__(self, publication: Publication, credentials: CredentialChecks, comparisons: ComparisonAnswers) -> None:
        self._publication = publication
        self._credentials = credentials
        self._comparisons = comparisons

    def collect(self) -> Iterator[Metric]:
        served, statistics = self._publication.latest, self._publication.statistics
        pools = {"validation": self._credentials.statistics, "comparison": self._comparisons.statistics}
        if statistics is not None:
            pools["query"] = statistics
        if served is not None:
            yield from release_metrics(served.manifest)
        yield from pool_metrics(pools)
        build = Metric("passerelle_build", "The software", "info")
        build.add_sample(
            "passerelle_build_info",
            {"version": passerelle.__version__, "python": platform.python_version()},
            1,
        )
        yield build


def metrics_page(
    metrics: Metrics, publication: Publication, credentials: CredentialChecks, comparisons: ComparisonAnswers
) -> Blueprint:
    """The blueprint of the page."""
    blueprint = Blueprint("metrics", __name__)
    metrics.registry.register(_State(publication, credentials, comparisons))

    @blueprint.route("/metrics")
    def page() -> Response:
        response = Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint
