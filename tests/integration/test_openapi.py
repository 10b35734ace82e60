"""The OpenAPI description: valid, complete, and true of what the service answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from passerelle.queries import catalogue as questions
from passerelle.settings import Settings
from passerelle.validation.credentials.model import CredentialReport, Stage, Verdict
from passerelle.validation.credentials.rules import catalogue
from passerelle.web.application import create_application
from passerelle.web.interface.openapi import document
from small_release import IDENTIFIER, small_release

# pages that a reader never asks for by themselves
_NOT_DESCRIBED = {"/static/{filename}", "/validate/report.css", "/queries/{name}"}
_UNDER_A_BASE = "/{prefix}/"  # the same again where the base of a release has a path


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    small_release(releases)
    token = "a-token-that-nobody-guesses-0123456789"
    created = create_application(Settings(releases=releases, workers=1, query_bytes=5000, admin_token=token))
    yield created
    created.extensions["publication"].close()


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.content_type == "application/json"
    found: dict[str, Any] = json.loads(response.data)
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_valid(language: Any) -> None:
    errors = OpenAPIV31SpecValidator(document(Settings(), "http://localhost", language)).iter_errors()
    assert [error.message for error in errors] == []


def test_every_address_is_described_with_its_methods(application: Flask, described: dict[str, Any]) -> None:
    routed: dict[str, set[str]] = {}
    for rule in application.url_map.iter_rules():
        address = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)
        routed.setdefault(address, set()).update({each.lower() for each in rule.methods or ()} - {"head", "options"})
    expected = {
        address: methods
        for address, methods in routed.items()
        if address not in _NOT_DESCRIBED and not address.startswith(_UNDER_A_BASE)
    }
    expected |= {f"/queries/{name}": {"get"} for name in questions()}
    assert {address: set(operations) for address, operations in described["paths"].items()} == expected


def test_parameters_of_questions_come_from_the_questions(described: dict[str, Any]) -> None:
    for name, question in questions().items():
        parameters = {
            each["name"]: each for each in described["paths"][f"/queries/{name}"]["get"]["parameters"] if "name" in each
        }
        assert set(parameters) == {each.name for each in question.parameters} | {"format"}
        for each in question.parameters:
            assert parameters[each.name]["required"] is each.required
            schema = Draft202012Validator(parameters[each.name]["schema"])
            assert schema.is_valid(parameters[each.name]["example"])
            assert schema.is_valid(parameters[each.name]["schema"].get("default", parameters[each.name]["example"]))


def test_limits_are_those_of_the_settings(described: dict[str, Any]) -> None:
    sparql = described["paths"]["/sparql"]
    assert sparql["get"]["parameters"][0]["schema"]["maxLength"] == 5000
    assert "32\N{NO-BREAK SPACE}MB" in described["paths"]["/validate"]["post"]["description"]


def test_texts_are_in_the_language_asked_for(client: FlaskClient) -> None:
    french = client.get("/openapi.json?lang=fr").json
    assert french is not None
    assert "justificatif" in french["paths"]["/validate"]["post"]["summary"]


def test_the_front_page_leads_to_it(client: FlaskClient) -> None:
    front = client.get("/?lang=en")
    assert front.headers["Link"] == '</openapi.json>; rel="service-desc"; type="application/json"'
    assert "/openapi.json" in front.text


def _answers(client: FlaskClient) -> Iterator[tuple[str, str, int, Any]]:
    """Operation, status and content of answers in JSON."""
    sparql = {"Accept": "application/sparql-results+json"}
    yield "/healthz", "get", 200, client.get("/healthz")
    yield "/queries", "get", 200, client.get("/queries")
    yield "/rules", "get", 200, client.get("/rules")
    yield "/rules/{code}", "get", 200, client.get(f"/rules/{next(iter(catalogue()))}")
    yield "/rules/{code}", "get", 404, client.get("/rules/nothing")
    yield "/sparql", "get", 200, client.get("/sparql", query_string={"query": "ASK {}"}, headers=sparql)
    rows = client.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o } LIMIT 1"}, headers=sparql)
    yield "/sparql", "get", 200, rows
    yield "/sparql", "get", 400, client.get("/sparql?query=")
    yield "/releases", "get", 200, client.get("/releases")
    yield "/releases/{identifier}", "get", 200, client.get(f"/releases/{IDENTIFIER}")
    yield "/releases/{identifier}", "get", 404, client.get("/releases/nothing")
    yield "/readyz", "get", 200, client.get("/readyz")
    yield "/admin/releases", "get", 401, client.get("/admin/releases")
    yield "/things", "get", 400, client.get("/things")
    yield "/queries/units-by-title", "get", 200, client.get("/queries/units-by-title?words=poser&format=json")
    yield "/validate", "post", 200, client.post("/validate", data=b"{}", content_type="application/json")
    yield "/validate", "post", 400, client.post("/validate", data=b"", content_type="application/json")
    yield "/validate", "post", 415, client.post("/validate", data=b"a", content_type="text/csv")


def test_answers_are_as_described(
    application: Flask, client: FlaskClient, described: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = CredentialReport("a.json", Verdict.NOT_CHECKABLE, Stage.ISSUED, size=2)
    monkeypatch.setattr(application.extensions["credentials"], "validate", lambda *_, **__: report)
    for address, method, status, response in _answers(client):
        assert response.status_code == status, (address, response.text)
        found = described["paths"][address][method]["responses"][str(status)]
        if "$ref" in found:
            found = described["components"]["responses"][found["$ref"].rpartition("/")[2]]
        schema = found["content"][response.mimetype]["schema"]
        whole = {"components": described["components"], **schema}
        assert [error.message for error in Draft202012Validator(whole).iter_errors(json.loads(response.data))] == []
