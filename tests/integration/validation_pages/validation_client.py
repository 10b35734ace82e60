"""A validator that only notes what it was given, and the forms and bodies that are sent to it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from passerelle.records.finding import Severity
from passerelle.validation.credentials.model import (
    CredentialFinding,
    CredentialReport,
    Layer,
    LayerOutcome,
    Spot,
    Verdict,
)
from passerelle.validation.credentials.rules import catalogue

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
