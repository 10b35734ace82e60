"""The pages: what they say, in which language, and that no text of the graph becomes markup."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

import passerelle.queries
from passerelle.queries import read_query
from passerelle.settings import Settings
from passerelle.web.application import create_application, is_web_address
from small_release import BASE, IDENTIFIER, small_release

QUERIES = Path(passerelle.queries.__file__).parent
QUERY = """\
# name: titles
# title_en: Titles of a unit
# title_fr: Intitulés d'une unité
# description_en: One row a title.
# description_fr: Une ligne par intitulé.
# parameter: fiche | fiche | required | Fiche number | Numéro de fiche | RNCP37674
# parameter: language | language | optional | Language | Langue | fr
SELECT ?title ?unit WHERE {
  ?unit <http://purl.org/dc/terms/title> ?title .
  FILTER(?unit = $fiche)
  FILTER(LANG(?title) = $language)  #? language
} ORDER BY LANG(?title)
"""
DESCRIPTION = QUERY.replace("titles", "description").replace("SELECT ?title ?unit", "CONSTRUCT { ?unit ?unit ?title }")


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    small_release(releases)
    created = create_application(Settings(releases=releases, workers=1))
    yield created
    created.extensions["publication"].close()


@pytest.fixture
def client(application: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    known = {}
    for name, text in (("titles", QUERY), ("description", DESCRIPTION)):
        path = tmp_path / f"{name}.rq"
        path.write_text(text.replace("\n} ORDER BY LANG(?title)", "\n}") if name == "description" else text)
        known[name] = read_query(path)
    monkeypatch.setattr("passerelle.queries.catalogue", lambda: known)
    monkeypatch.setattr("passerelle.web.named_queries.catalogue", lambda: known)
    monkeypatch.setattr("passerelle.web.front_page.catalogue", lambda: known)
    return application.test_client()


class _Page(HTMLParser):
    """What a test looks at in a page: texts of elements, links, and markup that a reader cannot use."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.links: list[str] = []
        self.elements: list[str] = []
        self.labels: set[str] = set()
        self.inputs: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append(tag)
        assert "style" not in given
        assert not [name for name in given if name.startswith("on")]
        if tag == "html":
            self.language = given["lang"]
        elif tag == "a":
            self.links.append(given["href"])
        elif tag == "label":
            self.labels.add(given["for"])
        elif tag == "input" and given.get("type") != "hidden":
            self.inputs.add(given["id"])

    def handle_data(self, data: str) -> None:
        self.text += " " + data


def page(client: FlaskClient, address: str, status: int = 200, **headers: str) -> _Page:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = client.get(address, headers={"Accept": accept, **headers})
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    found = _Page(response.text)
    assert found.elements.count("h1") == found.elements.count("main") == 1
    assert found.labels == found.inputs
    assert "script" not in found.elements
    return found


def test_front_page_says_what_is_served(client: FlaskClient) -> None:
    found = page(client, "/")
    for text in (
        "Demonstration data.",
        IDENTIFIER,
        BASE,
        "302",
        "RNCP <b>extract</b>",
        "France compétences",
        "Licence Ouverte 2.0",
        "Source: France compétences",
        "2026-08-16",
        "2 fiches, 1 thing",
        "Titles of a unit",
        "curl -G http://localhost/sparql",
        "It is not recognition",
    ):
        assert text in found.text
    assert found.language == "en"
    assert not [link for link in found.links if link.startswith("javascript:")]


def test_language_by_address_then_by_header(client: FlaskClient) -> None:
    by_header = page(client, "/", **{"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"})
    by_address = page(client, "/?lang=fr", **{"Accept-Language": "en"})
    for found in (by_header, by_address):
        assert found.language == "fr"
        assert "Données de démonstration." in found.text
        assert "Extrait du RNCP" in found.text
        assert "Intitulés d'une unité" in found.text
    assert "/?lang=en" in by_address.links
    assert page(client, "/?lang=xx", **{"Accept-Language": "de"}).language == "en"


def test_every_own_link_leads_somewhere(client: FlaskClient) -> None:
    seen: set[str] = set()
    for start in ("/", "/queries?lang=fr", "/queries/titles?fiche=RNCP1&format=html"):
        for link in page(client, start).links:
            if link.startswith("/") and link not in seen:
                seen.add(link)
                assert client.get(link, headers={"Accept": "text/html, */*"}).status_code == 200, link
    assert len(seen) >= 8
    with client.get("/static/passerelle.css") as style:
        assert style.status_code == 200


def test_question_without_values_is_a_form_alone(client: FlaskClient) -> None:
    found = page(client, "/queries/titles")
    assert found.inputs == {"p-fiche", "p-language"}
    assert "table" not in found.elements
    assert "For example RNCP37674" in found.text


def test_answer_is_a_table_whose_texts_are_texts(client: FlaskClient) -> None:
    found = page(client, "/queries/titles?fiche=RNCP1")
    assert "Rows: 2." in found.text
    assert "<script>alert('1')</script>" in found.text
    assert "Poser des panneaux" in found.text
    assert f"{BASE}/id/rncp/1" in found.links
    assert found.elements.count("tr") == 3


def test_language_of_the_page_is_none_of_the_question(client: FlaskClient) -> None:
    assert "Lignes : 2." in page(client, "/queries/titles?fiche=RNCP1&lang=fr").text
    assert "Lignes : 1." in page(client, "/queries/titles?fiche=RNCP1&lang=fr&language=fr").text


def test_a_bad_value_is_told_in_the_form(client: FlaskClient) -> None:
    found = page(client, '/queries/titles?fiche="><script>alert(1)</script>', status=400)
    assert '"><script>alert(1)</script>' in found.text
    assert "table" not in found.elements


def test_answer_in_other_formats(client: FlaskClient) -> None:
    answer = client.get("/queries/titles?fiche=RNCP1&language=fr&format=csv")
    assert answer.text == f"title,unit\r\nPoser des panneaux,{BASE}/id/rncp/1\r\n"
    assert answer.headers["Passerelle-Demonstration"] == "true"
    by_header = client.get("/queries/titles?fiche=RNCP1", headers={"Accept": "application/json"})
    assert by_header.json is not None
    assert len(by_header.json["results"]["bindings"]) == 2
    turtle = client.get("/queries/description?fiche=RNCP1", headers={"Accept": "text/turtle"})
    assert "Poser des panneaux" in turtle.text
    assert "Poser des panneaux" in page(client, "/queries/description?fiche=RNCP1&format=html").text
    assert client.head("/queries/titles?fiche=RNCP1&format=csv").data == b""


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/queries/nothing", 404, "query-unknown"),
        ("/queries/titles?format=json", 400, "query-parameter-missing"),
        ("/queries/titles?format=json&fiche=x", 400, "query-parameter-fiche"),
        ("/queries/titles?format=json&fiche=RNCP1&other=1", 400, "query-parameter-unknown"),
        ("/queries/titles?format=pdf&fiche=RNCP1", 406, "page-format"),
    ],
)
def test_problems(client: FlaskClient, address: str, status: int, kind: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response.json is not None
    assert response.json["type"].endswith("/" + kind)


@pytest.mark.parametrize("name", sorted(path.stem for path in QUERIES.glob("*.rq")))
def test_every_question_of_ours_is_a_page_and_a_table(application: Flask, name: str) -> None:
    parameters = read_query(QUERIES / f"{name}.rq").parameters
    # names that a page needs for itself
    assert not {parameter.name for parameter in parameters} & {"lang", "format"}
    client = application.test_client()
    address = f"/queries/{name}?" + urlencode({parameter.name: parameter.example for parameter in parameters})
    for language in ("en", "fr"):
        assert page(client, f"{address}&lang={language}").elements.count("table") == 1
    assert client.get(f"{address}&format=json").json


def test_list_of_questions_as_json(client: FlaskClient) -> None:
    listed = client.get("/queries", headers={"Accept-Language": "fr"}).json
    assert listed is not None
    first = next(entry for entry in listed if entry["name"] == "titles")
    assert first["title"] == "Intitulés d'une unité"
    assert first["address"] == "http://localhost/queries/titles"
    assert first["parameters"][0] == {
        "name": "fiche",
        "type": "fiche",
        "required": True,
        "default": "",
        "label": "Numéro de fiche",
        "example": "RNCP37674",
    }


def test_health(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.json is not None
    assert response.json["status"] == "ok"
    assert response.json["release"] == IDENTIFIER
    assert response.json["queries"]["running"] == 0
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(text: object, expected: bool) -> None:
    assert is_web_address(text) is expected
