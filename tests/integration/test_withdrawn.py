"""Entries that a release no longer has: listed when it is published, answered 410 with what is still known of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef

from passerelle.build.derive import derive
from passerelle.build.options import BuildOptions
from passerelle.build.pipeline import build
from passerelle.graph.release import Release, Releases
from passerelle.graph.withdrawn import WithdrawnThing, withdrawn_things
from passerelle.namespaces import Minting, expand
from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.responses.wording import moment

DEMO = Path(__file__).parents[2] / "data" / "demo"
CATALOGUE = (DEMO / "export_fiches_RNCP_V4_1_demo_2026-11-22.xml").read_text(encoding="utf-8")
MINTING = Minting()
FICHE = MINTING.fiche("RNCP990001")
"""The demo says that RNCP990002 replaces it."""
OF_FICHE = {
    FICHE,
    MINTING.record("RNCP990001"),
    MINTING.registration("RNCP990001"),
    MINTING.bloc("RNCP990001", "RNCP990001BC01"),
    MINTING.bloc("RNCP990001", "RNCP990001BC02"),
}


def published(folder: Path, releases: Path, *without: str, base: str = "") -> Release:
    """A release of the demo catalogue without some of its fiches."""
    text = CATALOGUE
    for number in without:
        text, found = re.subn(
            rf"<FICHE>(?:(?!</FICHE>).)*?<NUMERO_FICHE>{number}</NUMERO_FICHE>.*?</FICHE>",
            "",
            text,
            count=1,
            flags=re.DOTALL,
        )
        assert found == 1
    path = folder / "export_fiches_RNCP_V4_1_demo_2026-11-22.xml"
    path.write_text(text, encoding="utf-8")
    settings = Settings.of(environment={}, releases=releases, base=base or None)
    return build(BuildOptions(rncp=(path,), demo=True, links=False, shacl=False), settings).release


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """Two releases, the second without RNCP990001."""
    folder = tmp_path_factory.mktemp("withdrawn")
    return published(folder, folder / "releases"), published(folder, folder / "releases", "RNCP990001")


@pytest.fixture(scope="module")
def client(releases: tuple[Release, Release]) -> Iterator[FlaskClient]:
    created = create_application(Settings(releases=releases[0].folder.parent, workers=1, client_rate=0))
    yield created.test_client()
    for name in ("publication", "credentials"):
        created.extensions[name].close()


# ---------------------------------------------------------------- what is listed


def test_the_first_release_lists_nothing(releases: tuple[Release, Release]) -> None:
    first, _ = releases
    assert (first.folder / "withdrawn.tsv").read_text("utf-8") == "iri\tlast_release\twithdrawn\tsuccessors\n"


def test_what_a_release_no_longer_has_is_listed(releases: tuple[Release, Release]) -> None:
    first, second = releases
    listed = withdrawn_things(second.folder)
    assert set(listed) == OF_FICHE
    assert listed[FICHE] == WithdrawnThing(
        FICHE, first.identifier, second.manifest.created, (MINTING.fiche("RNCP990002"),)
    )


def test_the_list_grows_and_forgets_what_came_back(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    first = published(tmp_path, folder)
    second = published(tmp_path, folder, "RNCP990001")
    third = published(tmp_path, folder, "RNCP990001", "RNCP990003")
    listed = withdrawn_things(third.folder)
    assert listed[FICHE].last_release == first.identifier
    assert listed[FICHE].withdrawn == second.manifest.created
    assert listed[MINTING.fiche("RNCP990003")].last_release == second.identifier
    fourth = published(tmp_path, folder, "RNCP990003")
    listed = withdrawn_things(fourth.folder)
    assert FICHE not in listed
    assert listed[MINTING.fiche("RNCP990003")].last_release == second.identifier
    # another base has another history, and its own goes on afterwards
    elsewhere = published(tmp_path, folder, "RNCP990002", base="https://example.org/elsewhere")
    assert withdrawn_things(elsewhere.folder) == {}
    fifth = published(tmp_path, folder, "RNCP990003")
    assert withdrawn_things(fifth.folder) == listed


def test_equal_inputs_give_an_equal_graph_whatever_is_withdrawn(
    releases: tuple[Release, Release], tmp_path: Path
) -> None:
    _, second = releases
    alone = published(tmp_path, tmp_path / "releases", "RNCP990001")
    assert withdrawn_things(alone.folder) == {}
    assert alone.manifest.inputs_sha256 == second.manifest.inputs_sha256
    assert alone.manifest.graphs == second.manifest.graphs


def test_a_derived_release_inherits_the_list(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    published(tmp_path, folder)
    parent = published(tmp_path, folder, "RNCP990001")
    log = tmp_path / "reviews.sssom.tsv"
    log.write_text((DEMO / "reviews.sssom.tsv").read_text("utf-8"), encoding="utf-8")
    derived = derive(log, Settings.of(environment={}, releases=folder)).release
    assert derived.identifier != parent.identifier
    assert withdrawn_things(derived.folder) == withdrawn_things(parent.folder)


def test_a_release_that_cannot_be_read_stops_no_build(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    first = published(tmp_path, folder)
    (first.folder / "manifest.json").write_text("{", encoding="utf-8")
    second = published(tmp_path, folder, "RNCP990001")
    assert Releases(folder).current_identifier() == second.identifier
    assert withdrawn_things(second.folder) == {}


# ---------------------------------------------------------------- what is answered


@pytest.mark.parametrize("iri", sorted(OF_FICHE))
def test_a_withdrawn_entry_is_410(client: FlaskClient, releases: tuple[Release, Release], iri: str) -> None:
    first, second = releases
    for address in (iri.removeprefix(MINTING.base), f"/things?iri={iri}"):
        for accept in ("text/html", "text/turtle"):
            response = client.get(address, headers={"Accept": accept})
            assert response.status_code == 410
            assert f'<{_past(iri, first)}>; rel="predecessor-version"' in response.headers.getlist("Link")
            assert first.identifier in response.text
            assert moment(second.manifest.created, "en") in response.text


def test_the_page_names_what_replaced_it(client: FlaskClient, releases: tuple[Release, Release]) -> None:
    for language, words in (("en", "was withdrawn"), ("fr", "a été retirée")):
        page = client.get("/id/rncp/990001", query_string={"lang": language}, headers={"Accept": "text/html"})
        assert page.status_code == 410
        assert page.content_type == "text/html; charset=utf-8"
        assert words in page.text
        assert f'href="/things?iri={MINTING.fiche("RNCP990002")}&amp;lang={language}"' in page.text
        assert _past(FICHE, releases[0]).replace("&", "&amp;") in page.text


def test_the_problem_names_it_as_well(client: FlaskClient, releases: tuple[Release, Release]) -> None:
    response = client.get("/id/rncp/990001", headers={"Accept": "text/turtle"})
    assert response.mimetype == "application/problem+json"
    problem = response.get_json()
    assert problem["type"].endswith("/thing-withdrawn")
    assert problem["detail"].startswith(f"{FICHE} was withdrawn")
    assert MINTING.fiche("RNCP990002") in problem["remedy"]
    assert "http://localhost" + _past(FICHE, releases[0]) in problem["remedy"]


def test_the_past_description_is_one_click_away(client: FlaskClient, releases: tuple[Release, Release]) -> None:
    first, _ = releases
    page = client.get(_past(FICHE, first), headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["Passerelle-Release"] == first.identifier
    assert f"This is what the release {first.identifier}" in page.text
    data = client.get(_past(FICHE, first), headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=data.data, format="turtle")
    assert (URIRef(FICHE), URIRef(expand("dcterms:identifier")), Literal("RNCP990001")) in graph
    assert data.headers["Cache-Control"] == "max-age=31536000, immutable"
    for link in data.headers.getlist("Link"):
        if 'rel="alternate"' in link:
            assert f"release={first.identifier}" in link
    assert client.get(f"/things?iri={FICHE}&release=20200101T000000Z-00000000").status_code == 404
    assert client.get(f"/things?iri={FICHE}&release=../../etc").status_code == 404


def test_what_is_still_described_is_not_withdrawn(client: FlaskClient) -> None:
    assert client.get("/id/rncp/990002").status_code == 303
    # the fiche that replaced it still refers to it: a stub, and gone all the same
    assert client.get("/id/rncp/990001").status_code == 410


def test_without_the_past_release_the_page_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    first = published(tmp_path, folder)
    published(tmp_path, folder, "RNCP990001")
    Releases(folder).remove(first.identifier)
    created = create_application(Settings(releases=folder, workers=1))
    try:
        page = created.test_client().get("/id/rncp/990001", headers={"Accept": "text/html"})
        assert page.status_code == 410
        assert "no longer kept" in page.text
        assert "Link" not in page.headers
    finally:
        for name in ("publication", "credentials"):
            created.extensions[name].close()


def _past(iri: str, release: Release) -> str:
    quoted = iri.replace(":", "%3A").replace("/", "%2F")
    return f"/things?iri={quoted}&release={release.identifier}"
