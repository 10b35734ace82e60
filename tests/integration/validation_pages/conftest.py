"""An application whose validator is a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from integration.validation_pages.validation_client import (
    LIMIT,
    Validator,
)
from passerelle.settings import Settings
from passerelle.web.application import create_application
from small_release import small_release


@pytest.fixture(scope="package")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    small_release(folder)
    return folder


@pytest.fixture(scope="package")
def application(releases: Path) -> Iterator[Flask]:
    created = create_application(Settings(releases=releases, workers=1, validation_workers=1, validation_bytes=LIMIT))
    yield created
    created.extensions["credentials"].close()
    created.extensions["publication"].close()


@pytest.fixture
def validator(application: Flask, monkeypatch: pytest.MonkeyPatch) -> Validator:
    stand_in = Validator()
    monkeypatch.setattr(application.extensions["credentials"], "validate", stand_in.validate)
    return stand_in


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    return application.test_client()
