"""The build: sources into a staged store, then what holds across records, then a published release."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import passerelle
from passerelle.build.comparability import write_comparability
from passerelle.build.example_queries import example_query_quads
from passerelle.build.inputs import inputs_hash, provenances_of
from passerelle.build.links import (
    NoCandidates,
    linker_version,
    linking_facts,
    ranking_linker,
    write_all_links,
    write_link_sets,
)
from passerelle.build.memory import peak_bytes, reset_peak
from passerelle.build.observer import Observer, SilentObserver
from passerelle.build.options import BuildOptions
from passerelle.build.rejects import FILE_NAME, RejectsFile
from passerelle.build.report import BuildReport
from passerelle.build.reviews import keep_logs, read_logs, sums_of
from passerelle.build.sources import Sources, sources_of
from passerelle.build.staged import StagedStore, stub_quads, unresolved
from passerelle.build.verify import verify
from passerelle.build.versions import versions
from passerelle.build.vocabularies import vocabulary_quads
from passerelle.build.withdrawn import write_withdrawn_of
from passerelle.errors import BuildRefused, ReleaseError, SettingsError
from passerelle.graph.closure import closure_quads
from passerelle.graph.crosswalks import retired_targets
from passerelle.graph.descriptions import write_descriptions
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.release import Releases, Staging
from passerelle.graph.statements.dispatch import write_record
from passerelle.graph.statements.provenance import write_provenance
from passerelle.graph.statements.writer import GraphWriter
from passerelle.linking.encoder import encoder_of
from passerelle.namespaces import Minting
from passerelle.records.provenance import Provenance
from passerelle.records.tally import Tally
from passerelle.settings import Settings
from passerelle.sources.rome_esco import RomeEscoCrosswalk
from passerelle.sources.source import Source
from passerelle.validation.across import findings_across
from passerelle.validation.batches import BatchValidator, FindingsLog
from passerelle.validation.engine import ReleaseEngine
from passerelle.validation.shapes import Profile

Sums = dict[str, Any]

FINDINGS = "validation.jsonl"
SHAPED = frozenset({"rncp", "rs", "france-competences-csv", "units"})
"""Kinds of sources whose records the shapes describe; classifications are checked by rules across records."""
SHAPED_WHOLE = frozenset({"qualifications"})
"""Kinds whose files must be seen whole: what is stated of a unit stands anywhere in the file."""


def build(options: BuildOptions, settings: Settings, observer: Observer | None = None) -> BuildReport:
    """Build and publish a release.

    Raises SettingsError without sources, InputError for an unusable file, BuildInProgress, BuildRefused under
    `--strict`; in each case the current release answers as before.
    """
    return _Build(options, settings, observer or SilentObserver()).run()


def _folder_of_current(releases: Releases) -> Path | None:
    """Where what was ranked before is kept; None without a current release, or with one that cannot be read."""
    try:
        return releases.current().folder
    except ReleaseError:
        return None


class _Build:
    def __init__(self, options: BuildOptions, settings: Settings, observer: Observer) -> None:
        self.options = options
        self.settings = settings
        self.observer = observer
        self.minting = Minting(settings.base)
        self.peaks: list[int] = []
        self.encoder = encoder_of(options.encoder) if options.links else None

    def run(self) -> BuildReport:
        started = time.monotonic()
        sources = sources_of(self.options, self.settings)
        if not sources.all:
            raise SettingsError("build-no-source")
        releases = Releases(self.settings.releases)
        with releases.writing():
            provenances = provenances_of(sources, self.options)
            inputs = inputs_hash(self.options, self.settings, provenances)
            created = datetime.now(UTC)
            identifier = releases.free_identifier(f"{created:%Y%m%dT%H%M%SZ}-{inputs[:8]}")
            staging = releases.stage(identifier)
            try:
                current = _folder_of_current(releases)
                with StagedStore(staging.store, self.settings.chunk_quads) as staged:
                    entries, facts = self._fill(staged, staging, sources, provenances, current)
                manifest = Manifest(
                    identifier=identifier,
                    created=created.isoformat(timespec="seconds"),
                    base=self.settings.base,
                    demo=self.options.demo,
                    software=f"passerelle {passerelle.__version__}",
                    versions={**versions(), **self._linker_versions()},
                    inputs_sha256=inputs,
                    sources=entries,
                    seconds=round(time.monotonic() - started, 2),
                    peak_bytes=max(self.peaks),
                    **facts,
                )
                manifest.write(staging.folder)
                finished = ox.Store.read_only(str(staging.store))
                write_link_sets(finished, manifest, staging.folder)
                write_descriptions(staging.folder, manifest, finished)
                del finished
                write_withdrawn_of(staging, manifest, releases)
                rejected = sum(sum(entry.rejected.values()) for entry in entries)
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

    def _fill(
        self,
        staged: StagedStore,
        staging: Staging,
        sources: Sources,
        provenances: dict[str, Provenance],
        current: Path | None,
    ) -> tuple[tuple[SourceEntry, ...], dict[str, Any]]:
        """Fill the staged store; returns the entries of the sources, and the facts of the manifest about the store.

        Nothing that is returned or kept holds on to the store.
        """
        self.observer.stage("vocabularies")
        staged.add(vocabulary_quads(self.minting))
        staged.add(example_query_quads(self.minting))
        with RejectsFile(staging.folder) as rejects, FindingsLog(staging.folder / FINDINGS) as findings:
            validator = None
            if self.options.shacl:
                engine = ReleaseEngine(Profile.of_release())
                validator = BatchValidator(engine, findings, batch_records=self.settings.shacl_batch)
            sums = [self._read(source, staged, validator, rejects) for source in sources.graph]
            self._provenance(staged, provenances)
            self.observer.stage("references")
            missing = self._stubs(staged)
            retired = self._crosswalks(staged, sources, staging)
            self.observer.stage("closures")
            staged.add(closure_quads(staged.store, self.minting.graph("vocabularies")))
            staged.flush()
            self.observer.stage("links")
            decisions, review_sums = read_logs(sources.reviews, rejects)
            keep_logs(sources.reviews, staging.folder)
            tally = Tally(rejects.recorder("links"))
            linker = (
                ranking_linker(staged.store, staging.folder, current, self.encoder)
                if self.options.links
                else NoCandidates()
            )
            states = write_all_links(staged, self.minting, decisions, tally, linker, validator)
            linker.close()
            self.observer.stage("comparability")
            comparability = write_comparability(
                staged, staging.folder, self.minting, self.settings.comparability_triples, validator
            )
            self.observer.stage("rules")
            validation: dict[str, Any] = {}
            if validator:
                findings.add(findings_across(staged.store))
                validation = validator.finish().as_json()
        self.peaks.append(peak_bytes())
        entries = self._entries(sources, provenances, [*sums, *review_sums], missing)
        sizes = staged.graph_sizes()
        facts: dict[str, Any] = {
            "triples": sum(sizes.values()),
            "graphs": dict(sorted(sizes.items())),
            "links": states,
            "linking": linking_facts(linker.counts),
            "comparability": comparability,
            "validation": validation,
            "retired": retired,
        }
        return entries, facts

    def _crosswalks(self, staged: StagedStore, sources: Sources, staging: Staging) -> list[str]:
        """Write each crosswalk as SSSOM beside the store; returns the targets that the loaded ESCO no longer has."""
        retired: list[str] = []
        for source in sources.graph:
            if isinstance(source, RomeEscoCrosswalk):
                source.write_sssom(staging.folder / f"{source.slug}.sssom.tsv", self.minting)
                found = retired_targets(staged.store, self.minting.graph(source.slug))
                retired += [target.iri for target in found]
        return sorted(retired)

    def _linker_versions(self) -> dict[str, str]:
        encoder = f"{self.encoder.name} {self.encoder.version}" if self.encoder else "none"
        return {
            "linker": linker_version(self.encoder) if self.options.links else NoCandidates.version,
            "encoder": encoder,
        }

    def _entries(
        self, sources: Sources, provenances: dict[str, Provenance], sums: Sequence[Sums], missing: Counter[str]
    ) -> tuple[SourceEntry, ...]:
        entries = tuple(
            SourceEntry.of(
                source.slug,
                source.kind,
                provenances[source.slug],
                unresolved=missing[self.minting.graph(source.slug)],
                **each,
            )
            for source, each in zip(sources.all, sums, strict=True)
        )
        for entry in entries:
            self.observer.source_finished(entry)
        return entries

    def _read(
        self, source: Source, staged: StagedStore, validator: BatchValidator | None, rejects: RejectsFile
    ) -> Sums:
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
        sums = sums_of(tally, quads, started)
        self.peaks.append(sums["peak_bytes"])
        return sums

    def _provenance(self, staged: StagedStore, provenances: dict[str, Provenance]) -> None:
        writer = GraphWriter(self.minting.graph("provenance"), self.minting)
        for slug, provenance in sorted(provenances.items()):
            write_provenance(writer, slug, provenance)
        staged.add(writer.drain())
        staged.flush()

    def _stubs(self, staged: StagedStore) -> Counter[str]:
        """Write the stubs; returns how many things each graph refers to that nothing describes."""
        pairs = list(unresolved(staged.store, self.minting))
        staged.add(stub_quads((thing for _, thing in pairs), self.minting))
        staged.flush()
        return Counter(graph for graph, _ in pairs)
