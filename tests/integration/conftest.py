"""What most tests of the service begin with: a small release, an application over it, a client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from passerelle.graph.release import Release
from passerelle.settings import Settings
from passerelle.web.application import create_application
from small_release import small_release


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release of a dozen triples."""
    folder = tmp_path_factory.mktemp("releases")
    small_release(folder)
    return folder


@pytest.fixture(scope="module")
def application(settings: Settings) -> Iterator[Flask]:
    """An application with the `settings` of a module."""
    created = create_application(settings)
    yield created
    created.extensions["publication"].close()


@pytest.fixture(scope="package")
def comparing(demo_release: Release) -> Iterator[Flask]:
    """An application over the demonstration that compares units, for all modules that only ask it."""
    created = create_application(Settings(releases=demo_release.folder.parent, workers=1, comparison_workers=1))
    yield created
    for name in ("comparisons", "credentials", "publication"):
        created.extensions[name].close()


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    """A client of the application."""
    return application.test_client()
