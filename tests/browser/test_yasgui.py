"""YASGUI, on the page of another site, as its user meets our endpoint."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from browser.conftest import Browser
from passerelle.namespaces import Minting
from running_server import Server

FICHE = Minting().fiche("RNCP990001")
TITLE = "Technicien de maintenance d'éoliennes (démonstration)"
PREFIXES = f"PREFIX dcterms: <http://purl.org/dc/terms/>\nPREFIX rncp: <{Minting().fiche('RNCP1')[:-1]}>\n"
QUERIES = {
    "rows": PREFIXES + "SELECT ?title ?code { rncp:990001 dcterms:title ?title ; dcterms:identifier ?code }",
    "triples": PREFIXES + "CONSTRUCT { rncp:990001 dcterms:title ?title } WHERE { rncp:990001 dcterms:title ?title }",
    "malformed": "SELECT * {",
    "refused": "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }",
}


def test_yasgui_shows_rows_triples_and_errors(browser: Browser, other_site: str, server: Server) -> None:
    found = browser("yasgui.mjs", f"{other_site}yasgui.html", server.endpoint, json.dumps(QUERIES))
    shown = found["shown"]
    assert shown["rows"]["status"] == 200
    assert [each.strip() for each in shown["rows"]["header"]][-2:] == ["title", "code"]
    assert any(TITLE in cell for cell in shown["rows"]["cells"])
    assert any("RNCP990001" in cell for cell in shown["rows"]["cells"])
    assert shown["triples"]["status"] == 200
    assert TITLE in shown["triples"]["text"]
    # the status, and what our answer says of the fault
    assert shown["malformed"]["status"] == 400
    assert "line 1, column 11" in shown["malformed"]["text"]
    assert shown["refused"]["status"] == 403
    assert "SERVICE" in shown["refused"]["text"]
    # its own way of asking, from another origin
    assert [each["method"] for each in found["requests"]] == ["POST"] * len(QUERIES)
    assert {each["contentType"].partition(";")[0] for each in found["requests"]} == {
        "application/x-www-form-urlencoded"
    }
    assert {urlsplit(each["origin"]).port for each in found["requests"]} == {urlsplit(other_site).port}
