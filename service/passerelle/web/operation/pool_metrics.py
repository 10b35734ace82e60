"""Metrics of the process pools and of the release, as they are at the moment of asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
    SummaryMetricFamily,
)

from passerelle.graph.manifest import Manifest
from passerelle.graph.processes.process_pool import PoolStatistics

_NOW = {
    "running": "Processes that work on something",
    "waiting": "Requests that wait for a process",
    "idle": "Processes that are ready",
}
_DONE = {
    "answered": "Whole answers",
    "failed": "Answers that were none, or not whole",
    "replaced": "Processes that ended and were replaced",
}
_REASONS = ("timeouts", "out_of_memory", "streams_cut", "too_complex", "lost", "abandoned", "slow")


def pool_metrics(pools: Mapping[str, PoolStatistics]) -> Iterator[Metric]:
    """For each pool by its name: what it does now and has done, and why processes were killed."""
    for name, documentation in _NOW.items():
        gauge = GaugeMetricFamily(f"passerelle_pool_{name}", documentation, labels=("pool",))
        for pool, statistics in pools.items():
            gauge.add_metric((pool,), getattr(statistics, name))
        yield gauge
    for name, documentation in _DONE.items():
        counter = CounterMetricFamily(f"passerelle_pool_{name}", documentation, labels=("pool",))
        for pool, statistics in pools.items():
            counter.add_metric((pool,), getattr(statistics, name))
        yield counter
    kills = CounterMetricFamily("passerelle_pool_kills", "Processes replaced, by reason", labels=("pool", "reason"))
    for pool, statistics in pools.items():
        for reason in _REASONS:
            kills.add_metric((pool, reason), getattr(statistics, reason))
    yield kills
    waits = SummaryMetricFamily("passerelle_pool_wait_seconds", "Waiting for a process", labels=("pool",))
    for pool, statistics in pools.items():
        waits.add_metric((pool,), statistics.waited, statistics.waited_milliseconds / 1000)
    yield waits


def release_metrics(manifest: Manifest) -> Iterator[Metric]:
    """Which release is served, and how old it is."""
    yield InfoMetricFamily(
        "passerelle_release", "The release that is served",
        value={"identifier": manifest.identifier, "software": manifest.software},
    )  # fmt: skip
    yield GaugeMetricFamily("passerelle_release_triples", "Triples of the release", value=manifest.triples)
    created = _moment(manifest.created)
    if created is not None:
        age = (datetime.now(UTC) - created).total_seconds()
        yield GaugeMetricFamily("passerelle_release_age_seconds", "Since the release was built", value=age)


def _moment(text: str) -> datetime | None:
    """A time of a manifest (ISO 8601, UTC); None for what a remote store does not say."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
