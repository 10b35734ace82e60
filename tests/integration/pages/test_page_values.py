"""Values, contrast, other formats, problems and the navigation, as a reader expects them."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from integration.pages.page_reader import (
    QUERIES,
    STYLE,
    page,
)
from passerelle.messages import Language, catalogue
from passerelle.namespaces import expand
from passerelle.queries import read_query
from passerelle.web.application import is_web_address
from passerelle.web.responses.wording import number, typed
from small_release import BASE, IDENTIFIER


@pytest.mark.parametrize(
    ("text", "datatype", "language", "expected"),
    [
        ("1234", "xsd:integer", "fr", "1234"),
        ("1234567", "xsd:integer", "en", "1,234,567"),
        ("-12345.5", "xsd:decimal", "fr", "-12\N{NARROW NO-BREAK SPACE}345,5"),
        ("0.333333333333", "xsd:decimal", "en", "0.333"),
        ("0", "xsd:decimal", "en", "0"),
        ("1e3", "xsd:double", "fr", "1000"),
        ("NaN", "xsd:double", "en", "NaN"),
        ("1e400", "xsd:double", "en", "1e400"),
        ("many", "xsd:integer", "en", "many"),
        ("2026-08-01", "xsd:date", "fr", "1er\N{NO-BREAK SPACE}août\N{NO-BREAK SPACE}2026"),
        ("2026-13-01", "xsd:date", "fr", "2026-13-01"),
        ("PT1H40M", "xsd:duration", "en", "1 h 40 min"),
        ("P2D", "xsd:duration", "fr", "2 j"),
        ("P1Y", "xsd:duration", "fr", "P1Y"),
        ("P", "xsd:duration", "fr", "P"),
        ("false", "xsd:boolean", "fr", "non"),
    ],
)
def test_values_as_a_reader_expects_them(text: str, datatype: str, language: Language, expected: str) -> None:
    assert typed(text, expand(datatype), language) == expected


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_of_texts(scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]+);", blocks[scheme]))
    pairs = [(text, ground) for text in ("ink", "quiet", "link") for ground in ("paper", "soft")]
    pairs += [("ink", "warn"), ("ink", "fault"), ("link", "fault"), ("link", "warn"), ("alarm", "soft")]
    for text, ground in pairs:
        light, dark = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_answer_in_other_formats(client: FlaskClient) -> None:
    answer = client.get("/queries/titles?fiche=RNCP1&language=fr&format=csv")
    assert answer.text == f"title,unit\r\nPoser des panneaux,{BASE}/id/rncp/1\r\n"
    assert answer.headers["Passerelle-Demonstration"] == "true"
    by_header = client.get("/queries/titles?fiche=RNCP1", headers={"Accept": "application/json"})
    assert by_header.json is not None
    assert len(by_header.json["results"]["bindings"]) == 2
    turtle = client.get("/queries/description?fiche=RNCP1", headers={"Accept": "text/turtle"})
    assert "Poser des panneaux" in turtle.text
    assert "Poser des panneaux" in page(client, "/queries/description?fiche=RNCP1&format=html").text
    assert client.head("/queries/titles?fiche=RNCP1&format=csv").data == b""


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/queries/nothing", 404, "query-unknown"),
        ("/queries/titles?format=json", 400, "query-parameter-missing"),
        ("/queries/titles?format=json&fiche=x", 400, "query-parameter-fiche"),
        ("/queries/titles?format=json&fiche=RNCP1&other=1", 400, "query-parameter-unknown"),
        ("/queries/titles?format=pdf&fiche=RNCP1", 406, "sparql-format"),
    ],
)
def test_problems(client: FlaskClient, address: str, status: int, kind: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response.json is not None
    assert response.json["type"].endswith("/" + kind)


@pytest.mark.parametrize("name", sorted(path.stem for path in QUERIES.glob("*.rq")))
def test_every_question_of_ours_is_a_page_and_a_table(application: Flask, name: str) -> None:
    query = read_query(QUERIES / f"{name}.rq")
    parameters = query.parameters
    # names that a page needs for itself
    assert not {parameter.name for parameter in parameters} & {"lang", "format"}
    client = application.test_client()
    address = f"/queries/{name}?" + urlencode({parameter.name: parameter.example for parameter in parameters})
    for language in ("en", "fr"):
        found = page(client, f"{address}&lang={language}")
        assert found.elements.count("table") <= 1
        meaning = query.none(language) or ("No row answers" if language == "en" else "Aucune ligne")
        assert ("table" in found.elements) is not (meaning in unescape(found.text))
    answer = client.get(f"{address}&format=json").json
    assert answer
    # a heading in both languages for each of its columns
    variables = [variable.removesuffix("_en").removesuffix("_fr") for variable in answer["head"]["vars"]]
    untitled = [v for v in variables if not {f"column-{v}", f"column-{name}-{v}"} & set(catalogue())]
    assert untitled == []


def test_list_of_questions_as_json(client: FlaskClient) -> None:
    listed = client.get("/queries", headers={"Accept-Language": "fr"}).json
    assert listed is not None
    first = next(entry for entry in listed if entry["name"] == "titles")
    assert first["title"] == "Intitulés d'une unité"
    assert first["address"] == "http://localhost/queries/titles"
    assert first["parameters"][0] == {
        "name": "fiche",
        "type": "fiche",
        "required": True,
        "default": "",
        "label": "Numéro de fiche",
        "example": "RNCP37674",
    }


def test_health(client: FlaskClient) -> None:
    client.get("/")
    response = client.get("/healthz")
    assert response.json is not None
    assert response.json["status"] == "ok"
    assert response.json["release"] == IDENTIFIER
    assert response.json["queries"]["running"] == 0
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(text: object, expected: bool) -> None:
    assert is_web_address(text) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/?lang=en", [("page", "Passerelle")]),
        ("/queries?lang=fr", [("page", "Questions")]),
        ("/queries/titles?lang=en", [("true", "Questions")]),
        ("/sparql?lang=en", [("page", "SPARQL")]),
        ("/sparql?lang=en&format=html&query=ASK%7B%7D", [("page", "SPARQL")]),
        ("/validate?lang=fr", [("page", "Vérifier un justificatif")]),
        ("/releases?lang=en", []),
        ("/nothing?lang=en", []),
    ],
)
def test_the_navigation_marks_where_one_is(client: FlaskClient, address: str, expected: list[tuple[str, str]]) -> None:
    text = client.get(address, headers={"Accept": "text/html"}).text
    assert re.findall(r'<a href="[^"]*" aria-current="(\w+)">([^<]*)</a>', text) == expected
    assert text.count("aria-current") == len(expected)


def test_a_posted_credential_keeps_its_section_marked(client: FlaskClient) -> None:
    text = client.post("/validate", data={"text": " ", "lang": "en"}, headers={"Accept": "text/html"}).text
    assert re.findall('aria-current="true">([^<]*)</a>', text) == ["Check a credential"]


@pytest.mark.parametrize(("language", "expected"), [("en", "5,540"), ("fr", "5\N{NARROW NO-BREAK SPACE}540")])
def test_counts_are_grouped_and_years_are_not(language: Language, expected: str) -> None:
    assert number("5540", language, ungrouped=999) == expected
    assert number("2026", language) == "2026"


def test_a_problem_says_first_what_is_wrong_a_member_a_line(client: FlaskClient) -> None:
    text = client.get("/queries/nothing", headers={"Accept": "application/json"}).text
    assert re.findall('^  "([a-z]+)": ', text, re.MULTILINE) == [
        "detail",
        "remedy",
        "title",
        "status",
        "type",
        "instance",
    ]
    assert text.endswith("}\n")


@pytest.mark.parametrize(("language", "link"), [("en", "To the answer"), ("fr", "Aller à la réponse")])
def test_the_answer_to_a_query_is_a_step_away(client: FlaskClient, language: str, link: str) -> None:
    asked = urlencode({"query": "SELECT (1 AS ?n) {}", "format": "html", "lang": language})
    text = client.get(f"/sparql?{asked}").text
    assert re.search(f'<a href="#answer">{link}', text)
    assert 'id="answer"' in text
    # sent from the form, the answer is what the browser goes to
    assert f'action="/sparql?lang={language}#answer"' in text
    assert '#answer">' + link not in client.get(f"/sparql?format=html&lang={language}").text
