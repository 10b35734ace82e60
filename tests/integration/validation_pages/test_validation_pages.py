"""The page of the check: reports without markup of others, faults beside the form, and nothing that is kept."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from integration.validation_pages.validation_client import (
    BROWSER,
    CREDENTIAL,
    HOSTILE,
    LIMIT,
    MARK,
    Page,
    Validator,
    post,
    problem,
    submit,
)
from passerelle.errors import Overloaded, ValidationTimeout
from passerelle.messages import catalogue as messages
from passerelle.validation.credentials.profiles.names import PROFILES
from passerelle.validation.credentials.rules import catalogue


def test_a_pasted_text_has_the_line_breaks_of_its_author(client: FlaskClient, validator: Validator) -> None:
    # a browser sends the file field along, empty
    response = submit(client, file=(b"", ""), text='{\r\n  "a": "é"\r\n}')
    assert response.status_code == 200
    assert validator.asked["data"] == '{\n  "a": "é"\n}'.encode()
    assert (validator.asked["name"], validator.asked["media_type"]) == ("", "")


def test_hostile_content_becomes_no_markup(client: FlaskClient, validator: Validator) -> None:
    name = "<img src=x onerror=alert(1)>.json"
    for language in ("en", "fr"):
        response = submit(client, file=(CREDENTIAL, name), lang=language)
        found = Page(response)
        assert HOSTILE in found.text
        assert not found.count("img")
        assert name in found.text
        assert "&lt;script&gt;" in response.text
    for format_ in ("json", "turtle", "sarif", "text"):
        response = post(client, query=f"?format={format_}")
        assert "html" not in response.content_type
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("format_", ["html", "json", "turtle", "sarif", "text"])
def test_half_a_character_breaks_no_report(client: FlaskClient, validator: Validator, format_: str) -> None:
    validator.title = "\ud800 and the rest"
    response = post(client, query=f"?format={format_}")
    assert response.status_code == 200
    assert "and the rest" in response.text


def test_sarif_leads_to_the_rules_of_this_service(client: FlaskClient, validator: Validator) -> None:
    log = json.loads(post(client, Accept="application/sarif+json").data)
    code = next(iter(catalogue()))
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"] == f"http://localhost/rules/{code}"


def test_the_report_is_a_page_with_what_to_do_and_the_way_on(client: FlaskClient, validator: Validator) -> None:
    code = next(iter(catalogue()))
    english = Page(submit(client, file=(CREDENTIAL, "a.json"), profile="loq"))
    assert "Change the title." in english.text
    assert f"/rules/{code}?lang=en" in english.links
    assert "/validate?profile=loq&lang=en" in english.links
    french = Page(submit(client, "?lang=en", file=(CREDENTIAL, "a.json"), lang="fr"))
    assert "Changez le titre." in french.text
    assert "Change the title." not in french.text
    assert french.elements[0] == ("html", {"lang": "fr"})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_form(client: FlaskClient, language: str) -> None:
    response = client.get(f"/validate?lang={language}", headers={"Accept": BROWSER})
    found = Page(response)
    assert found.elements[0] == ("html", {"lang": language})
    form = found.of(action=f"/validate?lang={language}")
    assert (form["method"], form["enctype"]) == ("post", "multipart/form-data")
    names = {given["name"] for tag, given in found.elements if tag in ("input", "select", "textarea")}
    assert names == {"file", "text", "profile", "stage", "lang", "format", "max-results"}
    for identifier in ("validate-what", "validate-kept", "validate-meaning"):
        assert messages()[identifier].what("fr" if language == "fr" else "en") in found.text
    assert [given["value"] for tag, given in found.elements if tag == "option"][: len(PROFILES) + 1] == ["", *PROFILES]
    assert any(link.startswith("/rules") for link in found.links)
    # the way there
    assert f"/validate?lang={language}" in Page(client.get(f"/?lang={language}", headers={"Accept": BROWSER})).links


def test_a_fault_is_told_beside_the_form(client: FlaskClient, validator: Validator) -> None:
    response = submit(client, "?lang=fr", file=(b"", ""), text="", profile="ams", stage="draft")
    assert response.status_code == 400
    assert response.headers["Cache-Control"] == "no-store"
    found = Page(response)
    assert messages()["validate-nothing"].fr in found.text
    assert "#v-file" in found.links
    assert found.of(role="alert").keys() >= {"tabindex", "autofocus"}
    assert found.of(id="v-file")["aria-invalid"] == "true"
    # what was chosen is still chosen
    assert {given["value"] for tag, given in found.elements if "selected" in given} == {"ams", "draft", "fr", "html"}
    too_large = submit(client, "?lang=fr", file=(b"x" * (LIMIT + 1), "a.json"))
    assert too_large.status_code == 413
    assert "2\N{NO-BREAK SPACE}Mo" in Page(too_large).text


@pytest.mark.parametrize(
    "failure", [Overloaded("validation-overloaded"), ValidationTimeout("validation-timeout", seconds="10")]
)
def test_when_the_processes_cannot(client: FlaskClient, validator: Validator, failure: Exception) -> None:
    validator.failure = failure
    response = post(client)
    problem(response, 503, str(failure.message_id))  # type: ignore[attr-defined]
    assert response.headers["Retry-After"]
    assert post(client, Accept=BROWSER).status_code == 503


_WRITTEN: list[str] = []
_WATCHING = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _WATCHING and event == "open" and isinstance(arguments[2], int) and arguments[2] & 0o3:
        _WRITTEN.append(str(arguments[0]))


@contextmanager
def watched() -> Iterator[list[str]]:
    """The files that this process opens for writing meanwhile, unlinked ones included."""
    global _WATCHING  # noqa: PLW0603  # an audit hook cannot be taken away again
    if not _HOOKS:
        sys.addaudithook(_watch)
        _HOOKS.append(_watch)
    _WRITTEN.clear()
    _WATCHING = True
    try:
        yield _WRITTEN
    finally:
        _WATCHING = False


_HOOKS: list[Any] = []


def marked_sample() -> bytes:
    """A credential of 1.3 MB that names a person in every paragraph."""
    return json.dumps({"type": "EuropeanDigitalCredential", "title": [f"{MARK} {n}" for n in range(46_000)]}).encode()


def files_with_mark(*folders: Path) -> list[str]:
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                if path.is_file() and not path.is_symlink() and MARK.encode() in path.read_bytes():
                    found.append(str(path))
            except OSError:
                continue
    return found


def test_the_watch_sees_what_it_looks_for(tmp_path: Path) -> None:
    with watched() as written:
        (tmp_path / "a").write_text("x")
        with tempfile.TemporaryFile() as spooled:
            spooled.write(b"x")
    assert set(written) == {str(tmp_path / "a"), tempfile.gettempdir()}
    (tmp_path / "b").write_bytes(MARK.encode())
    assert files_with_mark(tmp_path) == [str(tmp_path / "b")]


@pytest.mark.parametrize("way", ["raw", "form", "pasted"])
def test_nothing_of_a_credential_reaches_the_disk_or_a_log(
    client: FlaskClient,
    validator: Validator,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse, raising=False)
    sample = marked_sample()
    assert len(sample) > 1_300_000
    caplog.set_level("DEBUG")
    with watched() as written:
        if way == "raw":
            response = post(client, sample)
        elif way == "form":
            response = submit(client, file=(sample, f"{MARK}.json"))
        else:
            response = submit(client, text=sample.decode())
        validator.failure = RuntimeError(MARK)
        failed = submit(client, file=(sample, f"{MARK}.json"))
    assert response.status_code == 200
    assert failed.status_code == 500
    assert validator.asked["data"] == sample
    assert written == []
    assert MARK not in caplog.text
    assert MARK not in failed.text
