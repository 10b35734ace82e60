"""The pages of rules: every code of a report leads to a page that says what it means and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from passerelle.settings import Settings
from passerelle.validation.credentials.model import Layer
from passerelle.validation.credentials.rules import catalogue
from passerelle.web.application import create_application
from passerelle.web.credentials.rules_pages import OVERVIEW_SHOWN, RULES_SHOWN, nearest
from small_release import small_release

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FIRST_OF_EACH_LAYER = sorted({rule.layer: code for code, rule in reversed(catalogue().items())}.values())
CODE = FIRST_OF_EACH_LAYER[0]


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    small_release(releases)
    created = create_application(Settings(releases=releases, workers=1))
    yield created
    created.extensions["publication"].close()


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.identifiers: list[str] = []
        self.labels: set[str] = set()
        self.fields: set[str] = set()
        self.language = ""
        self.text = ""
        self.feed(text)
        assert len(self.identifiers) == len(set(self.identifiers))
        assert self.labels == self.fields

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert tag not in ("script", "style")
        assert "style" not in given
        self.identifiers += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.labels |= {given["for"]} if tag == "label" else set()
        self.fields |= {given["id"]} if tag in ("input", "select") and given.get("type") != "hidden" else set()
        self.language = self.language or given.get("lang", "")

    def handle_data(self, data: str) -> None:
        self.text += data


def page(client: FlaskClient, address: str, status: int = 200) -> Page:
    response = client.get(address, headers={"Accept": BROWSER})
    assert (response.status_code, response.content_type) == (status, "text/html; charset=utf-8")
    return Page(response.text)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_overview_has_every_layer_and_a_way_to_every_rule(client: FlaskClient, language: str) -> None:
    found = page(client, f"/rules?lang={language}")
    assert found.language == language
    layers = {rule.layer for rule in catalogue().values()}
    assert {f"layer-{layer.value}" for layer in layers} <= set(found.identifiers)
    for layer in layers:
        codes = [code for code, rule in catalogue().items() if rule.layer is layer]
        shown = [code for code in codes if f"/rules/{code}?lang={language}" in found.links]
        assert shown == codes[:OVERVIEW_SHOWN]
        if len(codes) > OVERVIEW_SHOWN:
            assert f"/rules?layer={layer.value}&lang={language}" in found.links
            listed = page(client, f"/rules?layer={layer.value}&lang={language}")
            assert [link for link in listed.links if "/rules/" in link][:3] == [
                f"/rules/{code}?lang={language}" for code in codes[:3]
            ]
            assert sum("/rules/" in link for link in listed.links) == min(len(codes), RULES_SHOWN)


def test_search_goes_by_words_of_either_language_and_by_code(client: FlaskClient) -> None:
    rule = catalogue()[CODE]
    for words in (CODE.lower(), rule.message_fr.split("{")[0].upper(), rule.remedy_en.split("{")[0]):
        listed = client.get("/rules", query_string={"q": words}).json
        assert listed is not None
        assert CODE in {each["code"] for each in listed}
    assert client.get("/rules?q=qqqqzzzz").json == []
    nothing = page(client, "/rules?q=<script>alert(1)</script>")
    assert "<script>" not in nothing.text
    listed = client.get(f"/rules?layer={rule.layer.value}").json
    assert listed is not None
    assert {each["layer"] for each in listed} == {rule.layer.value}


def test_all_rules_as_json(client: FlaskClient) -> None:
    listed = client.get("/rules", headers={"Accept-Language": "fr"}).json
    assert listed is not None
    assert [each["code"] for each in listed] == list(catalogue())
    first = next(each for each in listed if each["code"] == CODE)
    assert first["message"] == catalogue()[CODE].message_fr
    assert first["address"] == f"http://localhost/rules/{CODE}"


@pytest.mark.parametrize("code", FIRST_OF_EACH_LAYER)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_rule_as_page_json_and_turtle(client: FlaskClient, code: str, language: str) -> None:
    rule = catalogue()[code]
    found = page(client, f"/rules/{code}?lang={language}")
    assert (rule.source_fr if language == "fr" else rule.source_en) in found.text
    assert (rule.remedy_fr if language == "fr" else rule.remedy_en).split("{")[0].split("`")[0] in found.text
    assert code in found.text
    assert not rule.link or rule.link in found.links
    as_json = client.get(f"/rules/{code}").json
    assert as_json is not None
    assert (as_json["code"], as_json["message"]["fr"], as_json["iri"]) == (code, rule.message_fr, rule.iri)
    turtle = client.get(f"/rules/{code}", headers={"Accept": "text/turtle"})
    assert turtle.content_type == "text/turtle; charset=utf-8"
    subjects = {quad.subject for quad in ox.parse(turtle.data, format=ox.RdfFormat.TURTLE)}
    assert ox.NamedNode(rule.iri) in subjects
    assert client.get(f"/rules/{code}?format=turtle").data == turtle.data


def test_an_unknown_code_names_the_nearest(client: FlaskClient) -> None:
    response = client.get(f"/rules/{CODE[:-1].lower()}")
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["type"].endswith("/rule-unknown")
    assert CODE in response.json["remedy"]
    assert CODE in page(client, f"/rules/{CODE}X", 404).text
    assert client.get(f"/rules/{CODE}?format=pdf").status_code == 406
    assert client.get(f"/rules/{CODE}", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("code", ["ELM-VOCABULARY-EQF", "ELM-EDC-Accreditation-title-minCount"])
def test_a_code_in_other_letters_leads_to_the_rule(client: FlaskClient, code: str) -> None:
    response = client.get(f"/rules/{code.lower()}?lang=fr&endpoint=x")
    assert (response.status_code, response.location) == (302, f"/rules/{code}?lang=fr&endpoint=x")


def test_there_is_always_a_nearest_code() -> None:
    codes = ["ELM-FILE-NOT-JSON", "ELM-SEAL-BROKEN"]
    assert nearest("elm-seal-broke", codes) == ["ELM-SEAL-BROKEN"]
    assert nearest("?", codes) == codes
    assert nearest("x" * 100_000, codes) == codes


def test_layers_are_told_in_the_order_of_the_check() -> None:
    order = list(Layer)
    layers = [order.index(rule.layer) for rule in catalogue().values()]
    assert layers == sorted(layers)


def test_no_rule_has_a_code_that_an_address_could_not_hold() -> None:
    assert [code for code in catalogue() if not code.isascii() or set(code) & set("/?#% ")] == []
