"""Reads sources into a staged store, each into its own graph, and validates what the shapes describe."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from passerelle.build.memory import reset_peak
from passerelle.build.observer import Observer
from passerelle.build.rejects import RejectsFile
from passerelle.build.reviews import sums_of
from passerelle.build.sources import Sources
from passerelle.build.staged import StagedStore
from passerelle.graph.manifest import SourceEntry
from passerelle.graph.statements.dispatch import write_record
from passerelle.graph.statements.provenance import write_provenance
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting
from passerelle.records.provenance import Provenance
from passerelle.records.tally import Tally
from passerelle.sources.source import Source
from passerelle.validation.batches import BatchValidator

Sums = dict[str, Any]

SHAPED = frozenset({"rncp", "rs", "france-competences-csv", "units"})
"""Kinds of sources whose records the shapes describe; classifications are checked by rules across records."""
SHAPED_WHOLE = frozenset({"qualifications"})
"""Kinds whose files must be seen whole: what is stated of a unit stands anywhere in the file."""


def read_source(
    source: Source,
    staged: StagedStore,
    minting: Minting,
    validator: BatchValidator | None,
    rejects: RejectsFile,
    observer: Observer,
) -> Sums:
    """Read one source into its graph; returns its sums, as `SourceEntry` takes them."""
    observer.source_started(source.slug)
    reset_peak()
    started = time.monotonic()
    tally = Tally(
        rejects.recorder(source.slug),
        lambda done, total: observer.source_progress(source.slug, done, total),
    )
    writer = GraphWriter(minting.graph(source.slug), minting)
    quads = 0
    whole: list[ox.Quad] = []
    for record in source.read(tally):
        write_record(writer, record)
        drained = writer.drain()
        quads += len(drained)
        if validator and source.kind in SHAPED:
            validator.add(drained)
        elif validator and source.kind in SHAPED_WHOLE:
            whole += drained
        staged.add(drained)
    if validator and whole:
        validator.add(whole, tally.accepted["unit"])
    if validator:
        # two sources may describe the same fiche, each in its own words: what one states is not the other's fault
        validator.flush()
    staged.flush()
    return sums_of(tally, quads, started)


def add_provenance(staged: StagedStore, minting: Minting, provenances: Mapping[str, Provenance]) -> None:
    """Say in the provenance graph where each source comes from, by its slug."""
    writer = GraphWriter(minting.graph("provenance"), minting)
    for slug, provenance in sorted(provenances.items()):
        write_provenance(writer, slug, provenance)
    staged.add(writer.drain())
    staged.flush()


def source_entries(
    sources: Sources,
    provenances: Mapping[str, Provenance],
    sums: Sequence[Sums],
    missing: Counter[str],
    minting: Minting,
) -> tuple[SourceEntry, ...]:
    """The manifest's entries: `sums` in the order of `sources.all`, `missing` how much each graph left unresolved."""
    return tuple(
        SourceEntry.of(
            source.slug,
            source.kind,
            provenances[source.slug],
            unresolved=missing[minting.graph(source.slug)],
            **each,
        )
        for source, each in zip(sources.all, sums, strict=True)
    )
