"""Publishes a release with what was appended to a review log, and tells the person who reviewed how that went."""

from __future__ import annotations

import time
from pathlib import Path

from passerelle.build.derive import derive
from passerelle.cli.console import errors, language, output, say, shown
from passerelle.errors import BuildInProgress, PasserelleError
from passerelle.graph.release import Release
from passerelle.settings import Settings

_PATIENCE = 60.0
"""Seconds for which a derived release waits for another one to be published; a whole build takes longer."""
_PAUSE = 0.25


def published(log: Path, settings: Settings, before: Release) -> bool:
    """Publish a release with the log, waiting for one that is being published; whether there is one now."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            report = derive(log, settings)
        except BuildInProgress as error:
            if time.monotonic() < until:
                time.sleep(_PAUSE)
                continue
            return _not_derived(log, error)
        except PasserelleError as error:
            return _not_derived(log, error)
        if report.release.identifier == before.identifier:
            output.print(say("cli-release-same-logs", identifier=before.identifier))
            return True
        manifest = report.release.manifest
        seconds, changed = f"{manifest.seconds:.1f}", shown(manifest.links_changed)
        output.print(say("cli-review-derived", identifier=manifest.identifier, changed=changed, seconds=seconds))
        return True


def _not_derived(log: Path, error: PasserelleError) -> bool:
    errors.print(say("cli-review-not-derived", path=log, reason=error.what(language())))
    if remedy := error.remedy(language()):
        errors.print(remedy)
    return False
