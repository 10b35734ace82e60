"""Chromium, driven by playwright-core; that and YASGUI come from npm by the lock beside this file."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from passerelle.graph.release import Release
from running_server import Server, served

HERE = Path(__file__).parent
SECONDS = 180
"""Far beyond what any of it needs: it only turns an endless run into a failure."""

Browser = Callable[..., dict[str, Any]]


@pytest.fixture(scope="package")
def programs() -> dict[str, str]:
    """Where Chromium, Node.js and npm are; the tests are skipped where one is absent, and fail there in CI."""
    found = {name: shutil.which(name) for name in ("chromium", "node", "npm")}
    if missing := " ".join(name for name, path in found.items() if path is None):
        reason = f"not installed: {missing} (sh tests/browser/system_packages.sh)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return {name: path for name, path in found.items() if path is not None}


@pytest.fixture(scope="package")
def site_folder(programs: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our scripts and what npm installs for them, once for all processes of this run of the tests."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "browser"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        installed = folder / "installed"
        if not installed.exists():
            for path in HERE.iterdir():
                if path.suffix in (".mjs", ".html", ".json"):
                    shutil.copy(path, folder)
            quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
            ended = subprocess.run(
                [programs["npm"], "ci", *quiet], cwd=folder, check=False, capture_output=True, text=True
            )
            if ended.returncode != 0:
                reason = f"npm could not install what the tests need: {ended.stderr.strip()[-300:]}"
                if os.environ.get("CI"):
                    pytest.fail(reason)
                pytest.skip(reason)
            installed.touch()
    return folder


@pytest.fixture(scope="package")
def browser(programs: dict[str, str], site_folder: Path) -> Browser:
    """Runs one of our scripts and returns what it found."""

    def run(script: str, *arguments: str) -> dict[str, Any]:
        ended = subprocess.run(
            [programs["node"], script, *arguments],
            cwd=site_folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, "CHROMIUM": programs["chromium"]},
        )
        assert ended.returncode == 0, ended.stderr
        found: dict[str, Any] = json.loads(ended.stdout)
        return found

    return run


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing: standard error is for failures."""


@pytest.fixture(scope="package")
def other_site(site_folder: Path) -> Iterator[str]:
    """The address of another site: another port is another origin."""
    handler = partial(_QuietHandler, directory=str(site_folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        thread = Thread(target=site.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()
        thread.join()


@pytest.fixture(scope="package")
def server(demo_release: Release) -> Iterator[Server]:
    with served(demo_release.folder.parent, "workers=2", "client_rate=0") as running:
        yield running


@pytest.fixture(scope="package")
def cutting(demo_release: Release) -> Iterator[Server]:
    """A server whose answers break off after half a second."""
    with served(demo_release.folder.parent, "workers=2", "client_rate=0", "stream_seconds=0.5") as running:
        yield running
