"""An application over a small release with questions of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from integration.pages.page_reader import (
    ANSWER,
    DESCRIPTION,
    QUERY,
    _describe,
)
from passerelle.queries import read_query
from passerelle.settings import Settings
from passerelle.web.application import create_application
from small_release import small_release


@pytest.fixture(scope="package")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    _describe(small_release(releases) / "store")
    created = create_application(Settings(releases=releases, workers=1))
    yield created
    created.extensions["publication"].close()


@pytest.fixture
def client(application: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    known = {}
    for name, text in (("titles", QUERY), ("description", DESCRIPTION), ("answer", ANSWER)):
        path = tmp_path / f"{name}.rq"
        path.write_text(text.replace("\n} ORDER BY LANG(?title)", "\n}") if name == "description" else text)
        known[name] = read_query(path)
    monkeypatch.setattr("passerelle.queries.catalogue", lambda: known)
    monkeypatch.setattr("passerelle.web.questions.named_queries.catalogue", lambda: known)
    monkeypatch.setattr("passerelle.web.front_page.catalogue", lambda: known)
    return application.test_client()
