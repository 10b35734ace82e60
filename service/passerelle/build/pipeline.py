"""The build: sources into a staged store, then what holds across records, then a published release."""

from __future__ import annotations

import shutil
import time
from functools import partial
from pathlib import Path
from typing import Any

import passerelle
from passerelle.build.comparability import write_comparability
from passerelle.build.example_queries import example_query_quads
from passerelle.build.inputs import inputs_hash, provenances_of
from passerelle.build.links import add_links, linker_versions
from passerelle.build.memory import peak_bytes
from passerelle.build.observer import Observer, SilentObserver
from passerelle.build.options import BuildOptions
from passerelle.build.publication import FINDINGS, begun, complete
from passerelle.build.reading import add_provenance, read_source, source_entries
from passerelle.build.references import add_stubs, write_crosswalks
from passerelle.build.rejects import FILE_NAME, RejectsFile
from passerelle.build.report import BuildReport
from passerelle.build.reviews import keep_logs, missing_decisions, read_logs
from passerelle.build.sources import Sources, sources_of
from passerelle.build.staged import StagedStore
from passerelle.build.verify import verify
from passerelle.build.versions import versions
from passerelle.build.vocabularies import vocabulary_quads
from passerelle.build.withdrawn import write_withdrawn_of
from passerelle.errors import BuildRefused, ReleaseError, SettingsError
from passerelle.graph.closure import closure_quads
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.release import Releases, Staging
from passerelle.linking.encoder import encoder_of
from passerelle.namespaces import Minting
from passerelle.records.provenance import Provenance
from passerelle.records.tally import Tally
from passerelle.settings import Settings
from passerelle.validation.across import findings_across
from passerelle.validation.batches import BatchValidator, FindingsLog
from passerelle.validation.engine import ReleaseEngine
from passerelle.validation.shapes import Profile


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
        self.encoder = encoder_of(options.encoder) if options.links else None
        self.missing_decisions: dict[str, int] = {}

    def run(self) -> BuildReport:
        started = time.monotonic()
        sources = sources_of(self.options, self.settings)
        if not sources.all:
            raise SettingsError("build-no-source")
        releases = Releases(self.settings.releases)
        with releases.writing():
            provenances = provenances_of(sources, self.options)
            inputs = inputs_hash(self.options, self.settings, provenances)
            current = _folder_of_current(releases)
            with begun(releases, inputs) as new:
                with StagedStore(new.staging.store, self.settings.chunk_quads) as staged:
                    entries, facts = self._fill(staged, new.staging, sources, provenances, current)
                    staged.compact()
                manifest = Manifest(
                    identifier=new.identifier,
                    created=new.created,
                    base=self.settings.base,
                    demo=self.options.demo,
                    software=f"passerelle {passerelle.__version__}",
                    versions={**versions(), **linker_versions(self.encoder, linking=self.options.links)},
                    inputs_sha256=inputs,
                    sources=entries,
                    seconds=round(time.monotonic() - started, 2),
                    **facts,
                )
                complete(new.staging, manifest)
                write_withdrawn_of(new.staging, manifest, releases)
                rejected = sum(sum(entry.rejected.values()) for entry in entries)
                if rejected and self.options.strict:
                    raise self._refused(new.staging, new.identifier, rejected)
                self.observer.stage("publish")
                verify(new.staging)
                release = releases.publish(new.staging)
        return BuildReport(release, release.folder / FILE_NAME, 1 if rejected else 0, self.missing_decisions)

    def _refused(self, staging: Staging, identifier: str, rejected: int) -> BuildRefused:
        """Why nothing is published; the reasons of the rejects are kept."""
        kept = self.settings.releases / f"refused-{identifier}.{FILE_NAME}"
        shutil.copyfile(staging.folder / FILE_NAME, kept)
        return BuildRefused("build-refused", count=rejected, path=kept)

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
        stage, minting = self.observer.stage, self.minting
        stage("vocabularies")
        staged.add(vocabulary_quads(minting))
        staged.add(example_query_quads(minting))
        with RejectsFile(staging.folder) as rejects, FindingsLog(staging.folder / FINDINGS) as findings:
            validator = self._validator(findings)
            sums = [read_source(source, staged, minting, validator, rejects, self.observer) for source in sources.graph]
            add_provenance(staged, minting, provenances)
            stage("references")
            missing = add_stubs(staged, minting)
            retired = write_crosswalks(staged, sources, minting, staging.folder)
            stage("closures")
            staged.add(closure_quads(staged.store, minting.graph("vocabularies")))
            staged.flush()
            stage("links")
            decisions, review_sums = read_logs(sources.reviews, rejects)
            keep_logs(sources.reviews, staging.folder)
            self.missing_decisions = missing_decisions(current, decisions) if current else {}
            tally = Tally(rejects.recorder("links"))
            encoding = partial(self.observer.source_progress, "encoder")
            ranked = (staging.folder, current, self.encoder, encoding) if self.options.links else None
            links = add_links(staged, minting, decisions, tally, ranked, validator)
            stage("comparability")
            comparability = write_comparability(
                staged, staging.folder, minting, self.settings.comparability_triples, validator
            )
            stage("rules")
            validation: dict[str, Any] = {}
            if validator:
                findings.add(findings_across(staged.store))
                validation = validator.finish().as_json()
        sums += review_sums
        entries = source_entries(sources, provenances, sums, missing, minting)
        for entry in entries:
            self.observer.source_finished(entry)
        sizes = staged.graph_sizes()
        facts: dict[str, Any] = {
            "triples": sum(sizes.values()),
            "graphs": dict(sorted(sizes.items())),
            **links,
            "comparability": comparability,
            "validation": validation,
            "retired": retired,
            "peak_bytes": max(peak_bytes(), *(each["peak_bytes"] for each in sums)),
        }
        return entries, facts

    def _validator(self, findings: FindingsLog) -> BatchValidator | None:
        if not self.options.shacl:
            return None
        engine = ReleaseEngine(Profile.of_release())
        return BatchValidator(engine, findings, batch_records=self.settings.shacl_batch)
