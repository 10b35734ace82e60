"""What is handed to the validator: media types, parameters, forms, limits of size, names of files."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from integration.validation_pages.validation_client import (
    BROWSER,
    CREDENTIAL,
    LIMIT,
    Validator,
    post,
    problem,
    submit,
)
from passerelle.validation.credentials.model import (
    MAX_RESULTS,
    Stage,
)
from passerelle.validation.credentials.profiles.names import PROFILES
from passerelle.web.credentials.uploads import MEDIA_TYPES


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_every_media_type_is_handed_on_with_the_bytes_as_they_are(
    client: FlaskClient, validator: Validator, media_type: str
) -> None:
    data = b"\xef\xbb\xbf\x00\xff <not even text>\r\n"
    assert post(client, data, f"{media_type}; charset=utf-8").status_code == 200
    assert validator.asked["data"] == data
    says_nothing = media_type in ("application/octet-stream", "text/plain")
    assert validator.asked["media_type"] == ("" if says_nothing else media_type)
    assert (validator.asked["profile"], validator.asked["stage"]) == (None, Stage.ISSUED)
    assert validator.asked["max_results"] == MAX_RESULTS


def test_a_body_without_a_type_is_looked_at(client: FlaskClient, validator: Validator) -> None:
    assert client.post("/validate", data=CREDENTIAL).status_code == 200
    assert validator.asked["media_type"] == ""


@pytest.mark.parametrize(
    ("accept", "format_", "content_type", "start"),
    [
        (None, "", "application/json", "{"),
        ("*/*", "", "application/json", "{"),
        ("application/json", "", "application/json", "{"),
        ("application/*;q=0.5, text/turtle;q=0.9", "", "text/turtle; charset=utf-8", ""),
        ("text/turtle", "", "text/turtle; charset=utf-8", ""),
        ("application/sarif+json", "", "application/sarif+json", "{"),
        ("text/plain", "", "text/plain; charset=utf-8", ""),
        (BROWSER, "", "text/html; charset=utf-8", "<!doctype html>"),
        (BROWSER, "sarif", "application/sarif+json", "{"),
        ("text/turtle", "json", "application/json", "{"),
        ("image/png", "html", "text/html; charset=utf-8", "<!doctype html>"),
        ("text/html", "turtle", "text/turtle; charset=utf-8", ""),
        ("text/html", "text", "text/plain; charset=utf-8", ""),
    ],
)
def test_every_form_of_the_report(
    client: FlaskClient, validator: Validator, accept: str | None, format_: str, content_type: str, start: str
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = post(client, query=f"?format={format_}", **headers)
    assert (response.status_code, response.content_type) == (200, content_type)
    assert response.text.startswith(start)
    assert response.headers["Cache-Control"] == "no-store"
    assert "Accept" in response.vary
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert validator.asked["data"] == CREDENTIAL
    if content_type == "application/json":
        assert response.json is not None
        assert response.json["reports"][0]["verdict"] == "invalid"


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("?profile=edc", 400, "validate-parameter-choice"),
        ("?stage=sealed", 400, "validate-parameter-choice"),
        ("?max-results=0", 400, "validate-parameter-number"),
        ("?max-results=1001", 400, "validate-parameter-number"),
        ("?max-results=-1", 400, "validate-parameter-number"),
        ("?max-results=١", 400, "validate-parameter-number"),
        ("?profil=loq", 400, "validate-parameter-unknown"),
        ("?format=pdf", 406, "validate-report-format"),
    ],
)
def test_parameters_that_cannot_be_used(
    client: FlaskClient, validator: Validator, query: str, status: int, kind: str
) -> None:
    found = problem(post(client, query=query), status, kind)
    assert found["detail"]
    assert found["remedy"]
    assert validator.asked == {}


def test_parameters_are_heard(client: FlaskClient, validator: Validator) -> None:
    assert post(client, query="?profile=loq&stage=draft&max-results=7&lang=fr").status_code == 200
    assert (validator.asked["profile"], validator.asked["stage"], validator.asked["max_results"]) == ("loq", "draft", 7)
    # a form goes before its address; what is left empty is as if it were not there
    submit(client, "?profile=loq&stage=draft", file=(CREDENTIAL, "a.json"), profile="ams", stage="", lang="fr")
    assert (validator.asked["profile"], validator.asked["stage"]) == ("ams", "draft")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_can_be_asked_for(client: FlaskClient, validator: Validator, profile: str) -> None:
    assert post(client, query=f"?profile={profile}").status_code == 200
    assert validator.asked["profile"] == profile


def test_what_is_no_credential_file_is_refused(client: FlaskClient, validator: Validator) -> None:
    problem(post(client, media_type="text/csv"), 415, "validate-media-type")
    # what curl says when nobody tells it better
    found = problem(post(client, media_type="application/x-www-form-urlencoded"), 415, "validate-media-type")
    assert "curl -F file=" in found["remedy"]
    problem(post(client, Content_Encoding="gzip"), 415, "validate-encoding")
    problem(post(client, b""), 400, "validate-nothing")
    problem(post(client, b" \r\n"), 400, "validate-nothing")
    problem(post(client, Accept="image/png"), 406, "validate-not-acceptable")
    assert post(client, Content_Encoding="identity").status_code == 200
    problem(client.put("/validate", data=CREDENTIAL), 405, "page-method")


def test_a_malformed_form_is_no_empty_form(client: FlaskClient, validator: Validator) -> None:
    cut = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n{"a": 1'
    problem(post(client, cut, "multipart/form-data; boundary=b"), 400, "page-bad-request")
    problem(post(client, cut, "multipart/form-data"), 400, "page-bad-request")
    many = b"".join(b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' for _ in range(50)) + b"--b--\r\n"
    problem(post(client, many, "multipart/form-data; boundary=b"), 413, "validate-too-large")
    two = {"file": [(CREDENTIAL, "a.json"), (CREDENTIAL, "b.json")]}
    problem(submit(client, "", "application/json", **two), 400, "validate-two-files")
    assert validator.asked == {}


@pytest.mark.parametrize(("size", "refused"), [(60_000, False), (66_000, True), (1_500_000, True)])
def test_the_header_of_a_part_is_bounded(client: FlaskClient, validator: Validator, size: int, refused: bool) -> None:
    parameters = b"; ".join(b"a=b" for _ in range(size // 5))
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.json"; ' + parameters
    answer = post(client, part + b"\r\n\r\n" + CREDENTIAL + b"\r\n--b--\r\n", "multipart/form-data; boundary=b")
    if refused:
        assert "64" in problem(answer, 413, "page-part-header")["detail"]
        assert validator.asked == {}
    else:
        assert answer.status_code == 200
        assert (validator.asked["data"], validator.asked["name"]) == (CREDENTIAL, "a.json")


@pytest.mark.parametrize("size", [LIMIT, LIMIT + 1, LIMIT + 200_000])
def test_the_limit_of_size_is_exact_and_of_this_address_alone(
    client: FlaskClient, validator: Validator, size: int
) -> None:
    data = b"x" * size
    raw = post(client, data, "application/octet-stream")
    in_form = submit(client, file=(data, "a.json"), accept="application/json")
    pasted = submit(client, text=data.decode(), accept="application/json")
    for response in (raw, in_form, pasted):
        if size == LIMIT:
            assert response.status_code == 200
            assert validator.asked["data"] == data
        else:
            assert "2\N{NO-BREAK SPACE}MB" in problem(response, 413, "validate-too-large")["detail"]
    assert client.post("/sparql", data=data, content_type="application/sparql-query").status_code == 413


def test_a_file_without_a_stated_length(client: FlaskClient, validator: Validator) -> None:
    def send(data: bytes) -> TestResponse:
        return client.open(
            "/validate",
            method="POST",
            input_stream=BytesIO(data),
            headers={"Transfer-Encoding": "chunked", "Content-Type": "application/json"},
            environ_overrides={"wsgi.input_terminated": True},
        )

    assert send(CREDENTIAL).status_code == 200
    assert validator.asked["data"] == CREDENTIAL
    problem(send(b"x" * (LIMIT + 100_000)), 413, "validate-too-large")


@pytest.mark.parametrize(
    ("name", "handed_on"),
    [
        ("credential.json", "credential.json"),
        ("C:\\Users\\zoe\\credential.json", "credential.json"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egnp.json", "agnp.json"),
        ("x" * 500 + ".json", "x" * 200),
    ],
)
def test_names_of_files_are_names_alone(client: FlaskClient, validator: Validator, name: str, handed_on: str) -> None:
    submit(client, file=(CREDENTIAL, name, "application/ld+json"))
    assert validator.asked["name"] == handed_on
    assert validator.asked["media_type"] == "application/ld+json"
