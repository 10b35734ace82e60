"""A derived release: the current one with one more review log, in seconds instead of a whole build."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from passerelle.build.comparability import derive_comparability
from passerelle.build.demo import provenance_of
from passerelle.build.links import Changed, kept_linker, link_states
from passerelle.build.memory import peak_bytes
from passerelle.build.publication import FINDINGS, begun, complete
from passerelle.build.rejects import FILE_NAME, RejectsFile
from passerelle.build.report import BuildReport
from passerelle.build.reviews import keep_logs, kept_logs, read_logs
from passerelle.build.staged import StagedStore
from passerelle.build.verify import verify
from passerelle.graph.comparability import GRAPH
from passerelle.graph.links import LinkGraph
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.release import Release, Releases, Staging
from passerelle.graph.statements.provenance import write_provenance
from passerelle.graph.statements.writer import GraphWriter
from passerelle.graph.withdrawn import FILE_NAME as WITHDRAWN
from passerelle.linking.links import relink
from passerelle.linking.review_log import ReviewLog
from passerelle.namespaces import Minting
from passerelle.records.provenance import Provenance
from passerelle.records.tally import Tally
from passerelle.settings import Settings


def derive(reviews: Path, settings: Settings, patience: float = 0.0) -> BuildReport:
    """Publish the current release with the decisions of `reviews` added to those it was built with.

    A log of the same file name takes the place of its earlier state (logs only grow). The store is copied by hard
    links; only the links that the logs name are read and written.

    When these logs are the very ones that it was built with, the current release itself is returned. `patience` is for
    how many seconds to wait for another release that is being published.

    Raises NoCurrentRelease, InputError for an unreadable log, BuildInProgress, BuildRefused when the current release
    was made by another version of the linker (its links would not be those of a whole build).
    """
    started = time.monotonic()
    releases = Releases(settings.releases)
    with releases.writing(patience):
        parent = releases.current()
        manifest = parent.manifest
        logs = [log for log in kept_logs(parent.folder) if log.slug != ReviewLog(reviews).slug] + [ReviewLog(reviews)]
        provenances = {log.slug: provenance_of(log, demo=manifest.demo) for log in logs}
        if unchanged(manifest, provenances):
            return BuildReport(parent, parent.folder / FILE_NAME, 0)
        hashes = "".join(sorted(file.sha256 for each in provenances.values() for file in each.files))
        inputs = hashlib.sha256(f"{manifest.inputs_sha256}\n{hashes}".encode()).hexdigest()
        with begun(releases, inputs) as new:
            parent.copy_store(new.staging.store)
            with StagedStore(new.staging.store, settings.chunk_quads) as staged:
                entries, facts, outcomes = _rewrite(staged, new.staging, parent, logs, provenances, settings)
            for name in (FINDINGS, WITHDRAWN):
                if (parent.folder / name).is_file():
                    shutil.copyfile(parent.folder / name, new.staging.folder / name)
            derived = replace(
                manifest,
                identifier=new.identifier,
                created=new.created,
                inputs_sha256=inputs,
                sources=entries,
                seconds=round(time.monotonic() - started, 2),
                peak_bytes=peak_bytes(),
                derived_from=parent.identifier,
                **facts,
            )
            complete(new.staging, derived, Changed(parent.folder, outcomes))
            verify(new.staging)
            release = releases.publish(new.staging)
    rejected = sum(sum(entry.rejected.values()) for entry in entries if entry.kind == ReviewLog.kind)
    return BuildReport(release, release.folder / FILE_NAME, 1 if rejected else 0)


def _rewrite(
    staged: StagedStore,
    staging: Staging,
    parent: Release,
    logs: list[ReviewLog],
    provenances: Mapping[str, Provenance],
    settings: Settings,
) -> tuple[tuple[SourceEntry, ...], dict[str, Any], frozenset[str]]:
    """Bring a copy of the parent's store in line with the logs.

    Returns the entries of the sources, the facts of the manifest about the store, and the outcomes whose links changed;
    nothing of it holds on to the store.
    """
    manifest = parent.manifest
    minting = Minting(manifest.base)
    with RejectsFile(staging.folder) as rejects:
        decisions, sums = read_logs(logs, rejects)
        linker = kept_linker(staged.store, parent.folder, staging.folder, manifest.versions["linker"])
        tally = Tally(rejects.recorder("links"))
        changed = relink(LinkGraph(staged.store, minting), linker, decisions, tally)
        linker.close()
    _forget(staged, minting, [log.slug for log in logs])
    writer = GraphWriter(minting.graph("provenance"), minting)
    for slug, provenance in provenances.items():
        write_provenance(writer, slug, provenance)
    staged.add(writer.drain())
    staged.flush()
    keep_logs(logs, staging.folder)
    entries = [entry for entry in manifest.sources if entry.kind != ReviewLog.kind]
    entries += [
        SourceEntry.of(log.slug, log.kind, provenances[log.slug], unresolved=0, **each)
        for log, each in zip(logs, sums, strict=True)
    ]
    comparability = derive_comparability(staged, staging.folder, parent, settings.comparability_triples)
    written = {minting.graph(name) for name in ("links", "provenance", GRAPH)}
    kept = {graph: size for graph, size in manifest.graphs.items() if graph not in written}
    sizes = kept | staged.graph_sizes(written)
    facts: dict[str, Any] = {
        "triples": sum(sizes.values()),
        "graphs": dict(sorted(sizes.items())),
        "links": link_states(staged, minting),
        "links_changed": len(changed),
        "comparability": comparability,
    }
    return tuple(entries), facts, frozenset(outcome for outcome, _ in changed)


def unchanged(manifest: Manifest, provenances: Mapping[str, Provenance]) -> bool:
    """Whether a release was built with exactly these logs."""
    built = {entry.slug: {file.sha256 for file in entry.files} for entry in manifest.sources}
    return all(built.get(slug) == {file.sha256 for file in each.files} for slug, each in provenances.items())


def _forget(staged: StagedStore, minting: Minting, slugs: list[str]) -> None:
    """Remove what the provenance graph says of an earlier state of these logs."""
    starts = tuple(minting.identifier("source", slug) for slug in slugs)
    graph = ox.NamedNode(minting.graph("provenance"))
    old = [
        quad
        for quad in staged.store.quads_for_pattern(None, None, None, graph)
        if isinstance(quad.subject, ox.NamedNode)
        and any(quad.subject.value == start or quad.subject.value.startswith(start + "/") for start in starts)
    ]
    for quad in old:
        staged.store.remove(quad)
