"""`passerelle publish`: a release into a SPARQL store, or as files for its bulk loader."""

from __future__ import annotations

from pathlib import Path

import click

from passerelle.cli.console import errors, help_of, output, reporting, say, shown
from passerelle.errors import SettingsError
from passerelle.graph.release import Release, Releases
from passerelle.settings import Settings

_SECONDS = 600.0
"""A graph of ten million triples is copied in less."""


@click.command("publish", help=help_of("cli-publish"))
@click.argument("identifier", required=False)
@click.option("--to", "endpoint", metavar="URL", help=help_of("cli-publish-to"))
@click.option("--update", metavar="URL", help=help_of("cli-publish-update"))
@click.option("--graph-store", metavar="URL", help=help_of("cli-publish-graph-store"))
@click.option("--user", default="", help=help_of("cli-publish-user"))
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=help_of("cli-publish-password-file"),
)
@click.option("--files", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-publish-files"))
@click.option("--dry-run", is_flag=True, help=help_of("cli-publish-dry-run"))
@click.option("--take-over", is_flag=True, help=help_of("cli-publish-take-over"))
@click.option("--seconds", type=click.FloatRange(1), default=_SECONDS, help=help_of("cli-publish-seconds"))
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@reporting
def publish_command(
    identifier: str | None,
    endpoint: str | None,
    update: str | None,
    graph_store: str | None,
    user: str,
    password_file: Path | None,
    files: Path | None,
    dry_run: bool,
    take_over: bool,
    seconds: float,
    releases: Path | None,
) -> None:
    """All graphs or none; IDENTIFIER is the current release by default."""
    settings = Settings.of(releases=releases)
    folder = Releases(settings.releases)
    release = folder.get(identifier) if identifier else folder.current()
    if (endpoint is None) == (files is None) or (endpoint is not None and graph_store is None):
        raise SettingsError("publish-target")
    if files is not None:
        _write_files(release, files)
        return
    password = _password(password_file, settings)
    _publish(
        release,
        endpoint or "",
        update or "",
        graph_store or "",
        user,
        password,
        seconds,
        dry_run=dry_run,
        take_over=take_over,
    )


def _publish(
    release: Release,
    endpoint: str,
    update: str,
    graph_store: str,
    user: str,
    password: str,
    seconds: float,
    *,
    dry_run: bool,
    take_over: bool,
) -> None:
    # imported here: SPARQLWrapper and requests take half a second
    from passerelle.graph.remote.connection import Connection  # noqa: PLC0415
    from passerelle.graph.remote.graph_store import GraphStore  # noqa: PLC0415
    from passerelle.graph.remote.metadata import Metadata  # noqa: PLC0415
    from passerelle.graph.remote.published import Publications  # noqa: PLC0415
    from passerelle.graph.remote.publishing import Publisher  # noqa: PLC0415

    connection = Connection(user, password)
    try:
        metadata = Metadata(connection, endpoint, seconds, update=update)
        store = GraphStore(connection, metadata, graph_store, seconds)
        publisher = Publisher(store, Publications(metadata, release.manifest.base), _say_step)
        plan = publisher.plan(release) if dry_run else publisher.publish(release, take_over=take_over)
    finally:
        connection.close()
    counts = {name: shown(len(getattr(plan, name))) for name in ("written", "kept", "dropped")}
    if dry_run:
        output.print(say("cli-publish-plan", **counts))
    else:
        output.print(say("cli-publish-done", identifier=release.identifier, **counts))


def _write_files(release: Release, folder: Path) -> None:
    from passerelle.graph.remote.bulk_files import write_bulk_files  # noqa: PLC0415

    written = write_bulk_files(release, folder)
    script = folder / "load.sql"
    output.print(say("cli-publish-wrote", identifier=release.identifier, count=shown(len(written)), script=script))


def _say_step(step: str, graph: str) -> None:
    errors.print(say(f"cli-publish-{step}", graph=graph))


def _password(file: Path | None, settings: Settings) -> str:
    """From the file, or from the environment; never from the command line, which every user of the machine sees."""
    if file is None:
        return settings.backend_password
    return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
