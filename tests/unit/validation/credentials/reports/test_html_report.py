"""The HTML report: everything escaped, nothing loaded, each id once, read in order by a screen reader."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from passerelle.messages import LANGUAGES, Language
from passerelle.validation.credentials.model import CredentialReport
from passerelle.validation.credentials.reports import html_report

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Collects elements, and fails where they are not nested as they should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] or "" for _, attributes in self.elements if attribute in attributes]

    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_stands_alone_and_is_accessible(
    language: Language, invalid: CredentialReport, valid: CredentialReport, unreadable: CredentialReport
) -> None:
    for reports in ([invalid], [valid], [unreadable], [invalid, valid, unreadable], []):
        text = html_report.write(reports, language)
        text.encode("utf-8")
        page = Page(text)
        assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.tags())
        assert "url(" not in text
        assert "@import" not in text
        assert page.elements[0] == ("html", {"lang": language})
        assert max(Counter(page.values("id")).values(), default=1) == 1
        assert set(page.values("aria-labelledby")) <= set(page.values("id"))
        levels = [int(tag[1]) for tag in page.tags() if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert page.tags().count("table") == page.tags().count("caption")
        assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")
        assert not [each for each in page.values("href") if not each.startswith("https://example.org/")]


def test_what_was_submitted_is_escaped(invalid: CredentialReport) -> None:
    text = html_report.fragment(invalid, "en")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_stranger_sees_what_to_change(invalid: CredentialReport) -> None:
    text = html_report.fragment(invalid, "en", "/rules/")
    page = Page(text)
    said = " ".join("".join(page.text).split())
    order = [
        "Not valid: 1 error to correct.",
        "raises no objection. The official rules do not see what is wrong here",
        "What to change",
        "titel is not a term here",
        "(40 times)",
        "Rename it.",
        "line 12, column 15, /credentialSubject/hasClaim/titel",
        "and 38 more",
        "credential › achievement",
        "What follows from it (1)",
        "The title is missing.",
        "For information",
        "Does not count: set aside",
        "Seal",
        "University",
        "European micro-credential",
        "does not apply",
        "What was checked",
        "About this check",
        "narrowest profile that fits",
    ]
    places = [said.find(each) for each in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert "/rules/ELM-READING-UNKNOWN-KEY" in page.values("href")
    assert "<code>titel</code>" in text


def test_without_a_base_codes_are_no_links(invalid: CredentialReport) -> None:
    assert Page(html_report.fragment(invalid, "en")).values("href") == ["https://example.org/rules#1"]


def test_of_what_cannot_be_read_nothing_is_said_about_a_seal(
    unreadable: CredentialReport, valid: CredentialReport
) -> None:
    assert 'id="seal"' not in html_report.fragment(unreadable, "en")
    assert "The file carries no seal." in html_report.fragment(replace(valid, triples=1, seals=()), "en")


def test_a_link_that_is_no_web_address_is_not_one(valid: CredentialReport, invalid: CredentialReport) -> None:
    text = html_report.fragment(invalid, "en").replace("https://example.org/rules#1", "")
    assert "javascript:" not in text
    assert "What to change" not in html_report.fragment(valid, "en")
