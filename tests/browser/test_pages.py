"""The pages in Chromium: in both languages, without a complaint, asking nothing of anybody else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from browser.conftest import Browser
from passerelle.namespaces import Minting
from running_server import Server

FICHE = Minting().fiche("RNCP990001")
TITLE = "Technicien de maintenance d'éoliennes (démonstration)"
TITLES = f"SELECT ?title {{ <{FICHE}> <http://purl.org/dc/terms/title> ?title }}"
PATHS = [
    "",
    "sparql",
    "sparql?" + urlencode({"query": TITLES, "format": "html"}),
    "queries",
    "queries/units-sharing-skills?unit=RNCP990002BC01",
    "id/rncp/990001",
    "things?" + urlencode({"iri": FICHE}),
    "catalogue",
    "ontology",
    "definitions",
    "vocabulary/link-state",
    "releases",
    "rules",
    "validate",
    "compare",
    "compare?" + urlencode({"first": "RNCP990005BC02", "second": "RNCP990006BC02", "purpose": "bloc-exemption"}),
    "nearest",
    "nearest?" + urlencode({"unit": "RNCP990002BC01", "purpose": "bloc-exemption", "country": "IT"}),
    "path?" + urlencode({"unit": "RNCP990002", "have": "RNCP990002BC01", "purpose": "prior-learning-file"}),
    "combination?unit=RNCP990005BC01&unit=RS990001",
    "neighbours?unit=RNCP990005BC01",
]
QUERY_PAGES = [("sparql", "line 1, column 11"), ("sparql?lang=fr", "ligne 1, colonne 11")]


@pytest.fixture(scope="module")
def visit(browser: Browser, server: Server) -> dict[str, Any]:
    return browser("pages.mjs", server.address, *PATHS)


def test_pages_are_whole_in_both_languages_and_ask_nothing_of_others(visit: dict[str, Any]) -> None:
    assert visit["elsewhere"] == []
    assert visit["errors"] == []
    pages = visit["pages"]
    assert [(page["path"], page["status"], page["language"]) for page in pages] == [
        (path, 200, language) for language in ("en", "fr") for path in PATHS
    ]
    assert [(page["path"], page["headings"]) for page in pages if len(page["headings"]) != 1] == []
    assert [page["unlabelled"] for page in pages if page["unlabelled"]] == []


def sideways(visit: dict[str, Any], width: str) -> dict[tuple[str, str], int]:
    """By language and path, how many pixels of a page only scrolling sideways shows."""
    return {(page["asked"], page["path"]): page[width] for page in visit["pages"] if page[width] > 0}


def test_no_page_is_wider_than_the_window(visit: dict[str, Any]) -> None:
    assert sideways(visit, "overflow") == {}


def test_no_page_is_wider_than_a_telephone(visit: dict[str, Any]) -> None:
    assert sideways(visit, "narrowOverflow") == {}


@pytest.mark.parametrize(("path", "place"), QUERY_PAGES, ids=["English", "French"])
def test_the_query_page_works_by_keyboard_and_without_script(
    browser: Browser, server: Server, path: str, place: str
) -> None:
    found = browser("query_page.mjs", server.address + path, TITLES, "SELECT * {")
    rows, malformed = found["shown"]
    assert (rows["status"], rows["alerts"], rows["query"]) == (200, [], TITLES)
    assert any(TITLE in cell for cell in rows["cells"])
    assert (malformed["status"], malformed["query"]) == (400, "SELECT * {")
    assert place in malformed["alerts"][0]
    assert found["elsewhere"] == []
