"""`passerelle releases`: list, show, activate, remove, derive."""

from __future__ import annotations

from pathlib import Path

import click

from passerelle.cli.build_report import show_rejects, show_sources, show_validation
from passerelle.cli.console import help_of, output, reporting, say, show_table, shown
from passerelle.graph.release import Releases
from passerelle.settings import Settings

_releases_option = click.option(
    "--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases")
)


@click.group("releases", help=help_of("cli-releases-group"))
def releases_commands() -> None:
    """What is published, and which one is served."""


@releases_commands.command("list", help=help_of("cli-releases-list"))
@_releases_option
@reporting
def list_releases(releases: Path | None) -> None:
    """One row a release, the current one marked."""
    folder = Releases(Settings.of(releases=releases).releases)
    current = folder.current_identifier()
    rows = [
        [
            "→" if release.identifier == current else "",
            release.identifier,
            release.manifest.created,
            release.manifest.base,
            release.manifest.triples,
            len(release.manifest.sources),
        ]
        for release in folder.list()
    ]
    columns = ["", *(say(f"cli-column-{name}") for name in ("release", "created", "base", "triples", "sources"))]
    show_table(say("cli-table-releases"), columns, rows)


@releases_commands.command("show", help=help_of("cli-releases-show"))
@click.argument("identifier", required=False)
@_releases_option
@reporting
def show_release(identifier: str | None, releases: Path | None) -> None:
    """Sources, sums, licences and validation of a release (the current one by default)."""
    folder = Releases(Settings.of(releases=releases).releases)
    release = folder.get(identifier) if identifier else folder.current()
    manifest = release.manifest
    output.print(f"{release.identifier}  {manifest.created}  {manifest.base}  {manifest.software}")
    if manifest.demo:
        output.print(say("cli-demo"))
    show_sources(manifest)
    columns = [say(f"cli-column-{name}") for name in ("source", "file", "sha256", "licence", "attribution")]
    rows = [
        [entry.slug, file.name, file.sha256[:16], entry.licence_name, entry.attribution_en]
        for entry in manifest.sources
        for file in entry.files
    ]
    show_table(say("cli-table-files"), columns, rows)
    sizes = sorted(manifest.graphs.items())
    columns = [say("cli-column-graph"), say("cli-column-triples")]
    show_table(say("cli-table-graphs"), columns, sizes)
    states = sorted(manifest.links.items())
    show_table(say("cli-table-links"), [say("cli-column-state"), say("cli-column-count")], states)
    show_validation(manifest)
    output.print(say("cli-release-folder", folder=release.folder, triples=shown(manifest.triples)))


@releases_commands.command("activate", help=help_of("cli-releases-activate"))
@click.argument("identifier")
@_releases_option
@reporting
def activate_release(identifier: str, releases: Path | None) -> None:
    """Serve another release from now on."""
    Releases(Settings.of(releases=releases).releases).activate(identifier)
    output.print(say("cli-release-activated", identifier=identifier))


@releases_commands.command("remove", help=help_of("cli-releases-remove"))
@click.argument("identifier")
@_releases_option
@reporting
def remove_release(identifier: str, releases: Path | None) -> None:
    """Delete a release that is not the current one."""
    Releases(Settings.of(releases=releases).releases).remove(identifier)
    output.print(say("cli-release-removed", identifier=identifier))


@releases_commands.command("derive", help=help_of("cli-releases-derive"))
@click.option("--reviews", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@_releases_option
@reporting
def derive_release(reviews: Path, releases: Path | None) -> None:
    """Publish the current release with the decisions of one more review log."""
    from passerelle.build.derive import derive  # noqa: PLC0415 - loads slowly, and the other commands do without

    settings = Settings.of(releases=releases)
    before = Releases(settings.releases).current()
    report = derive(reviews, settings)
    if report.release.identifier == before.identifier:
        output.print(say("cli-release-same-logs", identifier=before.identifier))
        return
    states = sorted(report.release.manifest.links.items())
    show_table(say("cli-table-links"), [say("cli-column-state"), say("cli-column-count")], states)
    show_rejects(report)
    manifest = report.release.manifest
    seconds, changed = f"{manifest.seconds:.1f}", shown(manifest.links_changed)
    output.print(say("cli-release-derived", identifier=manifest.identifier, seconds=seconds, changed=changed))
    raise SystemExit(report.exit_code)
