"""Comparisons over HTTP: documents, pages, reports, caching, and requests that ask for what there is not."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from passerelle.comparability.questions import purposes
from passerelle.comparability.repeated_values import MOST_ESSENTIAL
from passerelle.graph.release import Release

FIRST, SECOND = "RNCP990005BC02", "RNCP990006BC02"
ITALY = "https://italia.example.org/qualifica/manutenzione-eolica"
ANALYST = "Zoë Ünal-Quatorze"
JSON, HTML = {"Accept": "application/json"}, {"Accept": "text/html"}
PAIR = {"first": FIRST, "second": SECOND, "purpose": "bloc-exemption"}


@pytest.fixture(scope="module")
def application(comparing: Flask) -> Flask:
    return comparing


def compare(client: FlaskClient, headers: dict[str, str] = JSON, **given: Any) -> TestResponse:
    return client.get("/api/v1/compare", query_string={**PAIR, **given}, headers=headers)


def validated(root: Path, name: str, document: Any) -> None:
    schema = json.loads((root / "data" / "schemas" / "comparison.schema.json").read_text())
    errors = Draft202012Validator({**schema, "oneOf": [{"$ref": f"#/$defs/{name}"}]}).iter_errors(document)
    assert [(list(each.absolute_path), each.message) for each in errors] == []


def test_the_first_answer_of_the_readme_is_one(client: FlaskClient, root: Path) -> None:
    address = re.search(r"<http://127\.0\.0\.1:8080(/[^>]+)>", (root / "README.md").read_text(encoding="utf-8"))
    assert address
    response = client.get(address[1], headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert "https://italia.example.org/qualifica/manutenzione-eolica" in response.text


def test_a_comparison_of_two_blocs_of_the_demo(client: FlaskClient, root: Path) -> None:
    response = compare(client)
    assert (response.status_code, response.content_type) == (200, "application/json")
    document = response.get_json()
    validated(root, "comparison", document)
    # data/demo/README.md: 990005 BC02 has S17 and S19, 990006 BC02 has S28 and S17, all reviewed; of two outcomes a
    # holder of one has shown S17: one half, both ways
    assert document["forward"]["coverage"]["lower"] == 0.5
    assert document["reverse"]["coverage"]["lower"] == 0.5
    shown = [each for each in document["forward"]["outcomes"] if each["state"]["name"] == "shown"]
    assert [each["text"] for each in shown] == ["Adapter en temps réel les plans de distribution d'énergie"]
    best = shown[0]["matches"][0]
    assert best["text"] == "Adapter le plan de distribution d'énergie à la demande"
    assert best["holderLink"]["skill"]["label"] == "adapt energy distribution schedules"
    assert best["targetLink"]["class"]["name"] == "reviewed"
    assert document["purpose"]["name"] == "bloc-exemption"
    assert document["method"] == "coverage-1"
    assert response.headers["Passerelle-Release"] == document["release"]["identifier"]


def test_labels_come_in_the_language_asked_for(client: FlaskClient) -> None:
    document = compare(client, lang="fr").get_json()
    assert document["language"] == "fr"
    assert document["purpose"]["label"] == "dispense d'un bloc"
    assert document["first"]["kind"]["label"] == "bloc de compétences"
    assert document["notRecognition"].startswith("Information sur des acquis")


def test_an_essential_outcome_is_marked_and_moves_no_number(client: FlaskClient) -> None:
    plain = compare(client).get_json()
    iri = plain["forward"]["outcomes"][0]["outcome"]
    marked = compare(client, essential=iri).get_json()
    assert marked["essential"] == [iri]
    assert [each["outcome"] for each in marked["forward"]["outcomes"] if each["essential"]] == [iri]
    assert marked["forward"]["coverage"] == plain["forward"]["coverage"]


def test_a_unit_by_number_and_by_address(client: FlaskClient, root: Path) -> None:
    for name in (quote(ITALY, safe=""), ITALY):
        response = client.get(f"/api/v1/units/{name}", headers=JSON)
        assert response.status_code == 200
        unit = response.get_json()["unit"]
        assert (unit["iri"], unit["country"]["name"], unit["level"]) == (ITALY, "IT", 5)
        # data/demo/README.md: S01, S02, S03, S18
        assert len(unit["outcomes"]) == 4
    document = client.get("/api/v1/units/RNCP990002BC01").get_json()
    validated(root, "unit", document)
    assert len(document["unit"]["outcomes"]) == 5
    assert document["unit"]["levelBasis"]["name"] == "inherited"


def test_a_browser_that_asks_for_a_unit_is_shown_its_page(client: FlaskClient) -> None:
    response = client.get(f"/api/v1/units/{quote(ITALY, safe='')}", headers=HTML)
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/things?iri=https://italia.example.org/")


def test_answers_have_a_tag_and_are_immutable_under_the_name_of_a_release(
    client: FlaskClient, demo_release: Release
) -> None:
    response = compare(client)
    assert response.headers["Cache-Control"] == "no-cache"
    tag = response.headers["ETag"]
    again = compare(client, {**JSON, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert compare(client, lang="fr").headers["ETag"] != tag
    named = client.get(f"/releases/{demo_release.identifier}/api/v1/compare", query_string=PAIR)
    assert named.headers["Cache-Control"] == "max-age=31536000, immutable"
    assert named.get_json() == response.get_json()
    assert client.get("/releases/none/api/v1/compare", query_string=PAIR).status_code == 404


def test_a_program_and_a_browser_get_each_their_form(client: FlaskClient) -> None:
    assert compare(client, {}).content_type == "application/json"
    assert compare(client, {"Accept": "*/*"}).content_type == "application/json"
    page = compare(client, HTML)
    assert page.content_type == "text/html; charset=utf-8"
    assert "50%" in page.text
    assert compare(client, {"Accept": "image/png"}).status_code == 406
    assert compare(client, format="pdf").status_code == 406


@pytest.mark.parametrize(
    ("given", "status", "problem"),
    [
        ({"first": "RNCP1"}, 404, "unit-unknown"),
        ({"second": "https://example.org/none"}, 404, "unit-unknown"),
        ({"second": FIRST}, 400, "comparison-same-unit"),
        ({"purpose": ""}, 400, "comparison-missing-purpose"),
        ({"purpose": "equivalence"}, 400, "comparison-choice"),
        ({"first": ""}, 400, "comparison-missing"),
        ({"first": "x" * 3000}, 400, "comparison-no-name"),
        ({"first": "RNCP990002\x00"}, 400, "comparison-no-name"),
        ({"first": "a\u202eb"}, 400, "comparison-no-name"),
        ({"first": ["a", "b"]}, 400, "comparison-repeated"),
        ({"essential": "https://example.org/none"}, 400, "comparison-essential-unknown"),
        ({"essential": [f"https://example.org/{number}" for number in range(201)]}, 400, "comparison-many-values"),
        ({"persons": "a,b"}, 400, "comparison-parameter"),
        ({"analyst": ANALYST}, 400, "comparison-parameter"),
        ({"first": "' OR 1=1 --"}, 404, "unit-unknown"),
        ({"first": "<script>alert(1)</script>"}, 404, "unit-unknown"),
        ({"first": "> } SELECT * { ?s ?p ?o"}, 404, "unit-unknown"),
    ],
)
def test_what_cannot_be_asked_is_a_problem_with_a_remedy(
    client: FlaskClient, given: dict[str, Any], status: int, problem: str
) -> None:
    response = compare(client, **given)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    found = response.get_json()
    assert found["type"].endswith("/" + problem)
    assert found["remedy"]
    page = compare(client, HTML, **given)
    assert page.status_code == status
    assert "<script>alert" not in page.text


def test_a_wrong_purpose_is_told_the_list(client: FlaskClient) -> None:
    remedy = compare(client, purpose="equivalence").get_json()["remedy"]
    assert all(purpose in remedy for purpose in purposes())


def test_after_a_refused_question_the_process_is_the_same(application: Flask, client: FlaskClient) -> None:
    compare(client)
    before = application.extensions["comparisons"].statistics
    for _ in range(3):
        assert compare(client, first="RNCP1").status_code == 404
    after = application.extensions["comparisons"].statistics
    assert after.replaced == before.replaced


def test_the_form_without_anything_and_with_words_of_a_title(client: FlaskClient) -> None:
    # other pages lead to the form with one unit in it: nothing is wrong with that
    for given in ({}, {"first": FIRST}, {"first": FIRST, "second": SECOND}):
        form = client.get("/compare", query_string=given, headers=HTML)
        assert form.status_code == 200
        assert form.text.count("<option") == len(purposes())
        assert form.text.count(f'value="{FIRST}"') == len(given) // max(len(given), 1)
        assert "alert" not in form.text
    assert client.get("/compare", query_string={**PAIR, "second": ""}, headers=HTML).status_code == 400
    asked = client.get("/compare", query_string={**PAIR, "first": "turbine"}, headers=HTML)
    assert asked.status_code == 404
    # the units whose English title has the word, each as a link to the form with that unit
    assert "first=https%3A%2F%2Fitalia.example.org%2Fqualifica%2Fmanutenzione-eolica" in asked.text
    assert "aria-invalid=true" in asked.text
    # titles have accents, and who searches may have none
    plain = client.get("/compare", query_string={**PAIR, "first": "eolienne"}, headers=HTML).text
    accented = client.get("/compare", query_string={**PAIR, "first": "ÉOLIENNE"}, headers=HTML).text
    assert re.findall(r"<li><a href=", plain) == re.findall(r"<li><a href=", accented) != []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_has_the_numbers_of_the_document(client: FlaskClient, language: str) -> None:
    document = compare(client, lang=language).get_json()
    page = client.get("/compare", query_string={**PAIR, "lang": language}, headers=HTML).text
    coverage = document["forward"]["coverage"]
    shown = {name: f"{Decimal(str(coverage[name])) * 100:.2f}" for name in ("lower", "expected", "upper")}
    assert shown["lower"] == "50.00"
    for percent in shown.values():
        # one decimal is shown, a half rounded up
        each = f"{Decimal(percent).quantize(Decimal('0.1'), ROUND_HALF_UP)}".removesuffix(".0")
        assert f">{each.replace('.', ',')}\u202f%<" in page if language == "fr" else f">{each}%<" in page
    assert document["forward"]["finding"]["label"] in page
    assert document["forward"]["finding"]["rule"]["name"] in page
    # a check box for each outcome of the target, and the form of the report, by POST
    assert page.count('type="checkbox" id="c-e-') == len(document["forward"]["outcomes"])
    assert re.search(r'action="/compare/report" method="post"', page)
    assert page.count("<table") == page.count("<caption") > 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_report_is_made_by_post_and_kept_nowhere(client: FlaskClient, language: str) -> None:
    given = {**PAIR, "analyst": ANALYST, "lang": language}
    html = client.post("/compare/report", data={**given, "format": "html"})
    assert (html.status_code, html.content_type) == (200, "text/html; charset=utf-8")
    assert ANALYST in html.text
    assert f'<html lang="{language}">' in html.text
    assert html.headers["Cache-Control"] == "no-store"
    assert "style-src 'sha256-" in html.headers["Content-Security-Policy"]
    assert "unsafe" not in html.headers["Content-Security-Policy"]
    pdf = client.post("/compare/report", data={**given, "format": "pdf"})
    assert (pdf.status_code, pdf.content_type) == (200, "application/pdf")
    assert pdf.data.startswith(b"%PDF-")
    # by its address alone it leads to the form, and the name goes nowhere
    led = client.get("/compare/report", query_string=given)
    assert led.status_code == 303
    assert led.headers["Location"] == f"/compare?{urlencode({**PAIR, 'lang': language})}"


def test_a_report_without_a_name_is_refused_beside_its_form(client: FlaskClient) -> None:
    given = {**PAIR, "analyst": " \x00 ", "format": "pdf"}
    page = client.post("/compare/report", data=given, headers=HTML)
    assert page.status_code == 400
    assert "needs the name of the person" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    problem = client.post("/compare/report", data=given, headers=JSON)
    assert problem.get_json()["type"].endswith("/comparison-analyst-missing")


def test_the_name_of_an_analyst_is_data_and_never_code(client: FlaskClient) -> None:
    name = '<img src=x> #panic("x") $x$ \\u{7}'
    html = client.post("/compare/report", data={**PAIR, "analyst": name, "format": "html"})
    assert "<img" not in html.text
    pdf = client.post("/compare/report", data={**PAIR, "analyst": name, "format": "pdf"})
    assert pdf.data.startswith(b"%PDF-")


def test_as_many_outcomes_as_can_be_marked_fit_into_an_address(client: FlaskClient) -> None:
    page = client.get("/compare", query_string=PAIR, headers=HTML).text
    names = re.findall(r'name="essential" value="([^"]*)"', page)
    marked = client.get("/compare", query_string={**PAIR, "essential": names}, headers=HTML).text
    assert marked.count(" checked") == len(names) == 2
    # 8,190 bytes are taken of a request line; each mark costs its name, "&essential=" and the hash
    longest = max(map(len, names)) + len("&essential=")
    assert longest * MOST_ESSENTIAL + 1000 < 8190


def test_monitoring_sees_the_processes_that_compare(client: FlaskClient) -> None:
    compare(client)
    health = client.get("/healthz").get_json()["comparisons"]
    assert health["answered"] > 0
    assert health["running"] == 0
    assert 'passerelle_pool_answered_total{pool="comparison"}' in client.get("/metrics").text


def test_the_service_leads_to_comparisons(client: FlaskClient) -> None:
    assert 'href="/compare?lang=en"' in client.get("/", headers=HTML).text
    thing = client.get("/things", query_string={"iri": ITALY}, headers=HTML).text
    assert "/compare?first=https://italia.example.org" in thing
    for page in ("nearest", "path", "neighbours", "combination"):
        assert f"/{page}?unit=https://italia.example.org" in thing
    occupation = client.get(
        "/things", query_string={"iri": "https://w3id.org/passerelle/vocabulary/finding/not-assessable"}, headers=HTML
    )
    assert "/compare?first=" not in occupation.text
