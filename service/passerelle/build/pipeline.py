"""The build: sources into a staged store, then what holds across records, then a published release."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import passerelle
from passerelle.build.links import LinkSums, write_all_links
from passerelle.build.memory import peak_bytes, reset_peak
from passerelle.build.observer import Observer, SilentObserver
from passerelle.build.options import BuildOptions
from passerelle.build.rejects import FILE_NAME, RejectsFile
from passerelle.build.sources import Sources, sources_of
from passerelle.build.staged import StagedStore, stub_quads, unresolved
from passerelle.build.versions import versions
from passerelle.build.vocabularies import vocabulary_quads
from passerelle.errors import BuildRefused, SettingsError
from passerelle.graph.closure import closure_quads
from passerelle.graph.embedded import open_store
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.release import Release, Releases, Staging
from passerelle.graph.statements.dispatch import write_record
from passerelle.graph.statements.provenance import write_provenance
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting
from passerelle.records.provenance import Provenance
from passerelle.records.tally import Tally
from passerelle.settings import Settings
from passerelle.sources.source import Source
from passerelle.validation.across import across_findings
from passerelle.validation.batches import BatchValidator
from passerelle.validation.engine import TurboEngine


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `exit_code` is 0 (all accepted) or 1 (built with rejects)."""

    release: Release
    rejects: Path
    exit_code: int


def build(options: BuildOptions, settings: Settings, observer: Observer | None = None) -> BuildReport:
    """Build and publish a release.

    Raises SettingsError without sources, InputError for an unusable file, BuildInProgress, BuildRefused under
    `--strict`; in each case the current release answers as before.
    """
    return _Build(options, settings, observer or SilentObserver()).run()


class _Build:
    def __init__(self, options: BuildOptions, settings: Settings, observer: Observer) -> None:
        self.options = options
        self.settings = settings
        self.observer = observer
        self.minting = Minting(settings.base)
        self.started = time.monotonic()
        self.peak = 0

    def run(self) -> BuildReport:
        sources = sources_of(self.options, self.settings)
        if not sources.all:
            raise SettingsError("build-no-source")
        releases = Releases(self.settings.releases)
        with releases.writing():
            provenances = {source.slug: source.provenance() for source in sources.all}
            inputs = self._inputs_hash(provenances)
            created = datetime.now(UTC)
            identifier = releases.free_identifier(f"{created:%Y%m%dT%H%M%SZ}-{inputs[:8]}")
            staging = releases.stage(identifier)
            try:
                manifest = self._fill(staging, sources, provenances, identifier, inputs, created)
                rejected = sum(sum(entry.rejected.values()) for entry in manifest.sources)
                if rejected and self.options.strict:
                    kept = self.settings.releases / f"refused-{identifier}.{FILE_NAME}"
                    shutil.copyfile(staging.folder / FILE_NAME, kept)
                    raise BuildRefused("build-refused", count=rejected, path=kept)
                self.observer.stage("publish")
                verify(staging)
                release = releases.publish(staging)
            except BaseException:
                shutil.rmtree(staging.folder, ignore_errors=True)
                raise
        return BuildReport(release, release.folder / FILE_NAME, 1 if rejected else 0)

    def _inputs_hash(self, provenances: dict[str, Provenance]) -> str:
        files = {slug: sorted(f.sha256 for f in provenance.files) for slug, provenance in provenances.items()}
        switches = [self.options.publish_partners, self.options.links]
        facts = json.dumps([self.settings.base, switches, versions(), files], sort_keys=True)
        return hashlib.sha256(facts.encode()).hexdigest()

    def _fill(
        self,
        staging: Staging,
        sources: Sources,
        provenances: dict[str, Provenance],
        identifier: str,
        inputs: str,
        created: datetime,
    ) -> Manifest:
        staged = StagedStore(staging.store, self.settings.chunk_quads)
        self.observer.stage("vocabularies")
        staged.add(vocabulary_quads(self.minting))
        validator = BatchValidator(
            TurboEngine() if self.options.shacl else None, self.settings.shacl_batch, staging.folder
        )
        with RejectsFile(staging.folder) as rejects:
            read = [self._read(source, staged, validator, rejects) for source in sources.graph]
            staged.flush()
            self._provenance(staged, provenances)
            self.observer.stage("references")
            missing = Counter(self._stubs(staged))
            self.observer.stage("closures")
            staged.add(closure_quads(staged.store, self.minting.graph("vocabularies")))
            staged.flush()
            links, reviews = self._links(staged, sources, rejects)
        self.observer.stage("rules")
        validator.finish(across_findings(staged.store))
        self.peak = max(self.peak, peak_bytes())
        entries = tuple(
            SourceEntry.of(
                source.slug,
                source.kind,
                provenances[source.slug],
                unresolved=missing[self.minting.graph(source.slug)],
                **sums,
            )
            for source, sums in (*zip(sources.graph, read, strict=True), *reviews)
        )
        for entry in entries:
            self.observer.source_finished(entry)
        sizes = staged.graph_sizes()
        manifest = Manifest(
            identifier=identifier,
            created=created.isoformat(timespec="seconds"),
            base=self.settings.base,
            demo=self.options.demo,
            software=f"passerelle {passerelle.__version__}",
            versions=versions(),
            inputs_sha256=inputs,
            sources=entries,
            triples=sum(sizes.values()),
            graphs=dict(sorted(sizes.items())),
            links=links.states,
            validation=validator.summary(),
            seconds=round(time.monotonic() - self.started, 2),
            peak_bytes=self.peak,
        )
        manifest.write(staging.folder)
        return manifest

    def _read(
        self, source: Source, staged: StagedStore, validator: BatchValidator, rejects: RejectsFile
    ) -> dict[str, Any]:
        """Read one source into its graph; returns its sums."""
        self.observer.source_started(source.slug)
        reset_peak()
        started = time.monotonic()
        tally = Tally(
            rejects.recorder(source.slug),
            lambda done, total: self.observer.source_progress(source.slug, done, total),
        )
        writer = GraphWriter(self.minting.graph(source.slug), self.minting)
        quads = 0
        for record in source.read(tally):
            write_record(writer, record)
            drained = writer.drain()
            quads += len(drained)
            validator.add(drained)
            staged.add(drained)
        staged.flush()
        return self._sums(tally, quads, started)

    def _sums(self, tally: Tally, quads: int, started: float) -> dict[str, Any]:
        peak = peak_bytes()
        self.peak = max(self.peak, peak)
        return {
            "read": dict(tally.read),
            "accepted": dict(tally.accepted),
            "rejected": dict(tally.rejected),
            "notices": dict(tally.notices),
            "quads": quads,
            "seconds": round(time.monotonic() - started, 3),
            "peak_bytes": peak,
        }

    def _provenance(self, staged: StagedStore, provenances: dict[str, Provenance]) -> None:
        writer = GraphWriter(self.minting.graph("provenance"), self.minting)
        for slug, provenance in sorted(provenances.items()):
            write_provenance(writer, slug, provenance)
        staged.add(writer.drain())
        staged.flush()

    def _stubs(self, staged: StagedStore) -> list[str]:
        """Write the stubs; returns the graph of each unresolved reference."""
        pairs = list(unresolved(staged.store))
        staged.add(stub_quads((thing for _, thing in pairs), self.minting))
        staged.flush()
        return [graph for graph, _ in pairs]

    def _links(
        self, staged: StagedStore, sources: Sources, rejects: RejectsFile
    ) -> tuple[LinkSums, list[tuple[Source, dict[str, Any]]]]:
        raise NotImplementedError


def verify(staging: Staging) -> None:
    """Open the staged store as readers will, and ask it one thing. Raises DamagedRelease."""
    store = open_store(staging.store)
    next(iter(store), None)
