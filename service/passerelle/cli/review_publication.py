"""Publishes a release with what was appended to a review log, and tells the person who reviewed how that went."""

from __future__ import annotations

from pathlib import Path

from passerelle.build.derive import derive
from passerelle.cli.console import errors, language, output, say, shown
from passerelle.errors import PasserelleError
from passerelle.graph.release import Release
from passerelle.settings import Settings

_PATIENCE = 60.0
"""Seconds for which a derived release waits for another one to be published; a whole build takes longer."""


def published(log: Path, settings: Settings, before: Release) -> bool:
    """Publish a release with the log, waiting for one that is being published; whether there is one now."""
    try:
        release = derive(log, settings, _PATIENCE).release
    except PasserelleError as error:
        errors.print(say("cli-review-not-derived", path=log, reason=error.what(language())))
        if remedy := error.remedy(language()):
            errors.print(remedy)
        return False
    manifest = release.manifest
    if release.identifier == before.identifier:
        output.print(say("cli-release-same-logs", identifier=before.identifier))
    else:
        seconds, changed = f"{manifest.seconds:.1f}", shown(manifest.links_changed)
        output.print(say("cli-review-derived", identifier=manifest.identifier, changed=changed, seconds=seconds))
    return True
