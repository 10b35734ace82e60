"""`fetch` in a browser, from another site: whole answers are read, and a cut one is an error."""

from __future__ import annotations

from urllib.parse import urlencode

from browser.conftest import Browser
from passerelle.namespaces import Minting
from running_server import Server

LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z }"
TITLES = f"SELECT ?title {{ <{Minting().fiche('RNCP990001')}> <http://purl.org/dc/terms/title> ?title }}"


def test_a_cut_answer_is_never_taken_for_a_whole_one(browser: Browser, other_site: str, cutting: Server) -> None:
    addresses = [
        f"{cutting.endpoint}?" + urlencode({"query": query, "format": form})
        for query, form in ((LONG, "csv"), (LONG, "json"), (TITLES, "csv"))
    ]
    found = browser("cut_answers.mjs", f"{other_site}package.json", *addresses)
    *cut, whole = found["answers"]
    assert cut == [{"status": 200, "outcome": "TypeError"}] * 2
    assert whole["outcome"] == "whole"
    assert whole["text"].startswith("title\r\n")
    # a browser asks for them compressed
    assert {"gzip", "zstd"} & set(found["codings"])
