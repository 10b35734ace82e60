"""Fixtures of all tests."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from passerelle.build.options import BuildOptions, read_options
from passerelle.build.pipeline import build
from passerelle.graph.release import Release, Releases
from passerelle.settings import Settings
from virtuoso import virtuoso  # noqa: F401 - a fixture

# a slow machine is no fault of what is tested
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

ROOT = Path(__file__).parents[1]
REAL_BASE = "https://example.org/passerelle"


class ReadingClient(FlaskClient):
    """Reads each answer to its end and closes it, as a server does: places of clients are given back by then."""

    def open(self, *given: Any, buffered: bool = True, **named: Any) -> Any:
        return super().open(*given, buffered=buffered, **named)


Flask.test_client_class = ReadingClient


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of real data; the test is skipped where it is absent, and fails there in CI."""
    folder = Path(os.environ.get("PASSERELLE_REFERENCE", ROOT.parent / "shared" / "reference"))
    if not folder.is_dir():
        reason = f"no reference data at {folder}: set PASSERELLE_REFERENCE"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def demo_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The demo, built once a session by the program itself."""
    folder = tmp_path_factory.mktemp("demo")
    config = ROOT / "data" / "demo" / "passerelle.toml"
    return build(read_options(config), Settings.of(config, environment={}, releases=folder)).release


@pytest.fixture(scope="session")
def real_release(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """All real files of the reference folder in one release, built once a session.

    Parallel workers (xdist) share it: the first that needs it builds it, in a minute. Nobody may publish there.
    """
    catalogue, rome, foreign = (reference / name for name in ("french-catalogue", "rome", "foreign-units"))
    options = BuildOptions(
        rncp=(catalogue / "export_fiches_RNCP_V4_1_extract.xml",),
        rs=(catalogue / "export_fiches_RS_V4_1_extract.xml",),
        france_competences_csv=(catalogue / "csv-2024-02-22",),
        esco=tuple(sorted((reference / "esco").glob("*.zip"))),
        rome=(rome / "rome_metiers.xlsx",),
        rome3=(rome / "rome_code_to_esco_occupation.csv",),
        rome_esco=(rome / "FR_20230607_mapping_esco_rome.csv",),
        units=tuple(foreign / name for name in ("switzerland.csv", "germany.csv.gz", "estonia.csv")),
    )
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    releases = folder / "real"
    releases.mkdir(exist_ok=True)
    with (folder / "real.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if Releases(releases).current_identifier() is None:
            build(options, Settings.of(environment={}, base=REAL_BASE, releases=releases))
    return Releases(releases).current()
