"""What a build is made from, as one hash: whether the current release is what the same inputs would give again."""

from __future__ import annotations

import hashlib
import json

from passerelle.build.demo import provenance_of
from passerelle.build.options import BuildOptions
from passerelle.build.sources import Sources, sources_of
from passerelle.build.versions import versions
from passerelle.graph.release import Release, Releases
from passerelle.linking.encoder import encoder_version
from passerelle.records.provenance import Provenance
from passerelle.settings import Settings


def unchanged(options: BuildOptions, settings: Settings) -> Release | None:
    """The current release, if it was built from the same inputs by the same software; otherwise None."""
    releases = Releases(settings.releases)
    if releases.current_identifier() is None:
        return None
    release = releases.current()
    provenances = provenances_of(sources_of(options, settings), options)
    return release if release.manifest.inputs_sha256 == inputs_hash(options, settings, provenances) else None


def provenances_of(sources: Sources, options: BuildOptions) -> dict[str, Provenance]:
    """Where each source comes from, by its slug."""
    return {source.slug: provenance_of(source, demo=options.demo) for source in sources.all}


def inputs_hash(options: BuildOptions, settings: Settings, provenances: dict[str, Provenance]) -> str:
    """SHA-256 over all that decides what is built: files, switches, and versions, the encoder's too."""
    files = {slug: sorted(file.sha256 for file in each.files) for slug, each in provenances.items()}
    encoder = [options.encoder, encoder_version(options.encoder)] if options.links else []
    switches = [options.demo, options.publish_partners, options.links, encoder]
    facts = json.dumps([settings.base, switches, versions(), files], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()
