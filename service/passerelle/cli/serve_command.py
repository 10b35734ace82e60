"""`passerelle serve`: the current release on HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from passerelle.cli.console import help_of, reporting
from passerelle.settings import Settings


@click.command("serve", help=help_of("cli-serve"))
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help=help_of("cli-config"))
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@click.option("--host", help=help_of("cli-serve-host"))
@click.option("--port", type=click.IntRange(0, 65535), help=help_of("cli-serve-port"))
@click.option("--backend", metavar="URL", help=help_of("cli-serve-backend"))
@reporting
def serve_command(
    config: Path | None, releases: Path | None, host: str | None, port: int | None, backend: str | None
) -> None:
    """Run until stopped."""
    # imported here: no other command should pay for Flask and gunicorn at its start
    from passerelle.web.http.server import serve  # noqa: PLC0415

    serve(Settings.of(config, releases=releases, host=host, port=port, backend=backend))
