"""The validator over HTTP: what it takes, what it answers, that nothing is kept, and the pages around it."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from passerelle.errors import Overloaded, ValidationTimeout
from passerelle.messages import catalogue as messages
from passerelle.records.finding import Severity
from passerelle.settings import Settings
from passerelle.validation.credentials.model import (
    MAX_RESULTS,
    CredentialFinding,
    CredentialReport,
    Layer,
    LayerOutcome,
    Spot,
    Stage,
    Verdict,
)
from passerelle.validation.credentials.profiles.names import PROFILES
from passerelle.validation.credentials.rules import catalogue
from passerelle.web.application import create_application
from passerelle.web.credentials.uploads import MEDIA_TYPES
from small_release import small_release

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HOSTILE = "<script>alert(1)</script>"
LIMIT = 2 * 1024 * 1024
CREDENTIAL = json.dumps({"type": "EuropeanDigitalCredential", "title": HOSTILE}).encode()
MARK = "Marquée-Zoé-7f3a91"


class Validator:
    """Stands in for the processes: remembers what it was asked, and answers with what was submitted."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.failure: Exception | None = None
        self.title = HOSTILE

    def validate(self, data: bytes, name: str, media_type: str, **options: Any) -> CredentialReport:
        self.asked = {"data": data, "name": name, "media_type": media_type, **options}
        if self.failure is not None:
            raise self.failure
        finding = CredentialFinding(
            code=next(iter(catalogue())),
            layer=Layer.FIELDS,
            severity=Severity.VIOLATION,
            message_en=f"The title is {self.title}.",
            message_fr=f"Le titre est {self.title}.",
            remedy_en="Change the title.",
            remedy_fr="Changez le titre.",
            source_en="a source",
            source_fr="une source",
            link="https://example.org/rule",
            path="http://purl.org/dc/terms/title",
            path_en="title",
            path_fr="titre",
            value=self.title,
            spots=(Spot("/title", 1, 2),),
        )
        layers = (LayerOutcome(Layer.FIELDS, True, 1),)
        return CredentialReport(
            name, Verdict.INVALID, options["stage"], size=len(data), findings=(finding,), layers=layers
        )


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    small_release(folder)
    return folder


@pytest.fixture(scope="module")
def application(releases: Path) -> Iterator[Flask]:
    created = create_application(Settings(releases=releases, workers=1, validation_workers=1, validation_bytes=LIMIT))
    yield created
    created.extensions["credentials"].close()
    created.extensions["publication"].close()


@pytest.fixture
def validator(application: Flask, monkeypatch: pytest.MonkeyPatch) -> Validator:
    stand_in = Validator()
    monkeypatch.setattr(application.extensions["credentials"], "validate", stand_in.validate)
    return stand_in


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    return application.test_client()


class Page(HTMLParser):
    """A page of ours: fails at once on what the policy of contents forbids."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        assert response.content_type == "text/html; charset=utf-8"
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(response.text)
        assert self.count("h1") == self.count("main") == 1
        assert not self.count("script")
        assert not self.count("style")
        identifiers = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(identifiers) == len(set(identifiers))
        fields = [
            attributes
            for tag, attributes in self.elements
            if tag in ("input", "select", "textarea") and attributes.get("type") != "hidden"
        ]
        assert {each["id"] for each in fields} == {a["for"] for tag, a in self.elements if tag == "label"}
        for attributes in (attributes for _, attributes in self.elements):
            for reference in ("aria-describedby", "aria-labelledby"):
                assert set(attributes.get(reference, "").split()) <= set(identifiers)
        inside = {link[1:] for link in self.links if link.startswith("#")}
        assert inside <= set(identifiers)
        assert not [link for link in self.links if re.match(r"(?i)\s*(javascript|data|vbscript):", link)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert "style" not in given
        assert not [name for name in given if name.startswith("on")]
        self.elements.append((tag, given))

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)

    def of(self, **wanted: str) -> dict[str, str]:
        return next(given for _, given in self.elements if wanted.items() <= given.items())

    @property
    def links(self) -> list[str]:
        return [given["href"] for tag, given in self.elements if tag == "a"]


def post(
    client: FlaskClient, data: bytes = CREDENTIAL, media_type: str = "application/json", query: str = "", **more: str
) -> TestResponse:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    return client.post(f"/validate{query}", data=data, content_type=media_type, headers=headers)


def multipart(fields: dict[str, Any]) -> bytes:
    """A form as a browser sends it; the test client would write large ones into temporary files."""
    parts = []
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            head, data = f'Content-Disposition: form-data; name="{name}"', each
            if isinstance(each, tuple):
                data, file_name, *media_type = each
                head += f'; filename="{file_name.replace(chr(92), chr(92) * 2)}"'
                head += f"\r\nContent-Type: {''.join(media_type) or 'application/octet-stream'}"
            content = data.encode() if isinstance(data, str) else data
            parts.append(b"--b0undary\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + b"--b0undary--\r\n"


def submit(client: FlaskClient, query: str = "", accept: str = BROWSER, **fields: Any) -> TestResponse:
    body = multipart(fields)
    return post(client, body, "multipart/form-data; boundary=b0undary", query, Accept=accept)


def problem(response: TestResponse, status: int, kind: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json is not None
    assert response.json["type"].endswith(f"/{kind}")
    found: dict[str, Any] = response.json
    return found


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


# ---------------------------------------------------------------- nothing is kept


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
