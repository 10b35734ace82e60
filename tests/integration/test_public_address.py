"""Behind a proxy people are told the address that was set, wherever an address stands, and never the inner one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from passerelle.settings import Settings
from passerelle.web.application import create_application
from small_release import BASE, IDENTIFIER, RNCP, small_release

PUBLIC = "https://data.example.org/passerelle"
INNER = "inner.example:8765"
UNIT = f"{BASE}/id/rncp/1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    releases = tmp_path_factory.mktemp("releases")
    small_release(releases)
    settings = Settings(releases=releases, workers=1, client_rate=0, public_url=PUBLIC)
    application = create_application(settings)
    yield application.test_client()
    application.extensions["publication"].close()
    application.extensions["credentials"].close()


PAGES = (
    "/",
    "/sparql?format=html",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%202&format=html",
    "/sparql?query=SELECT&format=html",
    f"/releases/{IDENTIFIER}/sparql?format=html",
    "/queries",
    "/queries/data-sources-and-licences?format=html",
    "/releases",
    f"/things?iri={UNIT}",
    f"/things?iri={RNCP}",
    "/catalogue?format=html",
    "/definitions",
    "/ontology",
    "/validate",
    "/rules",
    "/rules/ELM-FILE-BOM",
    "/nothing",
)
DOCUMENTS = (
    "/sparql",
    "/queries",
    "/releases",
    f"/releases/{IDENTIFIER}",
    f"/releases/{IDENTIFIER}/void",
    "/.well-known/void",
    "/catalogue",
    f"/things?iri={UNIT}&format=turtle",
    f"/things?iri={RNCP}&format=turtle",
    "/ontology?format=turtle",
    "/openapi.json",
    "/rules?format=json",
)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_the_inner_address(client: FlaskClient, path: str) -> None:
    _says_nothing_of_the_inner_address(client, path, "text/html")


@pytest.mark.parametrize("path", DOCUMENTS)
def test_no_document_shows_the_inner_address(client: FlaskClient, path: str) -> None:
    _says_nothing_of_the_inner_address(client, path, "*/*;q=0.1, application/json, text/turtle")


@pytest.mark.parametrize("path", ["/id/rncp/1", "/passerelle/id/rncp/1", "/id/catalogue", f"/id/release/{IDENTIFIER}"])
def test_no_redirect_leads_to_the_inner_address(client: FlaskClient, path: str) -> None:
    _says_nothing_of_the_inner_address(client, path, "text/turtle")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "/sparql"),
        ("/", "/validate"),
        ("/sparql?format=html", "/sparql"),
        ("/sparql?query=SELECT&format=html", "/sparql"),
        (f"/releases/{IDENTIFIER}/sparql?format=html", f"/releases/{IDENTIFIER}/sparql"),
    ],
)
def test_pages_tell_the_public_address(client: FlaskClient, path: str, told: str) -> None:
    assert f"{PUBLIC}{told}" in client.get(path, headers={"Accept": "text/html", "Host": INNER}).text


def test_rules_and_reports_name_the_public_address(client: FlaskClient) -> None:
    listed = client.get("/rules?format=json", headers={"Host": INNER}).json
    assert listed
    assert {rule["address"] for rule in listed} == {f"{PUBLIC}/rules/{rule['code']}" for rule in listed}
    one = client.get(f"/rules/{listed[0]['code']}?format=json", headers={"Host": INNER}).json
    assert one is not None
    assert one["address"] == listed[0]["address"]
    report = client.post("/validate?format=sarif", data=b"{}", content_type="application/json", headers={"Host": INNER})
    assert report.status_code == 200
    assert INNER not in report.text
    assert f"{PUBLIC}/rules/" in report.text


def _says_nothing_of_the_inner_address(client: FlaskClient, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept, "Host": INNER})
    assert response.status_code < 500
    assert INNER not in response.text
    assert not [value for _, value in response.headers if INNER in value]
