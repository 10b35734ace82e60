"""Pages as a whole: what is served, languages and links."""

from __future__ import annotations

from flask.testing import FlaskClient

from integration.pages.page_reader import (
    page,
)
from small_release import BASE, IDENTIFIER


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
        "22\N{NO-BREAK SPACE}Nov\N{NO-BREAK SPACE}2026 at 12:00 UTC",
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
