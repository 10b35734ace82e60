"""The demo's descriptions over HTTP, and its quads as another engine has them."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import Dataset, URIRef

from integration.descriptions.described import (
    PUBLIC,
)
from passerelle.graph.release import Release
from passerelle.settings import Settings
from passerelle.web.application import create_application


def _client(release: Release, **given: object) -> Iterator[FlaskClient]:
    settings = Settings.of(environment={}, releases=release.folder.parent, client_rate=0.0, **given)
    application = create_application(settings)
    yield application.test_client()
    application.extensions["publication"].close()
    application.extensions["credentials"].close()


@pytest.fixture(scope="package")
def quads(demo_release: Release) -> Dataset:
    """The demo in rdflib, an engine that shares nothing with the one that counted."""
    store = ox.Store.read_only(str(demo_release.store))
    dataset = Dataset()
    for name in demo_release.manifest.graphs:
        triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
        dataset.graph(URIRef(name)).parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return dataset


@pytest.fixture(scope="package")
def client(demo_release: Release) -> Iterator[FlaskClient]:
    yield from _client(demo_release, public_url=PUBLIC, contact="mailto:data@example.org")


@pytest.fixture(scope="package")
def federated(demo_release: Release) -> Iterator[FlaskClient]:
    yield from _client(demo_release, service_endpoints="https://a.example/sparql https://b.example/sparql")
